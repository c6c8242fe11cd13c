"""From draft through the gate to release, or to the end of the order."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django_fsm import can_proceed

from credit import exposure
from credit import lifecycle as credit
from journal.record import record
from orders import gate, policies
from orders.conditions import ConditionInput, checked, unreleased
from orders.enums import WAITING, DecisionKind, OrderAction, OrderState, Outcome
from orders.errors import OrderError, ReasonsChanged
from orders.lifecycle.allocating import let_go_of_goods
from orders.lifecycle.books import went_on
from orders.lifecycle.conditions import drop_conditions, set_conditions
from orders.lifecycle.releasing import held_while_waiting, release
from orders.lifecycle.steps import (
    ask_approvers,
    guard_reason,
    guard_state,
    journal,
    lock,
    lock_and_read,
    lock_order,
    may,
    step,
)
from orders.lifecycle.submitting import guard_submission, put_through
from orders.models import Decision, Order
from orders.signals import order_withdrawn
from staff.batch import Batch
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def submit(*, order_id: int, by: User, at: datetime, seen_version: int | None = None) -> Order:
    """Put a draft through the gate: a pass reserves its credit and releases it, a failure waits.

    A pass waits too where the policy asks for a person; until then it takes no credit. Imported
    history is released whatever the gate finds, because it was; the reasons are recorded. Raises
    PermissionDenied, WrongState, StaleOrder, or OrderError for an order without lines.
    """
    prepared = gate.prepare(order_id, at)
    account, order, reading = lock_and_read(order_id, prepared, at)
    guard_submission(order, by, order.lines.exists, seen_version)
    result = gate.check(prepared, account, order, at, reading=reading)
    batch = Batch()
    made = put_through(account, order, result, by=by, at=at, batch=batch)
    batch.send()
    if order.state in WAITING:
        ask_approvers(order, made, by=by, at=at)
        return order
    return went_on(order, at)


@transaction.atomic
def approve(
    *,
    order_id: int,
    by: User,
    reason: str,
    at: datetime,
    seen_decision_id: int,
    conditions: Sequence[ConditionInput] = (),
) -> Order:
    """Release an order that waits, over the reasons that the approver has seen.

    The gate is asked again under the lock. Raises PermissionDenied, WrongState, OrderError for an
    impossible condition, or ReasonsChanged when the gate finds a reason or an excess beyond those
    of the decision with `seen_decision_id`.
    """
    prepared = gate.prepare(order_id, at)
    account, order, reading = lock_and_read(order_id, prepared, at)
    may(by, policies.can_decide, order)
    guard_state(order, order.to_approved)
    held = held_while_waiting(order)
    result = gate.check(prepared, account, order, at, held=held.used, reading=reading)
    _guard_seen(order, result, seen_decision_id)
    wanted = checked(conditions, order)
    order.unreleased = unreleased(order, wanted)
    outcome = Outcome.WAIVED if result.reasons else Outcome.PASSED
    batch = Batch()
    made = gate.decision(
        result, order=order, kind=DecisionKind.APPROVAL, outcome=outcome, by=by, at=at, batch=batch
    )
    release(account, order, result, made, by=by, at=at, reason=reason, held=held, batch=batch)
    batch.send()
    set_conditions(account, order, made, wanted, by=by, at=at)
    return went_on(order, at)


@transaction.atomic
def recheck(*, order_id: int, by: User, at: datetime) -> Decision:
    """Ask the gate again about an order that waits, so that its approver sees today's figures.

    One that had passed fails where reasons are found by now. Raises PermissionDenied or WrongState.
    """
    prepared = gate.prepare(order_id, at)
    account, order, reading = lock_and_read(order_id, prepared, at)
    may(by, policies.can_decide, order)
    guard_state(order, order.to_approved)
    held = held_while_waiting(order)
    result = gate.check(prepared, account, order, at, held=held.used, reading=reading)
    outcome = Outcome.FAILED if result.reasons else Outcome.PASSED
    batch = Batch()
    made = gate.decision(
        result, order=order, kind=DecisionKind.APPROVAL, outcome=outcome, by=by, at=at, batch=batch
    )
    batch.send()
    was = order.state
    if result.reasons and can_proceed(order.to_credit_failed):
        step(order, order.to_credit_failed)
    record(
        action=OrderAction.RECHECKED,
        subject=order,
        by=by,
        at=at,
        from_state=was,
        to_state=order.state,
        data={"decision": made.pk, "excess": made.excess, "currency": made.currency},
    )
    return made


@transaction.atomic
def reject(*, order_id: int, by: User, reason: str, at: datetime) -> Order:
    """End an order that waits for an approver.

    Raises PermissionDenied, WrongState, or OrderError for an order invoiced under an earlier
    release, whose claim would stay behind.
    """
    order = lock_order(order_id)
    may(by, policies.can_decide, order)
    guard_state(order, order.to_rejected)
    if order.has_invoice:
        raise OrderError(
            _("Order %(number)s is invoiced and cannot be rejected.") % {"number": order.number}
        )
    return _close(order, order.to_rejected, OrderAction.REJECTED, by=by, at=at, reason=reason)


@transaction.atomic
def take_back(*, order_id: int, by: User, reason: str, at: datetime) -> Order:
    """Turn an order that waits into a draft again, to change it.

    Raises PermissionDenied, WrongState, or OrderError without a reason and for an order invoiced
    under an earlier release, whose claim would stay behind.
    """
    order = lock_order(order_id)
    may(by, policies.can_take_back, order)
    _draft_again(order, OrderAction.TAKEN_BACK, by=by, reason=reason, at=at)
    # Answered by approvals.receivers.withdraw_request.
    order_withdrawn.send(Order, order=order, by=by, at=at, reason=reason)
    return order


@transaction.atomic
def send_back(*, order_id: int, by: User, reason: str, at: datetime) -> Order:
    """Return an order to its salesperson as a draft, for an approver who wants it changed.

    Raises as `take_back` does.
    """
    order = lock_order(order_id)
    may(by, policies.can_decide, order)
    _draft_again(order, OrderAction.SENT_BACK, by=by, reason=reason, at=at)
    return order


@transaction.atomic
def cancel(*, order_id: int, by: User, reason: str, at: datetime) -> Order:
    """End an order that has not shipped, and give back what it reserved.

    Raises PermissionDenied, WrongState, or OrderError without a reason and for an invoiced order,
    whose claim would stay behind.
    """
    account, order = lock(order_id)
    may(by, policies.can_cancel, order)
    guard_state(order, order.to_cancelled)
    guard_reason(reason)
    if order.has_invoice:
        raise OrderError(
            _("Order %(number)s is invoiced and cannot be cancelled.") % {"number": order.number}
        )
    waiting = order.state in WAITING
    credit.post(
        account=account,
        moves=exposure.free(credit.order_exposure(order.pk)),
        order_id=order.pk,
        document=order.number,
        by=by,
        at=at,
    )
    drop_conditions(account, order, by=by, at=at)
    if waiting or order.state == OrderState.APPROVED:
        let_go_of_goods(order, by=by, at=at)
    _close(order, order.to_cancelled, OrderAction.CANCELLED, by=by, at=at, reason=reason)
    if waiting:
        # Answered by approvals.receivers.withdraw_request.
        order_withdrawn.send(Order, order=order, by=by, at=at, reason=reason)
    return order


def _draft_again(order: Order, action: str, *, by: User, reason: str, at: datetime) -> None:
    guard_state(order, order.to_draft)
    guard_reason(reason)
    if order.has_invoice:
        raise OrderError(
            _("Order %(number)s is invoiced and cannot be taken back.") % {"number": order.number}
        )
    was = order.state
    order.submitted_by, order.submitted_at = None, None
    step(order, order.to_draft, "submitted_by", "submitted_at")
    journal(order, action, was, by=by, at=at, reason=reason)


def _close(
    order: Order, move: Callable[[], None], action: str, *, by: User, at: datetime, reason: str
) -> Order:
    was = order.state
    order.closed_at = at
    step(order, move, "closed_at")
    journal(order, action, was, by=by, at=at, reason=reason)
    return order


def _guard_seen(order: Order, result: gate.GateResult, seen_decision_id: int) -> None:
    found = {reason.code for reason in result.reasons}
    shown = order.decisions.filter(pk=seen_decision_id, order_version=order.version).first()
    if shown is None or found - shown.reason_codes or result.excess > shown.excess:
        raise ReasonsChanged(
            _(
                "The check now finds more than you have seen. "
                "Look at the new figures and decide again."
            )
        )
