"""Facts about what has happened to an order."""

from datetime import datetime

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from orders.facts import promises
from orders.models import Hold, Shipment
from rules.facts import Boolean, Elapsed, Fact, Happened


def _partly_shipped(at: datetime) -> ExpressionWrapper:
    left = Exists(Shipment.objects.filter(order=OuterRef("pk"), at__lte=at))
    waiting = Q(shipped_at__isnull=True) | Q(shipped_at__gt=at)
    return ExpressionWrapper(Q(left) & waiting, output_field=BooleanField())


def _held(at: datetime) -> Exists:
    standing = Q(released_at__isnull=True) | Q(released_at__gt=at)
    return Exists(Hold.objects.filter(standing, order=OuterRef("pk"), placed_at__lte=at))


EVENTS: tuple[Fact, ...] = (
    Elapsed(
        name="order.since_submission",
        label=_("time since submission"),
        source="submitted_at",
        event=_("submitted"),
    ),
    Elapsed(
        name="order.since_release",
        label=_("time since release"),
        source="approved_at",
        event=_("released"),
    ),
    Elapsed(
        name="order.since_payment",
        label=_("time since payment"),
        source="paid_at",
        event=_("paid"),
    ),
    Elapsed(
        name="order.since_shipment",
        label=_("time since shipment"),
        source="shipped_at",
        event=_("shipped"),
    ),
    Elapsed(
        name="order.since_promise",
        label=_("time since the promised date"),
        source="promised_at",
        event=_("promised for a date"),
    ),
    Happened(
        name="order.released",
        label=_("release"),
        source="approved_at",
        yes=_("released"),
        no=_("not released"),
    ),
    Happened(
        name="order.paid",
        label=_("payment"),
        source="paid_at",
        yes=_("paid in full"),
        no=_("not paid in full"),
    ),
    Happened(
        name="order.shipped",
        label=_("shipment"),
        source="shipped_at",
        yes=_("shipped"),
        no=_("not shipped"),
    ),
    Boolean(
        name="order.partly_shipped",
        label=_("partial shipment"),
        source=_partly_shipped,
        yes=_("partly shipped"),
        no=_("not partly shipped"),
    ),
    Happened(
        name="order.delivered",
        label=_("delivery"),
        source="delivered_at",
        yes=_("delivered"),
        no=_("not delivered"),
    ),
    Happened(
        name="order.invoiced",
        label=_("invoice"),
        source="invoiced_at",
        yes=_("invoiced"),
        no=_("not invoiced"),
    ),
    Boolean(
        name="order.promise_broken",
        label=_("promise to pay the order"),
        source=promises.of_order_unkept,
        yes=_("promise to pay the order not kept"),
        no=_("no promise to pay the order broken"),
    ),
    Boolean(name="order.held", label=_("hold"), source=_held, yes=_("held"), no=_("not held")),
)
