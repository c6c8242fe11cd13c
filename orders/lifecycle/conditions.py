"""Conditions of a release: set with it, met by money or by somebody's word, dropped when void."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import lifecycle as credit
from credit.days import company_day
from credit.models import CreditAccount
from credit.money import ZERO
from journal.record import record
from orders import policies
from orders.conditions import (
    ConditionInput,
    is_met,
    keeps_back,
    promised,
    unreleased,
    way_out,
)
from orders.enums import ConditionKind, ConditionState, OrderAction
from orders.errors import ConditionsOpen, OrderError
from orders.lifecycle.books import in_account, went_on
from orders.lifecycle.steps import lock
from orders.models import Decision, Order, ReleaseCondition
from staff.models import User
from staff.sentences import one_after_another
from staff.sentences import sentence as _


def set_conditions(
    account: CreditAccount,
    order: Order,
    made: Decision,
    wanted: Sequence[ConditionInput],
    *,
    by: User,
    at: datetime,
) -> None:
    """Tie the release just made to conditions; what is met already is marked so at once.

    A term of payment becomes a promise of what is unpaid, in the account's currency. The caller
    holds the locks of account and order.
    """
    for one in wanted:
        condition = ReleaseCondition.objects.create(
            order=order,
            order_version=order.version,
            decision=made,
            kind=one.kind,
            percent=one.percent,
            days=one.days,
            amount=one.amount,
            text=one.text,
            paid_before=order.paid_amount,
            set_by=by,
            set_at=at,
        )
        _tell(OrderAction.CONDITION_SET, condition, order, by, at)
        due = in_account(order, promised(condition, order))
        if one.kind == ConditionKind.PAY_WITHIN and due:
            credit.promise_for_order(
                account=account,
                order_id=order.pk,
                amount=due,
                due_on=company_day(at) + timedelta(days=one.days or 0),
                by=by,
                at=at,
            )
    if wanted:
        follow_conditions(account, order, by=by, at=at)


@transaction.atomic
def meet_condition(*, condition_id: int, by: User, evidence: str, at: datetime) -> ReleaseCondition:
    """Confirm that the document of a condition came in; `evidence` says which one and where it is.

    Raises PermissionDenied, or OrderError without evidence, for a condition that money meets, and
    for one that is met already or was part of a release that is void.
    """
    condition = ReleaseCondition.objects.get(pk=condition_id)
    _account, order = lock(condition.order_id)
    condition.refresh_from_db()
    condition.order = order
    if not policies.can_meet(by, condition):
        raise PermissionDenied(_("You may not confirm conditions of this order."))
    if condition.kind != ConditionKind.GUARANTEE:
        raise OrderError(_("The order itself shows when this condition is met."))
    if condition.state != ConditionState.OPEN:
        raise OrderError(
            _("This condition is not open any more: %(state)s.")
            % {"state": ConditionState(condition.state).label}
        )
    if not evidence.strip():
        raise OrderError(_("Write down the evidence: which document came in, and where it is."))
    condition.met_by, condition.evidence = by, evidence.strip()
    _mark(condition, order, ConditionState.MET, by, at, reason=condition.evidence)
    went_on(order, at)
    return condition


def released_part(order: Order) -> None:
    """Note on the order how much of it is not released, after its total changed."""
    order.unreleased = unreleased(order, order.conditions.standing())


def follow_conditions(
    account: CreditAccount, order: Order, *, by: User | None, at: datetime
) -> None:
    """Bring the conditions along with what was paid for the order and what is owed for it.

    A condition that money met is open again when the money is taken off again, or the total grows.
    """
    for condition in order.conditions.standing().order_by("pk"):
        met = is_met(condition, order)
        if met != (condition.state == ConditionState.MET):
            state = ConditionState.MET if met else ConditionState.OPEN
            _mark(condition, order, state, by, at)
        if condition.kind == ConditionKind.PAY_WITHIN:
            due = in_account(order, promised(condition, order))
            _follow_promise(account, order, due, by=by, at=at)


def drop_conditions(account: CreditAccount, order: Order, *, by: User | None, at: datetime) -> None:
    """End the conditions of a release that is void; a promise that was one is not due any more."""
    order.unreleased = ZERO
    for condition in order.conditions.standing().order_by("pk"):
        _mark(condition, order, ConditionState.DROPPED, by, at)
        if condition.kind == ConditionKind.PAY_WITHIN:
            _follow_promise(account, order, ZERO, by=by, at=at)


def guard_conditions(order: Order, leaving: Decimal, rest: Decimal) -> None:
    """Raises ConditionsOpen where goods worth `leaving`, of `rest` that is left, may not ship yet.

    Amounts are in the order's currency. History is exempt: its goods left long ago.
    """
    if order.history:
        return
    standing = order.conditions.standing().order_by("pk")
    missing = [
        way_out(one, order, rest) for one in standing if keeps_back(one, order, leaving, rest)
    ]
    if missing:
        raise ConditionsOpen(
            _("Order %(number)s was released on conditions. %(missing)s")
            % {"number": order.number, "missing": one_after_another(missing)}
        )


def _follow_promise(
    account: CreditAccount, order: Order, due: Decimal, *, by: User | None, at: datetime
) -> None:
    credit.revise_order_promise(account=account, order_id=order.pk, amount=due, by=by, at=at)


def _mark(
    condition: ReleaseCondition,
    order: Order,
    state: ConditionState,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    condition.state = state
    if state == ConditionState.DROPPED:
        condition.dropped_at = at
    else:
        condition.met_at = at if state == ConditionState.MET else None
    condition.save(update_fields=["state", "met_at", "met_by", "evidence", "dropped_at"])
    _tell(_ACTIONS[state], condition, order, by, at, reason)


_ACTIONS = {
    ConditionState.MET: OrderAction.CONDITION_MET,
    ConditionState.OPEN: OrderAction.CONDITION_UNMET,
    ConditionState.DROPPED: OrderAction.CONDITION_DROPPED,
}


def _tell(
    action: OrderAction,
    condition: ReleaseCondition,
    order: Order,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    figures = {
        "kind": condition.kind,
        "percent": condition.percent,
        "days": condition.days,
        "amount": condition.amount,
        "text": condition.text,
        "currency": order.currency,
        "paid": order.paid_amount,
    }
    record(
        action=action,
        subject=condition,
        order_id=order.pk,
        by=by,
        at=at,
        reason=reason,
        data={name: value for name, value in figures.items() if value not in (None, "")},
    )
