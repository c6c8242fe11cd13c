"""An order entered, corrected and amended by hands that never leave the keys."""

import pytest
from django.urls import reverse

from credit.models import Customer
from orders.enums import OrderState
from orders.models import Order, Product
from staff.models import User
from tests.factories import credit

PASTE = """([field, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = { clipboardData: data, bubbles: true, cancelable: true };
    document.querySelector(`[name=${field}]`).dispatchEvent(new ClipboardEvent("paste", event));
}"""


@pytest.fixture
def sales(demo, sit_down):
    return sit_down(demo, User.objects.get(username="sales"))


def skus(number):
    found = Product.objects.filter(active=True, prices__currency="CNY").order_by("sku")
    return list(found.values_list("sku", flat=True)[:number])


def buyer():
    """A customer with room for anything small."""
    active = Customer.objects.filter(owner__username="sales", status="active")
    return active.filter(account__currency="CNY").order_by("pk").first()


def open_form(sales):
    sales.go("orders:new", query=f"?customer={buyer().pk}")


def focus(page, name):
    page.locator(f"[name={name}]").focus()


def typed(page):
    cells = page.locator("[data-cell=product]").evaluate_all("all => all.map(one => one.value)")
    return [cell for cell in cells if cell]


def quoted(page):
    """Press and wait until the figures are those of what is typed now."""
    return page.expect_response(f"**{reverse('orders:quote')}")


def test_many_rows_are_pasted_moved_corrected_and_submitted_by_keys(sales):
    page, press = sales.page, sales.page.keyboard.press
    open_form(sales)
    one, two = skus(2)
    focus(page, "lines-0-product")
    with quoted(page):
        page.evaluate(PASTE, ["lines-0-product", f"SKU\t数量\n{one}\t1\nNOPE-1\t2\n{two}\t3\n"])
    page.locator("#line-1-facts .line-problem").wait_for()
    assert typed(page) == [one, "NOPE-1", two]
    focus(page, "lines-1-product")
    press("Alt+ArrowDown")
    assert typed(page) == [one, two, "NOPE-1"]
    press("Alt+Delete")
    assert typed(page) == [one, two]
    press("Alt+n")
    assert page.evaluate("document.activeElement.dataset.cell") == "product"
    press("Control+Enter")
    page.wait_for_url("**/orders/*/")
    order = Order.objects.latest("pk")
    assert [line.product.sku for line in order.lines.all()] == [one, two]
    assert order.state != OrderState.DRAFT


def test_draft_is_saved_by_a_key_with_an_address_of_the_book(sales):
    page = sales.page
    credit.address(buyer(), "星湖街 328 号", name="苏州仓")
    open_form(sales)
    page.select_option("#address", label="星湖街 328 号 · 苏州仓")
    assert page.input_value("[name=ship_to_name]") == "苏州仓"
    page.fill("[name=lines-0-product]", skus(1)[0])
    page.fill("[name=lines-0-quantity]", "2")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/orders/*/")
    order = Order.objects.latest("pk")
    assert (order.state, order.ship_to_address) == (OrderState.DRAFT, "星湖街 328 号")


def test_amendment_shows_before_and_after_and_its_effect(sales):
    page = sales.page
    seen = Order.objects.for_user(User.objects.get(username="sales"))
    order = seen.filter(state=OrderState.APPROVED, holds=None).latest("pk")
    sales.go("orders:amend", order.pk)
    with quoted(page):
        page.fill("[name=note]", "请于上午送达")
    page.locator("#compared .now", has_text="请于上午送达").wait_for()
    assert page.locator("#quote-body .verdict-passes").count() == 1
    with quoted(page):
        page.fill("[name=ship_to_address]", "另一个地址 1 号")
    page.locator("#compared .now", has_text="另一个地址").wait_for()
    page.fill("[name=reason]", "客户要求")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/orders/{order.pk}/")
    assert Order.objects.get(pk=order.pk).version == order.version + 1


def test_form_fits_a_phone_in_chinese(demo, sit_down):
    user, phone = User.objects.get(username="sales"), {"width": 390, "height": 844}
    sales = sit_down(demo, user, locale="zh-CN", viewport=phone)
    open_form(sales)
    assert sales.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "从电子表格粘贴" in sales.text()
    assert sales.axe() == []
