"""What rules may ask about orders, as of a moment.

What an order says (amounts, ship-to, note) is fixed once it is submitted, and drafts are outside
the scope; what happens to it carries the moment it happened. So the same question asked about any
past hour has the answer it had then, as far as it is known now.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext_lazy as _

from credit.money import CURRENCIES
from orders.enums import Source
from orders.models import Hold, Order
from rules.facts import Boolean, Choice, Elapsed, Happened, Money, Ratio, Text
from rules.operators import AT_MOST, LESS_THAN
from rules.subjects import Subject, register
from staff.models import User

# Facts that only some may read: fact name -> permission. Others see that the rule held, not how.
GUARDED = {"order.margin": "orders.view_margin"}


def can_read(user: User, fact_name: str) -> bool:
    """Whether the value of the fact may be shown to `user`."""
    return fact_name not in GUARDED or user.has_perm(GUARDED[fact_name])


@dataclass(frozen=True, kw_only=True, eq=False)
class Margin(Ratio):
    """Margin in per cent of the net amount, compared exactly.

    The rounded margin of the row narrows the search first, so that its index serves: an exact
    margin below a threshold of two decimals is never rounded to more than the threshold.
    """

    def holds(self, operator: str, value: Decimal, at: datetime) -> Q:
        exact = super().holds(operator, value, at)
        if operator in (LESS_THAN, AT_MOST):
            return Q(margin_percent__lte=value) & exact
        return Q(margin_percent__gte=value) & exact


def _held(at: datetime) -> Exists:
    standing = Q(released_at__isnull=True) | Q(released_at__gt=at)
    return Exists(Hold.objects.filter(standing, order=OuterRef("pk"), placed_at__lte=at))


ORDER = register(
    Subject(
        name="order",
        label=_("order"),
        model=Order,
        scope=lambda at: Order.objects.open_as_of(at),
        facts=(
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
                name="order.held", label=_("hold"), source=_held, yes=_("held"), no=_("not held")
            ),
            Money(
                name="order.total",
                label=_("order total"),
                source="total",
                currencies=tuple(code for code, _name in CURRENCIES),
            ),
            Margin(
                name="order.margin", label=_("margin"), source=F("net") - F("cost"), whole="net"
            ),
            Text(
                name="order.ship_to_address",
                label=_("ship-to address"),
                source=NullIf(F("ship_to_address"), Value("")),
            ),
            Text(name="order.note", label=_("note"), source="note"),
            Choice(
                name="order.source",
                label=_("way in"),
                source="source",
                choices=tuple(Source.choices),
            ),
        ),
    )
)
