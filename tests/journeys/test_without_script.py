"""The way of an order in a browser that runs no script."""

import pytest

from approvals.models import ApprovalRequest
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.staff import department, person


@pytest.fixture
def plain(live_server, sit_down):
    """Gives somebody with a role a window without scripts."""
    return lambda user: sit_down(live_server, user, java_script_enabled=False)


def enter(desk, account, product):
    """Fill in two lines, one of them with the button that makes room for more, and submit."""
    page = desk.page
    desk.go("orders:new")
    page.fill("main input[name=q]", account.customer.code)
    page.click("main form button[type=submit]")
    page.click(f"main a[href*='customer={account.customer_id}']")
    page.fill("[name=lines-0-product]", product.sku)
    page.fill("[name=lines-0-quantity]", "3")
    page.click("#add-line")
    assert page.input_value("[name=lines-0-quantity]") == "3"
    page.fill("[name=lines-3-product]", product.sku)
    page.fill("[name=lines-3-quantity]", "2")
    page.click("button[name=do][value=submit]")
    page.wait_for_url("**/orders/*/")
    return Order.objects.get()


def test_order_goes_its_way_without_scripts(plain):
    seller, account, product = person("sales"), None, orders.product("100.00")
    account = credit.account("500.00", owner=seller)
    order = enter(plain(seller), account, product)
    assert (order.state, order.lines.count()) == ("credit_failed", 2)
    analyst = plain(person("credit_analyst"))
    analyst.go("approvals:detail", ApprovalRequest.objects.get().pk)
    analyst.page.fill("[name=comment]", "会付款")
    analyst.page.check("[name=answer][value=approve]")
    analyst.page.click("[data-decide-button]")
    assert Order.objects.get().state == "approved"
    warehouse = plain(person("warehouse", department=department()))
    warehouse.go("orders:detail", order.pk)
    warehouse.page.click(f"a[href='/orders/{order.pk}/ship/']")
    warehouse.page.fill("[name=carrier]", "顺丰速运")
    warehouse.page.click("main form button[type=submit]")
    warehouse.page.wait_for_url(f"**/orders/{order.pk}/")
    assert Order.objects.get().state == "shipped"
