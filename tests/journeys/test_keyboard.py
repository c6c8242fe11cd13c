"""Work without a mouse, with a hasty one, and with the browser's own buttons."""

from datetime import timedelta

import pytest
from django.utils import timezone

from credit.models import CreditAccount
from orders.enums import OrderState
from orders.models import Order, Product
from staff.models import User


@pytest.fixture
def sales(demo, sit_down):
    return sit_down(demo, User.objects.get(username="sales"))


def newest():
    return Order.objects.latest("pk")


def focused(page):
    return page.evaluate("document.activeElement.getAttribute('name') || document.activeElement.id")


def sku():
    """A product that is sold in every currency."""
    return Product.objects.filter(active=True, prices__currency="CNY").first().sku


def form_of(sales):
    """The order form for a customer with plenty of room, its first line filled in."""
    account = CreditAccount.objects.filter(
        customer__owner__username="sales", customer__status="active", currency="CNY"
    ).first()
    sales.go("orders:new", query=f"?customer={account.customer_id}")
    sales.page.fill("[name=lines-0-product]", sku())
    sales.page.fill("[name=lines-0-quantity]", "1")
    return account


def test_slash_searches_and_question_mark_helps(sales):
    page = sales.go("orders:list") and sales.page
    page.keyboard.press("/")
    assert focused(page) == "q"
    page.keyboard.type("/?")  # typed letters are no shortcuts
    assert page.input_value("[data-search]") == "/?"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#shortcuts[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#shortcuts:not([open])").wait_for(state="attached")


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("sales", "orders:list"),
        ("credit_analyst", "approvals:list"),
        ("warehouse", "exceptions:tickets"),
        ("sales", "credit:customers"),
    ],
)
def test_rows_are_walked_and_opened_by_letters(role, name, demo, sit_down):
    desk = sit_down(demo, User.objects.get(username=role))
    page = desk.go(name, query="?view=all") and desk.page
    links = page.locator("[data-row]").evaluate_all(
        "rows => rows.map(row => (row.querySelector('a[data-row-link]') || "
        "row.querySelector('a[href]')).getAttribute('href'))"
    )
    page.bring_to_front()
    for letter, at in zip("jjjk", (0, 1, 2, 1), strict=True):
        page.keyboard.press(letter)
        page.locator("[data-row]").nth(at).and_(page.locator(".is-current")).wait_for()
    page.keyboard.press("o")
    page.wait_for_url(f"**{links[1]}")
    assert page.url.endswith(links[1])


def test_order_is_entered_without_a_mouse(sales):
    page, press = sales.page, sales.page.keyboard.press
    before = Order.objects.count()
    sales.go("orders:new")
    assert focused(page) == "q"
    with page.expect_response("**/orders/new/?q=*"):
        page.keyboard.type("上海")
    page.locator("#customer-choices.htmx-settling").wait_for(state="detached")
    press("Tab")
    press("Tab")
    press("Enter")
    page.wait_for_url("**customer=*")
    while focused(page) != "lines-0-product":
        press("Tab")
    page.keyboard.type(sku()[:5], delay=20)
    page.locator("#product-options [role=option]").first.wait_for()
    press("ArrowDown")
    press("Enter")
    assert focused(page) == "lines-0-quantity"
    page.keyboard.type("2")
    press("Enter")
    assert focused(page) == "lines-1-product"
    while focused(page) != "do" or not page.evaluate("document.activeElement.value === 'submit'"):
        press("Tab")
    press("Enter")
    page.wait_for_url("**/orders/*/")
    assert Order.objects.count() == before + 1
    assert newest().state in (OrderState.APPROVED, OrderState.CREDIT_FAILED)


def test_double_click_submits_once(sales):
    form_of(sales)
    before = Order.objects.count()
    sales.page.dblclick("button[name=do][value=submit]")
    sales.page.wait_for_url("**/orders/*/")
    assert Order.objects.count() == before + 1
    assert newest().decisions.count() == 1


def test_same_form_sent_twice_makes_one_order(sales):
    form_of(sales)
    before = Order.objects.count()
    fields = sales.page.evaluate(
        "Object.fromEntries(new FormData(document.getElementById('order-form')))"
    )
    answers = [sales.post("orders:new", **fields, do="submit") for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {f"/orders/{newest().pk}/"}
    assert Order.objects.count() == before + 1
    assert newest().decisions.count() == 1


def test_back_button_returns_to_the_list_as_it_was(sales):
    page = sales.page
    sales.go("orders:list", query="?view=all&state=completed")
    numbers = page.locator("[data-row] a.number").all_inner_texts()
    page.click("[data-row] a.number >> nth=2")
    page.wait_for_url("**/orders/*/")
    page.go_back()
    assert page.url.endswith("?view=all&state=completed")
    assert page.locator("[data-row] a.number").all_inner_texts() == numbers


def test_back_button_after_a_live_part_shows_a_whole_page(sales):
    page = sales.page
    form_of(sales)
    page.locator("#quote-body .verdict").wait_for()  # swapped in by htmx
    page.click("#sidebar a[href='/orders/']")
    page.wait_for_url("**/orders/")
    page.go_back()
    page.wait_for_url("**customer=*")
    assert page.locator("#sidebar").count() == 1
    assert page.input_value("[name=lines-0-quantity]") == "1"


def test_what_was_typed_outlives_the_sign_in(sales):
    page = sales.page
    form_of(sales)
    page.fill("[name=note]", "请于上午送达")
    sales.context.clear_cookies(name="sessionid")
    page.click("button[name=do][value=draft]")
    page.fill("[name=username]", "sales")
    page.fill("[name=password]", "demo-sales")
    page.press("[name=password]", "Enter")
    page.click("main form[action='/orders/new/'] button[type=submit]")
    page.wait_for_url("**/orders/*/")
    assert newest().note == "请于上午送达"


def test_future_shipment_is_refused_beside_its_field(demo, sit_down):
    desk = sit_down(demo, User.objects.get(username="warehouse"))
    order = Order.objects.filter(state=OrderState.APPROVED, holds=None).latest("pk")
    desk.go("orders:ship", order.pk)
    tomorrow = timezone.localtime() + timedelta(days=1)
    desk.page.fill("[name=happened_at]", f"{tomorrow:%Y-%m-%dT%H:%M:%S}")
    desk.page.fill("[name=carrier]", "顺丰速运")
    desk.page.click("main form button[type=submit]")
    desk.page.locator("#id_happened_at_error").wait_for()
    assert desk.page.input_value("[name=carrier]") == "顺丰速运"
    assert Order.objects.get(pk=order.pk).state == OrderState.APPROVED
