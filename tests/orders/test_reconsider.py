from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from credit.enums import CustomerStatus
from credit.lifecycle import LimitInput, join_group, take_over_limit
from orders import lifecycle
from orders.enums import OrderState, Outcome
from orders.errors import OrderError, StaleOrder, WrongState
from orders.lifecycle.steps import seen as stored
from orders.tasks import reevaluate_waiting
from orders.waiting import waiting
from tests.factories import credit, orders, policies
from tests.factories.moments import DAY, NOW
from tests.factories.staff import decider, person
from tests.factories.traces import balances, everything, journal, ledger

pytestmark = pytest.mark.django_db


def amend(order, total=None, *, by=None, at=NOW, reason="the customer asked", seen=None, **header):
    values = {"payment_days": order.payment_days, "ship_to_address": order.ship_to_address}
    return lifecycle.amend(
        order_id=order.pk,
        header=orders.header(**values | header),
        lines=[orders.line(str(total))] if total is not None else [],
        reason=reason,
        seen_version=order.version if seen is None else seen,
        by=by or order.owner,
        at=at,
    )


def decision(order):
    return order.decisions.latest("pk")


@pytest.mark.parametrize(("total", "reserved"), [("60.00", "60.00"), ("95.00", "95.00")])
def test_amend_that_passes_keeps_the_order_released(total, reserved):
    order = amend(orders.released("90.00", limit="100.00"), total)
    assert (order.state, order.version, order.total) == ("approved", 2, Decimal(total))
    assert balances(order.account) == {"reserved": reserved}
    assert (decision(order).kind, decision(order).outcome) == ("amendment", Outcome.PASSED)


def test_amend_beyond_the_limit_waits_for_an_approver_and_frees_the_credit():
    decider()
    order = amend(orders.released("90.00", limit="100.00"), "100.01")
    assert (order.state, order.approved_at) == (OrderState.CREDIT_FAILED, None)
    assert balances(order.account) == {}
    assert orders.open_request(order).decision == decision(order)
    assert decision(order).excess == Decimal("0.01")
    assert [row[0] for row in journal(order)][-3:] == [
        "order.amended", "order.reopened", "approval.opened"
    ]  # fmt: skip


def test_amend_counts_the_order_itself_once():
    order = orders.released("90.00", limit="100.00")
    found = decision(amend(order, "100.00")).checks
    limit = next(check for check in found if check["code"] == "limit")
    assert (limit["figures"]["used"], limit["figures"]["observed"]) == ("0.00", "100.00")


def waived(total="90.00", limit="50.00"):
    order = orders.failed(total, limit=limit)
    orders.approve(order)
    return stored(order.pk)


def test_amend_to_less_keeps_what_an_approver_waived():
    order = amend(waived(), "80.00")
    assert (order.state, decision(order).outcome) == (OrderState.APPROVED, Outcome.WAIVED)
    assert balances(order.account) == {"reserved": "80.00"}


@pytest.mark.parametrize(
    "header", [{"payment_days": 31}, {"ship_to_address": "another door"}, {"ship_to_name": "Li"}]
)
def test_amend_of_terms_or_ship_to_voids_what_an_approver_waived(header):
    order = amend(waived(), "90.00", **header)
    assert order.state == OrderState.CREDIT_FAILED


def test_amend_of_the_note_voids_nothing():
    assert amend(waived(), "90.00", note="ring twice").state == OrderState.APPROVED


@pytest.mark.parametrize(
    ("total", "state"),
    [("99.00", OrderState.APPROVED), ("99.01", OrderState.CREDIT_FAILED)],
)
def test_amend_may_grow_by_what_the_policy_tolerates(total, state):
    policies.publish(
        policies.standard().content
        | {"release": {"valid_days": 30, "growth_percent": "10", "growth_amount": "100.00"}}
    )
    assert amend(waived(), total).state == state


def test_amend_grows_within_the_tolerance_only_once():
    policies.publish(
        policies.standard().content
        | {"release": {"valid_days": 30, "growth_percent": "10", "growth_amount": "100.00"}}
    )
    order = amend(waived(), "99.00")
    assert amend(order, "99.01").state == OrderState.CREDIT_FAILED


def test_amend_with_a_new_reason_voids_the_release():
    order = waived()
    order.customer.status, order.customer.status_reason = CustomerStatus.BLACKLISTED, "fraud"
    order.customer.save()
    assert amend(order, "80.00").state == OrderState.CREDIT_FAILED


def test_amend_keeps_what_the_order_said_before():
    order = orders.released("90.00")
    amend(order, "60.00", note="less")
    kept = order.versions.get()
    assert (kept.number, kept.reason, kept.content["total"]) == (1, "the customer asked", "90.00")
    assert kept.content["lines"][0]["price"] == "90.00"


def test_amend_of_a_prepaid_order_reserves_the_rest():
    order = orders.failed("90.00", limit="50.00")
    orders.pay(order, "40.00")
    order = orders.submit(orders.take_back(order))
    order = amend(order, "70.00")
    assert balances(order.account) == {"reserved": "30.00", "paid": "40.00"}
    assert ledger(order)[-1] == ("adjust", "reserved", "", "20.00")


@pytest.mark.parametrize("bad", [{"reason": " "}, {"total": None}, {"seen": 7}])
def test_amend_refuses_what_is_incomplete_or_stale(bad):
    order = orders.released("90.00")
    before = everything()
    with pytest.raises((OrderError, StaleOrder)):
        amend(order, **{"total": "60.00"} | bad)
    assert everything() == before


def test_amend_refuses_anybody_who_does_not_sell():
    order, by = orders.released("90.00"), person("credit_analyst")
    before = everything()
    with pytest.raises(PermissionDenied):
        amend(order, "60.00", by=by)
    assert everything() == before


def test_amend_refuses_an_order_that_is_not_released():
    with pytest.raises(WrongState):
        amend(orders.failed(), "60.00")


LATER = NOW + timedelta(days=31)


def check(order, at):
    lifecycle.check_release(order_id=order.pk, by=person("warehouse"), happened_at=at, at=at)


def test_ship_of_what_left_while_the_release_was_good_asks_nothing():
    order = orders.released("90.00", limit="100.00")
    orders.ship(order, happened_at=NOW + 30 * DAY, at=LATER)
    assert order.decisions.count() == 1


def test_check_release_leaves_a_good_release_alone():
    order = orders.released("90.00", limit="100.00")
    check(order, NOW + 30 * DAY)
    assert order.decisions.count() == 1


def test_check_release_renews_an_old_release_that_still_passes():
    order = orders.released("90.00", limit="100.00")
    check(order, LATER)
    checked = stored(order.pk)
    assert (checked.state, decision(order).kind) == (OrderState.APPROVED, "shipping")
    assert checked.released_until == LATER + 30 * DAY
    assert balances(order.account) == {"reserved": "90.00"}


def test_ship_with_an_old_release_that_fails_goes_back_to_the_approvers():
    order = orders.released("90.00", limit="100.00")
    credit.limits([order.account], "50.00", valid_from=NOW.date())
    with pytest.raises(OrderError, match="the check before shipping"):
        orders.ship(order, at=LATER)
    order.refresh_from_db(fields=["approved_at"])
    assert orders.open_request(order).decision == decision(order)
    assert balances(order.account) == {}


def test_ship_of_a_cash_order_waits_for_its_money():
    policies.publish(
        policies.standard().content
        | {"exemptions": [{"exemption": "cash", "skips": ["limit", "group_limit", "overdue"]}]}
    )
    account = orders.without_credit()
    made = lifecycle.create_draft(
        customer_id=account.customer_id,
        header=orders.header(payment_days=0),
        lines=[orders.line("90.00")],
        by=account.customer.owner,
        at=NOW,
    )
    order = orders.submit(made)
    assert (order.state, order.ship_when_paid, balances(account)) == ("approved", True, {})
    with pytest.raises(OrderError, match="is paid"):
        orders.ship(order)
    orders.pay(order)
    assert orders.ship(order).state == OrderState.SHIPPED


def test_reevaluate_releases_what_fits_now():
    order = orders.failed("90.00", limit="50.00")
    credit.limits([order.account], "90.00", valid_from=NOW.date())
    assert reevaluate_waiting(order.account_id) == 1
    request = order.approval_requests.get()
    assert (request.state, request.decided_by) == ("withdrawn", None)
    assert (decision(order).kind, decision(order).outcome) == ("again", Outcome.PASSED)
    assert balances(order.account) == {"reserved": "90.00"}


def test_reevaluate_leaves_what_still_fails():
    order = orders.failed("90.00", limit="50.00")
    before = everything()
    assert reevaluate_waiting(order.account_id) == 0
    assert everything() == before


def test_waiting_serves_vips_first_then_promises_then_the_earliest():
    account = credit.account("10.00")
    first, soon, last = (orders.submit(orders.draft(account)) for _ in range(3))
    soon.promised_at = NOW + DAY
    soon.save(update_fields=["promised_at"])
    vip = orders.failed(vip=True)
    assert list(waiting()) == [vip, soon, first, last]
    assert list(waiting(account.pk)) == [soon, first, last]


@pytest.mark.parametrize("what", ["limit", "cancel", "payment"])
def test_credit_that_arrives_has_waiting_orders_asked_again(
    what, django_capture_on_commit_callbacks, monkeypatch
):
    first = orders.released("90.00", limit="100.00")
    orders.submit(orders.draft(first.account, "20.00"))
    asked = []
    monkeypatch.setattr(reevaluate_waiting, "delay", lambda *args: asked.append(args))
    by = person("finance") if what == "payment" else person("credit_analyst")
    with django_capture_on_commit_callbacks(execute=True):
        if what == "limit":
            take_over_limit(
                account_id=first.account_id,
                limit=LimitInput(amount=Decimal("200.00")),
                reason="grown",
                by=by,
                at=NOW,
            )
        elif what == "cancel":
            by = first.owner
            orders.cancel(first)
        else:
            orders.pay(first, "1.00", by=by)
    assert asked == [(first.account_id, by.pk)]


def test_credit_that_arrives_for_nobody_asks_nothing(django_capture_on_commit_callbacks):
    order = orders.released("90.00", limit="100.00")
    with django_capture_on_commit_callbacks() as callbacks:
        orders.pay(order, "1.00")
    assert callbacks == []


def test_leaving_a_full_group_has_waiting_orders_asked_again(
    django_capture_on_commit_callbacks, monkeypatch
):
    head, member = credit.account("10.00"), credit.account("100.00")
    by, asked = person("credit_analyst"), []
    join = partial(join_group, account_id=member.pk, reason="sold", by=by, at=NOW)
    join(parent_id=head.pk)
    order = orders.submit(orders.draft(member, "90.00"))
    assert order.state == OrderState.CREDIT_FAILED
    monkeypatch.setattr(reevaluate_waiting, "delay", lambda *args: asked.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        join(parent_id=None)
    assert asked == [(member.pk, by.pk)]
    assert reevaluate_waiting(member.pk) == 1
