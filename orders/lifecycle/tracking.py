"""What carriers say of a shipment on its way."""

from datetime import datetime

from django.db import transaction

from orders import policies
from orders.enums import OrderAction, ScanKind
from orders.errors import OrderError, TooEarly
from orders.lifecycle.books import journal
from orders.lifecycle.steps import guard_past, lock_order, may
from orders.models import Order, Shipment, TrackingEvent
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def record_scan(
    *,
    order_id: int,
    kind: str,
    by: User,
    happened_at: datetime,
    at: datetime,
    tracking_number: str = "",
    place: str = "",
    note: str = "",
) -> Order:
    """Record a carrier's scan of the shipment with that tracking number, or of the only one.

    It changes no state of the order. Raises PermissionDenied, InFuture, TooEarly where no such
    shipment has left yet, or OrderError when it is not clear which shipment is meant, and for a
    scan before the goods left.
    """
    order = lock_order(order_id)
    may(by, policies.can_ship, order)
    guard_past(happened_at, at)
    shipment = _shipment(order, tracking_number)
    if happened_at < shipment.at:
        raise OrderError(_("The carrier cannot scan goods before they left. Check both times."))
    TrackingEvent.objects.create(
        shipment=shipment,
        kind=kind,
        place=place.strip(),
        note=note.strip(),
        at=happened_at,
        recorded_by=by,
    )
    figures = {
        "kind": ScanKind(kind),
        "place": place.strip(),
        "tracking_number": shipment.tracking_number,
    }
    journal(order, OrderAction.SCANNED, order.state, by, happened_at, figures, note.strip())
    return order


def _shipment(order: Order, tracking_number: str) -> Shipment:
    shipments = list(order.shipments.order_by("pk"))
    if tracking_number:
        shipments = [one for one in shipments if one.tracking_number == tracking_number]
    if not shipments:
        raise TooEarly(
            _("No such shipment of order %(number)s has left.") % {"number": order.number}
        )
    if len(shipments) > 1:
        raise OrderError(
            _("Order %(number)s left in several shipments: give the tracking number of one.")
            % {"number": order.number}
        )
    return shipments[0]
