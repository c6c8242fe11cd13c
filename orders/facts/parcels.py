"""Facts about goods on their way, and about goods promised beyond what there is.

A shipment counts from when it left. Scans carry the moment at which the carrier made them.
"""

from datetime import datetime

from django.db.models import Exists, F, Min, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from orders.models import Allocation, Shipment, Stock, TrackingEvent
from rules.facts import Boolean, Elapsed, Fact


def _unscanned_since(at: datetime) -> Subquery:
    """When the oldest shipment left that no carrier had scanned by `at`."""
    scans = TrackingEvent.objects.filter(shipment=OuterRef("pk"), at__lte=at)
    left = Shipment.objects.filter(order=OuterRef("pk"), at__lte=at).filter(~Exists(scans))
    oldest = left.order_by().values("order").annotate(oldest=Min("at"))
    return Subquery(oldest.values("oldest"))


def _last_scan(at: datetime) -> Subquery:
    """When a carrier last scanned a shipment of the order by `at`."""
    scans = TrackingEvent.objects.filter(shipment__order=OuterRef("pk"), at__lte=at)
    return Subquery(scans.order_by("-at").values("at")[:1])


def _oversold(_at: datetime) -> Exists:
    place = Stock.objects.filter(
        product=OuterRef("order_line__product"),
        warehouse=OuterRef("warehouse"),
        allocated__gt=F("on_hand"),
    )
    kept = Allocation.objects.filter(order_line__order=OuterRef("pk"))
    return Exists(kept.filter(Exists(place)))


PARCELS: tuple[Fact, ...] = (
    Elapsed(
        name="order.since_unscanned_shipment",
        label=_("time since a shipment that no carrier has scanned"),
        source=_unscanned_since,
        event=_("shipped without a scan by the carrier"),
    ),
    Elapsed(
        name="order.since_scan",
        label=_("time since the last carrier scan"),
        source=_last_scan,
        event=_("scanned by the carrier"),
    ),
    Boolean(
        name="order.oversold",
        label=_("oversold goods"),
        source=_oversold,
        yes=_("is promised more than is on hand"),
        no=_("is promised nothing that is not on hand"),
        as_now=_("stock and what is allocated of it"),
    ),
)
