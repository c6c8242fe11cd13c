"""Orders that are not carried out: taken back, rejected, cancelled."""

import pytest
from django.core.exceptions import PermissionDenied

from approvals.enums import RequestState
from orders import lifecycle
from orders.enums import OrderState
from orders.errors import OrderError, WrongState
from tests.factories import credit, orders
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import superuser
from tests.factories.traces import balances, everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db


def test_cancel_gives_back_what_was_reserved():
    order = orders.cancel(orders.released("90.00"))
    assert (order.state, order.closed_at) == (OrderState.CANCELLED, NOW)
    assert ledger(order)[-1] == ("free", "reserved", "", "90.00")
    assert balances(order.account) == {}


def test_cancel_journals_one_entry_with_the_reason():
    order = orders.cancel(orders.released(), reason="ordered twice")
    assert journal(order, since=4) == [("order.cancelled", "approved", "cancelled", order.owner_id)]
    assert last_entry(order).reason == "ordered twice"
    assert last_entry(order).data == {"total": "90.00", "currency": "CNY"}


def test_cancel_of_a_draft_moves_no_money():
    order = orders.cancel(orders.draft(credit.account()))
    assert (order.state, ledger(order)) == (OrderState.CANCELLED, [])


def test_cancel_of_a_failed_order_withdraws_its_request():
    order = orders.failed()
    orders.cancel(order, at=NOW + HOUR)
    request = order.approval_requests.get()
    assert (request.state, request.decided_by) == (RequestState.WITHDRAWN, order.owner)
    assert (request.comment, request.decided_at) == ("not wanted", NOW + HOUR)
    assert [entry[0] for entry in journal(order, since=4)] == [
        "order.cancelled",
        "approval.withdrawn",
    ]


def test_cancel_after_a_payment_keeps_the_money_as_paid():
    order = orders.cancel(orders.pay(orders.released("90.00"), "40.00"))
    assert balances(order.account) == {"paid": "40.00"}


def test_cancel_makes_room_for_the_next_order():
    account = credit.account("100.00")
    orders.cancel(orders.submit(orders.draft(account)))
    assert orders.submit(orders.draft(account)).state == OrderState.APPROVED


def test_cancel_refuses_an_invoiced_order():
    order = orders.invoice(orders.released())
    before = everything()
    with pytest.raises(OrderError, match="is invoiced"):
        orders.cancel(order)
    assert everything() == before


@pytest.mark.parametrize("reason", ["", "  "])
@pytest.mark.parametrize("verb", [orders.cancel, orders.take_back])
def test_withdrawal_needs_a_reason(verb, reason):
    order = orders.failed()
    with pytest.raises(OrderError, match="Write why"):
        verb(order, reason=reason)


def test_take_back_makes_a_draft_of_a_failed_order():
    order = orders.take_back(orders.failed())
    assert (order.state, order.submitted_by, order.submitted_at) == ("draft", None, None)
    assert order.approval_requests.get().state == RequestState.WITHDRAWN
    assert journal(order, since=4) == [
        ("order.taken_back", "credit_failed", "draft", order.owner_id),
        ("approval.withdrawn", "open", "withdrawn", order.owner_id),
    ]


def test_take_back_allows_another_submission_with_a_second_request():
    order = orders.submit(orders.take_back(orders.failed()))
    states = [request.state for request in order.approval_requests.order_by("pk")]
    assert states == [RequestState.WITHDRAWN, RequestState.OPEN]
    assert order.decisions.count() == 2


def test_reject_ends_a_failed_order():
    by, order = superuser(), orders.failed()
    orders.reject(order, by=by)
    order.refresh_from_db(fields=["closed_at"])
    assert order.closed_at == NOW and ledger(order) == []
    assert journal(order, since=4) == [
        ("order.rejected", "credit_failed", "rejected", by.pk),
        ("approval.rejected", "open", "rejected", by.pk),
    ]


@pytest.mark.parametrize("duty", ["owner", "submitter"])
@pytest.mark.parametrize("verb", ["approve", "reject", "recheck"])
def test_decision_is_refused_to_whoever_owns_or_submitted_the_order(verb, duty):
    owner, submitter = superuser(), superuser()
    order = orders.submit(orders.draft(credit.account("50.00", owner=owner)), by=submitter)
    values = {"order_id": order.pk, "by": {"owner": owner, "submitter": submitter}[duty]}
    values |= {"reason": "mine"} if verb != "recheck" else {}
    values |= {"seen_decision_id": order.decisions.get().pk} if verb == "approve" else {}
    before = everything()
    with pytest.raises(PermissionDenied):
        getattr(lifecycle, verb)(at=NOW, **values)
    assert everything() == before


def test_cancel_after_the_shipment_is_too_late():
    order = orders.shipped()
    with pytest.raises(WrongState):
        orders.cancel(order)
    assert balances(order.account) == {"delivered": "90.00"}
