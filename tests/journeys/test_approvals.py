"""Approvals as their people meet them: two levels, a substitute, conditions, a limit, a phone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from approvals.models import ApprovalRequest
from credit.models import CreditAccount, CreditLimit
from orders.models import Order
from staff.absence.lifecycle import set_absence
from staff.days import company_day
from tests.factories import credit, limit_changes, orders
from tests.factories.routes import level, matrix
from tests.factories.staff import person

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def account():
    return credit.account("500.00", owner=person("sales"), name="Harbour Pumps")


def over(account, total="600.00"):
    """The request of an order that was submitted just now."""
    at = timezone.now()
    return orders.open_request(orders.submit(orders.draft(account, total, at=at), at=at))


def state_of(request):
    return ApprovalRequest.objects.get(pk=request.pk).state


def away(user, substitute):
    today = company_day(timezone.now())
    days = {"first_day": today, "last_day": today + timedelta(days=3)}
    set_absence(user_id=user.pk, substitute_id=substitute.pk, by=user, at=timezone.now(), **days)


def opens(desk, request):
    """The request, found in the list of what waits for this person."""
    desk.go("approvals:list")
    desk.page.get_by_role("link", name=request.name).first.click()
    desk.page.locator("#decide").wait_for()
    # Shortcuts are there once the page has its scripts.
    desk.page.wait_for_load_state()


def approves(desk, request, comment):
    opens(desk, request)
    desk.page.keyboard.press("a")
    desk.page.locator("[name=comment]:focus").wait_for()
    desk.page.keyboard.type(comment)
    desk.page.keyboard.press("Control+Enter")
    desk.page.get_by_text(comment).first.wait_for()


def test_two_levels_approve_the_second_by_a_substitute(account, live_server, sit_down):
    chief = person("approver_2", full_name="Chief Chen")
    deputy = person("approver_2", full_name="Deputy Du")
    matrix(level("approver_1"), level(chief))
    away(chief, deputy)
    request = over(account)
    first = sit_down(live_server, person("approver_1"))
    approves(first, request, "known for years")
    assert state_of(request) == "open"
    desk = sit_down(live_server, deputy)
    opens(desk, request)
    said = desk.text()
    assert "instead of Chief Chen" in said
    assert "known for years" in said
    approves(desk, request, "agreed with the chief")
    assert state_of(request) == "approved"
    answer = request.answers.latest("pk")
    assert (answer.by_id, answer.instead_of_id) == (deputy.pk, chief.pk)
    assert "instead of Chief Chen" in desk.text()


def approves_on_prepayment(desk, request):
    opens(desk, request)
    page = desk.page
    page.keyboard.press("c")
    page.locator("[name=prepay]:focus").wait_for()
    page.get_by_label("Prepay, % of the total").fill("50")
    page.get_by_label("Comment").fill("half of it first")
    page.locator("[data-decide-button]").click()
    page.get_by_role("heading", name="What was approved").wait_for()


def pays(desk, order, amount):
    desk.go("orders:pay", order.pk)
    desk.page.get_by_label("Amount").first.fill(amount)
    desk.page.get_by_role("button", name="Record payment").click()
    desk.page.wait_for_url(f"**/orders/{order.pk}/")


def test_condition_keeps_the_goods_back_until_it_is_met(account, live_server, sit_down):
    matrix(level("approver_1"))
    request = over(account)
    order = request.order
    approves_on_prepayment(sit_down(live_server, person("approver_1")), request)
    warehouse = sit_down(live_server, person("warehouse"))
    warehouse.go("orders:detail", order.pk)
    assert "Nothing ships before they are met." in warehouse.text()
    assert "The order waits for a condition of its release." in warehouse.page.content()
    now = f"{timezone.localtime():%Y-%m-%dT%H:%M:%S}"
    forged = warehouse.post("orders:ship", order.pk, happened_at=now, carrier="SF")
    assert (forged.status, "50% must be paid in advance" in forged.text()) == (422, True)
    assert Order.objects.get(pk=order.pk).state == "approved"
    pays(sit_down(live_server, person("finance")), order, "300.00")
    warehouse.go("orders:ship", order.pk)
    warehouse.page.get_by_role("button", name="Ship order").click()
    warehouse.page.wait_for_url(f"**/orders/{order.pk}/")
    assert Order.objects.get(pk=order.pk).state == "shipped"


def requests_limit(desk, account, amount):
    page = desk.page
    desk.go("credit:customer", account.customer_id)
    page.get_by_role("link", name="Request limit change").first.click()
    page.get_by_label("Amount in CNY").fill(amount)
    page.get_by_label("Justification").fill("Grew by half")
    page.get_by_role("button", name="Request change").click()
    page.get_by_text("The change is requested.").wait_for()
    return ApprovalRequest.objects.open().get(limit_change__account=account)


def test_limit_is_raised_by_two_people(account, live_server, sit_down):
    limit_changes.routed(level("approver_1"), level("approver_2"))
    seller = sit_down(live_server, account.customer.owner)
    request = requests_limit(seller, account, "800.00")
    seller.go("approvals:detail", request.pk)
    assert seller.page.locator("[name=answer]").count() == 0
    approves(sit_down(live_server, person("approver_1")), request, "pays on time")
    assert CreditLimit.objects.get(account=account).amount == Decimal("500.00")
    approves(sit_down(live_server, person("approver_2")), request, "agreed")
    today = company_day(timezone.now())
    limit = CreditAccount.objects.with_limits(today).get(pk=account.pk).effective_limit
    assert limit.amount == Decimal("800.00")
    seller.go("credit:customer", account.customer_id)
    assert "800.00" in seller.text()


def test_decision_is_taken_on_a_phone(account, live_server, sit_down):
    matrix(level("approver_1"))
    request, later = over(account), over(account, "700.00")
    desk = sit_down(
        live_server, person("approver_1"), viewport=PHONE, has_touch=True, is_mobile=True
    )
    page = desk.page
    opens(desk, request)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("link", name="Decide", exact=True).tap()
    page.locator(".choice-approve").tap()
    page.get_by_label("Comment").fill("seen on the train")
    button = page.locator("[data-decide-button]")
    assert button.bounding_box()["height"] >= 44
    button.tap()
    page.get_by_role("heading", name="What was approved").wait_for()
    assert state_of(request) == "approved"
    page.get_by_role("link", name="Next request").first.tap()
    page.get_by_role("heading", name=later.order.number).wait_for()
