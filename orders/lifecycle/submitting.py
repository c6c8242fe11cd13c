"""What submitting means, whether one order is submitted or a thousand."""

from collections.abc import Callable
from datetime import datetime

from credit.models import CreditAccount
from journal.models import Entry
from journal.record import entry
from orders import gate, policies
from orders.enums import DecisionKind, OrderAction, OrderState, Outcome
from orders.errors import OrderError
from orders.lifecycle.releasing import guard_rate, release
from orders.lifecycle.steps import guard_state, guard_version, may, step
from orders.models import Decision, Order
from staff.batch import Batch
from staff.models import User
from staff.sentences import sentence as _


def guard_submission(
    order: Order, by: User, has_lines: Callable[[], bool], seen_version: int | None = None
) -> None:
    """Raises PermissionDenied, WrongState, StaleOrder, or OrderError for an order without lines."""
    may(by, policies.can_submit, order)
    guard_state(order, order.to_submitted)
    guard_version(order, seen_version)
    # What comes to something has lines; asking only otherwise spares a query.
    if not order.total and not order.history and not has_lines():
        raise OrderError(_("Add at least one line before you submit the order."))


def put_through(
    account: CreditAccount,
    order: Order,
    result: gate.GateResult,
    *,
    by: User,
    at: datetime,
    batch: Batch,
) -> Decision:
    """Submit a locked order with what the gate found: released, or waiting for an approver.

    It waits with its reasons, or because its policy asks for a person. It is written when the batch
    is sent; then `ask_approvers` tells of what waits.
    Raises OrderError without an exchange rate for an order that is to be released.
    """
    passed = not result.reasons
    outcome = Outcome.PASSED if passed else Outcome.WAIVED if order.history else Outcome.FAILED
    waits = outcome == Outcome.FAILED or (passed and result.asks_person and not order.history)
    if not waits:
        guard_rate(order, result)
    order.submitted_by, order.submitted_at = by, at
    step(order, order.to_submitted, "submitted_by", "submitted_at", batch=batch)
    made = gate.decision(
        result, order=order, kind=DecisionKind.SUBMIT, outcome=outcome, by=by, at=at, batch=batch
    )
    step(order, order.to_credit_passed if passed else order.to_credit_failed, batch=batch)
    batch.insert(_entries(order, made, by, at))
    if not waits:
        release(account, order, result, made, by=by, at=at, batch=batch)
    return made


def _entries(order: Order, made: Decision, by: User, at: datetime) -> list[Entry]:
    verdict = OrderState(order.state)
    return [
        entry(
            action=OrderAction.SUBMITTED,
            subject=order,
            by=by,
            at=at,
            from_state=OrderState.DRAFT,
            to_state=OrderState.SUBMITTED,
            data={"total": order.total, "currency": order.currency},
        ),
        entry(
            action=OrderAction(f"order.{verdict}"),
            subject=order,
            by=by,
            at=at,
            from_state=OrderState.SUBMITTED,
            to_state=verdict,
            data={
                "decision": made.pk,
                "outcome": made.outcome,
                "reasons": sorted(made.reason_codes),
                "excess": made.excess,
                "currency": made.currency,
            },
        ),
    ]
