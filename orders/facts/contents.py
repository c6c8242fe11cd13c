"""Facts about what an order says: its amounts, its terms, where it goes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import NullIf
from django.utils.translation import gettext_lazy as _

from credit.money import CURRENCIES
from orders.enums import Source
from orders.models import OrderLine
from rules.facts import Choice, Fact, Money, Number, Percent, Ratio, Text
from rules.operators import AT_MOST, LESS_THAN

CODES = tuple(code for code, _name in CURRENCIES)


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


def _lines() -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order=OuterRef("pk")).order_by()


def _at_list_price() -> Subquery:
    """What the lines would come to at their list prices; NULL when one of them is not known."""
    summed = (
        _lines()
        .values("order")
        .annotate(
            unknown=Count("pk") - Count("list_price"), whole=Sum(F("quantity") * F("list_price"))
        )
    )
    return Subquery(summed.filter(unknown=0).values("whole"), output_field=DecimalField())


def _largest_discount() -> Subquery:
    largest = _lines().order_by("-discount_percent").values("discount_percent")
    return Subquery(largest[:1])


CONTENTS: tuple[Fact, ...] = (
    Money(name="order.total", label=_("order total"), source="total", currencies=CODES),
    Margin(name="order.margin", label=_("margin"), source=F("net") - F("cost"), whole="net"),
    Percent(
        name="order.discount",
        label=_("largest discount on a line"),
        source=_largest_discount(),
        minimum=0,
        maximum=100,
    ),
    # Less discount, in percent of what the lines would come to at their list prices.
    Ratio(
        name="order.below_list",
        label=_("reduction from the list price"),
        source=_at_list_price() - F("net"),
        whole=_at_list_price(),
    ),
    Number(
        name="order.payment_days",
        label=_("payment term"),
        source="payment_days",
        unit_label=_("days"),
        minimum=0,
        maximum=365,
        decimals=0,
    ),
    Text(
        name="order.ship_to_address",
        label=_("ship-to address"),
        source=NullIf(F("ship_to_address"), Value("")),
    ),
    Text(name="order.note", label=_("note"), source="note"),
    Choice(name="order.source", label=_("way in"), source="source", choices=tuple(Source.choices)),
)
