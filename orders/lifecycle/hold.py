"""Holds: reasons why an order must not ship, each placed and released on its own."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.record import record
from orders import policies
from orders.enums import HOLDABLE, HoldReason, HoldSource, OrderAction
from orders.errors import OrderError, WrongState
from orders.lifecycle.books import went_on
from orders.lifecycle.steps import guard_reason, lock, lock_order, may
from orders.models import Hold
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def place_hold(
    *,
    order_id: int,
    reason: HoldReason,
    note: str,
    by: User | None,
    at: datetime,
    forced: bool = False,
    source: HoldSource = HoldSource.PERSON,
) -> Hold:
    """Hold an order that has goods to ship; a forced hold needs the right to force.

    `by` is None where a check, rule or ticket holds it and no person did. Raises PermissionDenied,
    OrderError without a note, or WrongState when the goods have left or the order has ended.
    """
    order = lock_order(order_id)
    if by is not None:
        may(by, policies.can_hold, order)
    if forced and not (by and by.has_perm("orders.force_hold")):
        raise PermissionDenied(_("You may not force holds."))
    if order.state not in HOLDABLE:
        raise WrongState(_("Only an order that has been submitted and not shipped can be held."))
    guard_reason(note)
    hold = Hold.objects.create(
        order=order,
        reason=reason,
        source=source,
        note=note,
        forced=forced,
        placed_at=at,
        placed_by=by,
    )
    record(
        action=OrderAction.HELD,
        subject=hold,
        order_id=order.pk,
        by=by,
        at=at,
        reason=note,
        data={"reason": reason, "forced": forced, "source": source},
    )
    return hold


@transaction.atomic
def release_hold(*, hold_id: int, note: str, by: User, at: datetime) -> Hold:
    """Release one hold; others on the same order stay.

    Raises PermissionDenied, or OrderError without a note and when somebody released it before.
    """
    _account, order = lock(Hold.objects.values_list("order_id", flat=True).get(pk=hold_id))
    hold = Hold.objects.select_related("order__customer").get(pk=hold_id)
    if not policies.can_release(by, hold):
        raise PermissionDenied(_("You may not release this hold."))
    if hold.released_at:
        raise OrderError(_("This hold was released already."))
    guard_reason(note)
    hold.released_at, hold.released_by, hold.release_note = at, by, note
    hold.save(update_fields=["released_at", "released_by", "release_note"])
    record(
        action=OrderAction.HOLD_RELEASED,
        subject=hold,
        order_id=order.pk,
        by=by,
        at=at,
        reason=note,
        data={"reason": hold.reason, "forced": hold.forced},
    )
    went_on(order, at)
    return hold
