from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from credit.enums import CheckCode, CustomerStatus, LimitKind
from credit.models import CreditAccount
from orders import lifecycle
from orders.enums import OrderState, Outcome
from orders.errors import OrderError, StaleOrder
from orders.lifecycle.draft import Origin
from orders.models import Decision
from tests.factories import credit, orders, policies
from tests.factories.moments import DAY, NOW
from tests.factories.staff import decider, person
from tests.factories.traces import balances, everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db


def verdicts(order):
    return {check["code"]: check["verdict"] for check in order.decisions.get().checks}


def test_submit_within_the_limit_releases_and_reserves():
    order = orders.submit(orders.draft(credit.account("100.00")))
    assert (order.state, order.submitted_at, order.approved_at) == ("approved", NOW, NOW)
    assert order.submitted_by == order.owner
    assert ledger(order) == [("reserve", "", "reserved", "90.00")]
    assert balances(order.account) == {"reserved": "90.00"}


def test_submit_within_the_limit_journals_each_step():
    order = orders.submit(orders.draft(credit.account("100.00")))
    who = order.owner_id
    assert journal(order, since=1) == [
        ("order.submitted", "draft", "submitted", who),
        ("order.credit_passed", "submitted", "credit_passed", who),
        ("order.approved", "credit_passed", "approved", who),
    ]
    assert last_entry(order).data == {
        "decision": order.decisions.get().pk,
        "kind": "submit",
        "reserved": "90.00",
        "currency": "CNY",
        "used": "90.00",
        "waived": [],
    }


def test_submit_over_the_limit_waits_and_reserves_nothing():
    decider()
    order = orders.submit(orders.draft(credit.account("89.99")))
    assert (order.state, order.approved_at) == (OrderState.CREDIT_FAILED, None)
    assert ledger(order) == [] and balances(order.account) == {}
    assert journal(order, since=1) == [
        ("order.submitted", "draft", "submitted", order.owner_id),
        ("order.credit_failed", "submitted", "credit_failed", order.owner_id),
        ("approval.opened", "", "open", order.owner_id),
    ]


def test_submit_over_the_limit_opens_one_request_with_the_decision():
    order = orders.failed("90.00", limit="50.00")
    request = order.approval_requests.get()
    assert (request.decision, request.requested_by) == (order.decisions.get(), order.owner)
    assert (request.opened_at, request.order_owner) == (NOW, order.owner)
    assert last_entry(order).data["excess"] == "40.00"


def test_submit_writes_the_decision_with_its_figures():
    order = orders.failed("90.00", limit="50.00")
    decision = order.decisions.get()
    assert (decision.outcome, decision.excess, decision.amount) == (Outcome.FAILED, 40, 90)
    assert (decision.order_version, decision.at, decision.by) == (1, NOW, order.owner)
    found = verdicts(order)
    assert set(found) == set(CheckCode.values)
    assert (found["limit"], found["overdue"], found["oldest"]) == ("blocked", "passed", "skipped")


def test_submit_gives_all_reasons_at_once():
    account = credit.account("50.00", status=CustomerStatus.BLACKLISTED, status_reason="fraud")
    credit.invoice(account, Decimal("10.00"), (NOW - 3 * DAY).date())
    order = orders.submit(orders.draft(account))
    reasons = {code for code, verdict in verdicts(order).items() if verdict == "blocked"}
    assert reasons == {"limit", "overdue", "blacklist"}


def test_submit_counts_what_other_orders_reserved():
    account = credit.account("100.00")
    first, second = (orders.submit(orders.draft(account, "60.00")) for _ in range(2))
    assert (first.state, second.state) == (OrderState.APPROVED, OrderState.CREDIT_FAILED)


@pytest.mark.parametrize("seen_version", [None, 1])
def test_submit_accepts_the_version_that_was_seen(seen_version):
    order = orders.submit(orders.draft(credit.account()), seen_version=seen_version)
    assert order.state == OrderState.APPROVED


def test_submit_refuses_an_older_version():
    order = orders.draft(credit.account())
    before = everything()
    with pytest.raises(StaleOrder):
        orders.submit(order, seen_version=2)
    assert everything() == before


def test_submit_refuses_an_order_without_lines():
    order = orders.draft(credit.account())
    lifecycle.edit_draft(
        order_id=order.pk, header=orders.header(), lines=[], seen_version=1, by=order.owner, at=NOW
    )
    with pytest.raises(OrderError, match="Add at least one line"):
        orders.submit(order)


def test_submit_refuses_another_salesperson():
    order = orders.draft(credit.account())
    with pytest.raises(PermissionDenied):
        orders.submit(order, by=person("sales"))


def test_submit_twice_refuses_the_second():
    order = orders.released()
    before = everything()
    with pytest.raises(OrderError, match="is approved, so this cannot be done"):
        orders.submit(order)
    assert everything() == before


@pytest.mark.parametrize("limit", ["50.00", "1000.00"])
def test_submit_of_imported_history_releases_whatever_the_gate_finds(limit):
    order = orders.submit(orders.draft(credit.account(limit), origin=Origin(history=True)))
    assert order.state == OrderState.APPROVED
    assert order.approval_requests.count() == 0
    assert order.decisions.get().outcome == ("waived" if limit == "50.00" else "passed")
    assert balances(order.account) == {"reserved": "90.00"}


def test_submit_of_what_was_paid_before_reserves_only_the_rest():
    order = orders.failed("90.00", limit="50.00")
    orders.pay(order, "40.00")
    order = orders.submit(orders.take_back(order))
    assert order.state == OrderState.APPROVED
    assert ledger(order) == [("pay", "", "paid", "40.00"), ("reserve", "", "reserved", "50.00")]


def test_submit_of_what_costs_nothing_passes_without_credit():
    order = orders.submit(orders.draft(orders.without_credit(), "0.00"))
    assert (order.state, ledger(order)) == (OrderState.APPROVED, [])


def test_submit_sees_a_blacklisting_made_after_the_draft():
    order = orders.draft(credit.account())
    order.customer.status, order.customer.status_reason = CustomerStatus.BLACKLISTED, "fraud"
    order.customer.save()
    assert orders.submit(order).state == OrderState.CREDIT_FAILED


def test_submit_refuses_amounts_that_the_account_could_not_hold():
    account = credit.account()
    huge = orders.line("9000000000.00", quantity="900000")
    for _ in range(2):
        order = orders.draft(account)
        orders.Order.objects.filter(pk=order.pk).update(net=(total := huge.net), total=total)
        last = order
    orders.submit(account.orders.earliest("pk"))
    with pytest.raises(OrderError, match="larger than can be stored"):
        orders.submit(last)


@pytest.mark.parametrize("code", sorted(set(CheckCode.values) - {CheckCode.RATE}))
def test_submit_records_a_check_that_is_switched_off_as_skipped(code):
    policies.set_check(code, severity="off")
    assert verdicts(orders.released())[code] == "skipped"


def test_submit_takes_the_limit_of_the_segment_when_the_account_inherits():
    segment = credit.segment(limit_kind="amount", limit_amount=80, limit_currency="CNY")
    account = credit.account(kind=LimitKind.INHERIT, segment=segment)
    assert orders.submit(orders.draft(account, "80.01")).state == OrderState.CREDIT_FAILED
    assert orders.submit(orders.draft(account, "80.00")).state == OrderState.APPROVED


def test_submit_leaves_the_account_as_the_database_has_it():
    order = orders.released()
    assert order.account.reserved == CreditAccount.objects.get(pk=order.account_id).reserved == 90
    assert Decision.objects.count() == 1
