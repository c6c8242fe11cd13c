"""Columns of lists that somebody does not want to see."""

import pytest

from staff.models import User


@pytest.fixture
def orders(demo, sit_down):
    desk = sit_down(demo, User.objects.get(username="finance"))
    desk.go("orders:list")
    return desk.page


def titles(page):
    return [cell.inner_text().strip() for cell in page.locator("thead th:visible").all()]


def test_column_that_is_taken_out_stays_out_and_comes_back(orders):
    before = titles(orders)
    orders.click("[data-column-menu] summary")
    for title in ("Salesperson", "Paid"):
        orders.click(f"[data-column-menu] label:has-text('{title}')")
    orders.reload()
    assert titles(orders) == [title for title in before if title not in ("Salesperson", "Paid")]
    assert orders.locator("tbody tr").first.locator("td:visible").count() == len(before) - 2
    orders.click("[data-column-menu] summary")
    assert orders.inner_text("[data-column-count]") == "5/7"
    orders.check("[data-column-menu] label:has-text('Salesperson') input")
    assert "Salesperson" in titles(orders)


def test_columns_of_one_list_say_nothing_of_another(orders):
    orders.click("[data-column-menu] summary")
    orders.click("[data-column-menu] label:has-text('Customer')")
    orders.goto(orders.url.replace("/orders/", "/receivables/"))
    assert "Customer" in titles(orders)


def test_press_on_words_in_a_menu_leaves_it_open(orders):
    orders.click(".filter-more summary")
    orders.locator(".filter-more .field label").first.click()
    assert orders.locator(".filter-more").get_attribute("open") is not None
    orders.click("h1")
    assert orders.locator(".filter-more").get_attribute("open") is None
