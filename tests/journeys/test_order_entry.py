"""An order that was typed and not saved is offered again by the browser that kept it."""

import pytest

from credit.models import Customer
from orders.models import Order, Product
from staff.models import User

KEPT = "Object.keys(localStorage).filter(name => name.startsWith('entry:')).length"
OFFER = ".entry-kept"


@pytest.fixture
def sales(demo, sit_down):
    return sit_down(demo, User.objects.get(username="sales"))


def buyer():
    active = Customer.objects.filter(owner__username="sales", status="active")
    return active.filter(account__currency="CNY").order_by("pk").first()


def enter(sales):
    """Type an order of two lines and a note, then close the window."""
    page = sales.page
    sales.go("orders:new", query=f"?customer={buyer().pk}")
    skus = Product.objects.sellable_in("CNY").order_by("sku").values_list("sku", flat=True)[:5]
    page.fill("[name=lines-0-product]", skus[0])
    page.fill("[name=lines-0-quantity]", "2")
    for _ in range(3):
        page.locator("#add-line").click()
        page.keyboard.press("Alt+n")
    page.fill("[name=note]", "上午送达")
    sales.go("home")
    return skus[0]


def test_unsaved_order_is_offered_put_back_and_forgotten_once_saved(sales):
    page, sku = sales.page, enter(sales)
    sales.go("orders:new")
    page.locator(OFFER, has_text=buyer().name).get_by_role("link").click()
    page.wait_for_url("**customer=*")
    assert page.input_value("[name=lines-0-product]") == sku
    assert page.input_value("[name=note]") == "上午送达"
    page.locator("#quote-body .sums-end, #quote-body .verdict-passes").first.wait_for()
    page.keyboard.press("Control+s")
    page.wait_for_url("**/orders/*/")
    assert Order.objects.latest("pk").note == "上午送达"
    assert page.evaluate(KEPT) == 0


def test_unsaved_order_stays_away_where_it_is_thrown_away(sales):
    enter(sales)
    sales.go("orders:new", query=f"?customer={buyer().pk}")
    assert sales.page.input_value("[name=note]") == ""
    assert sales.axe() == []
    sales.page.locator("[data-entry-drop]").click()
    assert sales.page.locator(OFFER).count() == 0
    assert sales.page.evaluate(KEPT) == 0


def test_order_refused_by_the_server_stays_kept(sales):
    page = sales.page
    sales.go("orders:new", query=f"?customer={buyer().pk}")
    page.fill("[name=lines-0-product]", "NOPE-1")
    page.keyboard.press("Control+s")
    page.locator(".error-summary").wait_for()
    assert page.evaluate(KEPT) == 1


def test_unsaved_order_is_forgotten_with_the_sign_out(sales):
    enter(sales)
    sales.page.locator(".user-button").click()
    sales.page.locator("[data-forget-drafts] button").click()
    sales.page.wait_for_url("**/sign-in/**")
    assert sales.page.evaluate(KEPT) == 0
