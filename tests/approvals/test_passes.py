"""Orders that pass the gate under a policy that asks for a person all the same."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from approvals import lifecycle as approvals
from approvals.enums import LapseReason
from approvals.models import ApprovalRequest
from credit.content import clean_content
from orders import lifecycle
from orders.enums import OrderState, Outcome
from orders.errors import ReasonsChanged, ReleaseLapsed
from orders.models import Order
from orders.quote import quote
from tests.factories import credit, orders, policies, routes
from tests.factories.moments import DAY, NOW
from tests.factories.staff import decider, person
from tests.factories.traces import balances, journal

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(days=31)


@pytest.fixture(autouse=True)
def _policy_asks():
    ask()


def ask(answer=True, **release):
    decider()
    return policies.publish(
        policies.standard().content | {"release": {"asks_person": answer} | release}
    )


def passed(total="90.00", limit="100.00"):
    return orders.submit(orders.draft(credit.account(limit), total))


def again(order):
    return Order.objects.get(pk=order.pk)


def amend(order, total, **values):
    return lifecycle.amend(
        order_id=order.pk,
        header=orders.header(),
        lines=[orders.line(total)],
        reason="more",
        seen_version=order.version,
        by=order.owner,
        at=NOW,
    )


def test_submit_lets_a_pass_wait_for_an_approver_without_taking_credit():
    order = passed()
    assert again(order).state == OrderState.CREDIT_PASSED
    assert orders.open_request(order).decision.outcome == Outcome.PASSED
    assert balances(order.account) == {}


def test_approve_releases_a_pass_that_waited():
    order = passed()
    by = person("credit_analyst")
    orders.approve(order, by=by)
    assert balances(order.account) == {"reserved": "90.00"}
    assert journal(order, since=4)[0] == ("order.approved", "credit_passed", "approved", by.pk)


def test_approve_refuses_the_owner_of_a_pass():
    order = passed()
    with pytest.raises(PermissionDenied):
        orders.approve(order, by=order.owner)
    assert again(order).state == OrderState.CREDIT_PASSED


def test_approve_of_a_pass_shows_reasons_found_since():
    order = passed()
    ask(answer=False)
    orders.submit(orders.draft(order.account, "50.00"))
    request = orders.open_request(order)
    with pytest.raises(ReasonsChanged):
        orders.approve(order)
    approvals.refresh(request_id=request.pk, by=person("credit_analyst"), at=NOW)
    assert again(order).state == OrderState.CREDIT_FAILED
    assert orders.open_request(order).decision.excess == 40


@pytest.mark.parametrize(
    ("verb", "state"),
    [("reject", "rejected"), ("take_back", "draft"), ("cancel", "cancelled")],
)
def test_verbs_end_the_wait_of_a_pass(verb, state):
    order = passed()
    getattr(orders, verb)(order)
    assert again(order).state == state
    assert not ApprovalRequest.objects.open().exists()


def test_submit_many_lets_passes_wait():
    account = credit.account("100.00")
    drafts = [orders.draft(account, total) for total in ("60.00", "60.00")]
    lifecycle.submit_many(order_ids=[each.pk for each in drafts], by=account.customer.owner, at=NOW)
    assert [again(each).state for each in drafts] == ["credit_passed", "credit_passed"]
    assert ApprovalRequest.objects.open().count() == 2


def test_submit_releases_imported_history_without_asking():
    order = orders.draft(credit.account("100.00"))
    Order.objects.filter(pk=order.pk).update(history=True)
    assert orders.submit(order).state == OrderState.APPROVED


def test_amend_within_the_release_asks_nobody():
    order = passed()
    orders.approve(order)
    assert amend(again(order), "80.00").state == OrderState.APPROVED


def test_amend_beyond_the_release_asks_again_and_voids_the_approval():
    order = passed()
    orders.approve(order)
    assert amend(again(order), "95.00").state == OrderState.CREDIT_PASSED
    assert balances(order.account) == {}
    lapsed = ApprovalRequest.objects.get(state="lapsed")
    assert lapsed.lapse_reason == LapseReason.AMENDED


def test_check_release_asks_again_when_the_release_grew_old():
    order = passed()
    orders.approve(order)
    with pytest.raises(ReleaseLapsed, match="An approver decides now"):
        lifecycle.check_release(
            order_id=order.pk, by=person("warehouse"), happened_at=LATE, at=LATE
        )
    assert again(order).state == OrderState.CREDIT_PASSED


def test_reevaluate_leaves_a_failure_to_the_approver():
    order = passed("120.00")
    credit.limits([order.account], "500.00")
    assert lifecycle.reevaluate(order_id=order.pk, by=None, at=NOW + DAY).state == "credit_failed"


def test_route_takes_the_row_for_passes():
    low, rest = routes.level("approver_1"), routes.level("approver_2")
    routes.matrix(rows=[routes.row("passes", low, reasons=["passed"]), routes.row("rest", rest)])
    assert orders.open_request(passed()).route["row"] == "passes"
    assert orders.open_request(passed("120.00")).route["row"] == "rest"


def test_clean_content_gives_a_version_from_before_the_default():
    content = policies.standard().content
    content["release"].pop("asks_person")
    assert clean_content(content)["release"]["asks_person"] is False


def test_quote_and_tester_foresee_the_approver(client):
    account = credit.account("100.00")
    client.force_login(person("credit_analyst"))
    tested = client.get(
        reverse("orders:tester"), {"customer": account.customer.code, "amount": "50", "policy": ""}
    )
    assert "Would pass; an approver would then release it" in tested.text
    foreseen = quote(account, [orders.line("50.00")], currency="CNY", payment_days=30, at=NOW)
    assert (foreseen.reasons, foreseen.asks_person) == ([], True)


def test_pages_say_that_the_policy_asks(client):
    order, by = passed(), person("credit_analyst")
    client.force_login(by)
    asked = client.get(reverse("approvals:detail", args=[orders.open_request(order).pk]))
    assert "Every check passed. The credit policy asks for an approver" in asked.text
    assert "What would make it pass?" not in asked.text
    page = client.get(reverse("orders:detail", args=[order.pk]))
    assert "This order passed its checks and waits for an approver." in page.text
