"""Credit as its people meet it: a limit lets a waiting order pass, a failed one is made to fit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.models import LimitChange
from credit.models import CreditLimit
from orders.enums import OrderState as S
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.staff import person
from tests.journeys.worker import worker

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 30_000  # milliseconds: the page asks every ten seconds


@pytest.fixture
def account():
    return credit.account("500.00", owner=person("sales"), name="Harbour Pumps")


def fails(desk, account, *prices):
    """The salesperson finds the draft in the list and submits it, which is too much."""
    draft = orders.draft(account, lines=[orders.line(each, quantity="10") for each in prices])
    page = desk.page
    desk.go("home")
    page.get_by_role("navigation").get_by_role("link", name="Orders", exact=True).click()
    page.get_by_role("link", name=draft.number).click()
    page.get_by_role("button", name="Submit order").click()
    page.get_by_role("heading", name="What would make it pass?").wait_for()
    return draft


def state_of(order):
    return Order.objects.get(pk=order.pk).state


def requests_from_admin(desk, account, amount):
    """A temporary limit, asked for from the list of limits in the back office."""
    page = desk.page
    desk.go("home")
    page.get_by_role("link", name="Admin", exact=True).click()
    page.get_by_role("link", name="Credit limits", exact=True).first.click()
    row = page.get_by_role("row").filter(has_text=account.customer.code)
    row.get_by_role("link", name="Request a change").click()
    page.get_by_label("Temporary limit").check()
    page.get_by_label("Amount in CNY").fill(amount)
    page.get_by_label("Last day").fill(f"{timezone.localdate() + timedelta(days=14)}")
    page.get_by_label("Justification").fill("Trade fair")
    page.get_by_role("button", name="Request change").click()
    page.get_by_text("The change is requested.").wait_for()


def approves(desk, name):
    """The change of a limit, found in the list of what waits for this person."""
    page = desk.page
    desk.go("approvals:list")
    page.get_by_role("link", name=name).click()
    page.get_by_role("radio", name="Approve change").check()
    page.get_by_label("Comment").fill("Paid every season")
    page.get_by_role("button", name="Approve change").click()
    page.get_by_text("is granted.").wait_for()


def test_waiting_order_passes_by_itself_once_a_temporary_limit_is_approved(
    account, live_server, sit_down, tmp_path
):
    seller = sit_down(live_server, account.customer.owner)
    order = fails(seller, account, "60.00")
    approver = sit_down(live_server, person("approver_1"))
    requests_from_admin(sit_down(live_server, person("credit_analyst")), account, "100.00")
    assert state_of(order) == S.CREDIT_FAILED
    with worker(tmp_path / "worker.log"):
        approves(approver, "Limit change")
        seller.page.get_by_text("The order has been released meanwhile.").wait_for(timeout=SOON)
    seller.page.get_by_role("link", name="Show the order as it is now").click()
    seller.page.get_by_text("Released by itself", exact=True).wait_for()
    assert state_of(order) == S.APPROVED


def test_analyst_requests_what_the_order_needs_from_its_own_page(account, live_server, sit_down):
    person("approver_1")
    order = fails(sit_down(live_server, account.customer.owner), account, "60.00")
    desk = sit_down(live_server, person("credit_analyst"))
    page = desk.page
    desk.go("home")
    page.get_by_role("link", name=order.number).first.click()
    page.get_by_role("link", name="Request temporary limit").click()
    assert page.get_by_label("Amount in CNY").input_value() == "100.00"
    page.get_by_label("Last day").fill(f"{timezone.localdate() + timedelta(days=14)}")
    page.get_by_label("Justification").fill("Trade fair")
    page.get_by_role("button", name="Preview").click()
    assert "600.00" in page.get_by_role("status").filter(has_text="Limit").inner_text()
    page.get_by_role("button", name="Request change").click()
    page.get_by_text("The change is requested.").wait_for()
    assert page.get_by_role("heading", level=1).inner_text() == order.number
    assert LimitChange.objects.get(account=account).justification == "Trade fair"
    assert not CreditLimit.objects.filter(account=account, type="temporary").exists()


def test_salesperson_splits_a_failed_order_into_what_fits_and_the_rest(
    account, live_server, sit_down
):
    desk = sit_down(live_server, account.customer.owner)
    order = fails(desk, account, "40.00", "30.00")
    page = desk.page
    page.get_by_role("link", name="Split order").click()
    page.get_by_role("button", name="Split order").click()
    page.get_by_text(f"Order {order.number} is released with what fits").wait_for()
    rest = Order.objects.latest("pk")
    assert (state_of(order), rest.state) == (S.APPROVED, S.DRAFT)
    assert rest.number in desk.text()
    assert desk.troubles == []


def test_salesperson_reduces_a_failed_order_until_it_passes(account, live_server, sit_down):
    desk = sit_down(live_server, account.customer.owner)
    order = fails(desk, account, "60.00")
    page = desk.page
    assert "to no more than 500.00 with tax" in desk.text()
    page.get_by_role("listitem").filter(has_text="is reduced by").get_by_role("link").press("Enter")
    page.get_by_label("Why").fill("The customer takes fewer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/**")  # with its script, which asks what comes of it
    page.get_by_label("Quantity").first.fill("8")
    page.get_by_text("Will likely pass").wait_for()
    page.get_by_role("button", name="Submit order").click()
    page.get_by_role("heading", name=order.number).wait_for()
    assert state_of(order) == S.APPROVED
    assert "What would make it pass?" not in desk.text()
