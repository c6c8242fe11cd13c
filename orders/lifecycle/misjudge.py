"""Misjudgments: holds and checks that stopped an order without a cause, marked for the reviews."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.record import record
from orders import policies
from orders.enums import OrderAction
from orders.errors import OrderError
from orders.lifecycle.steps import guard_reason, lock_order, may
from orders.models import Decision, Hold, Misjudgment
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def mark_wrongly_held(*, hold_id: int, reason: str, by: User, at: datetime) -> Misjudgment:
    """Say of a released hold that the order should never have been held, and why.

    Raises PermissionDenied for those who may not release it, or OrderError without a reason, for a
    hold that still stands and for one that was marked before.
    """
    lock_order(Hold.objects.values_list("order_id", flat=True).get(pk=hold_id))
    hold = Hold.objects.select_related("order__customer").get(pk=hold_id)
    if not policies.can_release(by, hold):
        raise PermissionDenied(_("You may not judge this hold."))
    if not hold.released_at:
        raise OrderError(_("Release the hold first; then it can be marked as wrong."))
    if Misjudgment.objects.filter(hold=hold).exists():
        raise OrderError(_("This hold is marked as wrong already."))
    guard_reason(reason)
    made = Misjudgment.objects.create(hold=hold, code=hold.reason, reason=reason, by=by, at=at)
    record(
        action=OrderAction.WRONGLY_HELD,
        subject=hold,
        order_id=hold.order_id,
        by=by,
        at=at,
        reason=reason,
        data={"reason": hold.reason, "source": hold.source},
    )
    return made


@transaction.atomic
def mark_misjudged(
    *, decision_id: int, code: str, reason: str, by: User, at: datetime
) -> Misjudgment:
    """Say of one check of a decision that it stopped the order without a cause, and why.

    Raises PermissionDenied for those who may not decide on the order, or OrderError without a
    reason, for a check that did not block and for one that was marked before.
    """
    order = lock_order(Decision.objects.values_list("order_id", flat=True).get(pk=decision_id))
    decision = Decision.objects.get(pk=decision_id)
    may(by, policies.can_decide, order)
    if code not in decision.reason_codes:
        raise OrderError(_("This check did not stop the order."))
    if decision.misjudgments.filter(code=code).exists():
        raise OrderError(_("This check is marked as wrong already."))
    guard_reason(reason)
    made = Misjudgment.objects.create(decision=decision, code=code, reason=reason, by=by, at=at)
    record(
        action=OrderAction.MISJUDGED,
        subject=decision,
        order_id=order.pk,
        by=by,
        at=at,
        reason=reason,
        data={"check": code, "decision": decision.pk},
    )
    return made
