"""Holds: reasons why an order must not ship, each placed and released on its own."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from journal.record import record
from orders import policies
from orders.enums import UNSHIPPED, HoldReason, OrderAction
from orders.errors import OrderError, WrongState
from orders.lifecycle.steps import guard_reason, lock_order, may
from orders.models import Hold
from staff.models import User


@transaction.atomic
def place_hold(
    *,
    order_id: int,
    reason: HoldReason,
    note: str,
    by: User,
    at: datetime,
    forced: bool = False,
) -> Hold:
    """Hold an order that has not shipped; a forced hold needs the right to force, also to release.

    Raises PermissionDenied, OrderError without a note, or WrongState when the goods have left or
    the order has ended.
    """
    order = lock_order(order_id)
    may(by, policies.can_hold, order)
    if forced and not by.has_perm("orders.force_hold"):
        raise PermissionDenied(_("You may not force holds."))
    if order.state not in UNSHIPPED:
        raise WrongState(_("Only an order that has been submitted and not shipped can be held."))
    guard_reason(note)
    hold = Hold.objects.create(
        order=order, reason=reason, note=note, forced=forced, placed_at=at, placed_by=by
    )
    record(
        action=OrderAction.HELD,
        subject=hold,
        order_id=order.pk,
        by=by,
        at=at,
        reason=note,
        data={"reason": reason, "forced": forced},
    )
    return hold


@transaction.atomic
def release_hold(*, hold_id: int, note: str, by: User, at: datetime) -> Hold:
    """Release one hold; others on the same order stay.

    Raises PermissionDenied, or OrderError without a note and when somebody released it before.
    """
    lock_order(Hold.objects.values_list("order_id", flat=True).get(pk=hold_id))
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
        order_id=hold.order_id,
        by=by,
        at=at,
        reason=note,
        data={"reason": hold.reason, "forced": hold.forced},
    )
    return hold
