"""Facts about who orders, and how the order compares with what they ordered before.

The customer's standing keeps no history of its own, so it counts as it is now.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from credit.enums import CustomerStatus
from orders.facts import history, promises
from orders.facts.contents import CODES
from rules.facts import Boolean, Elapsed, Fact, Money, Multiple, Number
from rules.facts.base import Label

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


def _count(name: str, label: Label, window: timedelta) -> Number:
    return Number(
        name=name,
        label=label,
        source=partial(history.count_within, window),
        of_others=True,
        minimum=0,
        maximum=history.MOST_COUNTED,
        decimals=0,
    )


def _watched(at: datetime) -> ExpressionWrapper:
    risky = (CustomerStatus.WATCH, CustomerStatus.BLACKLISTED)
    return ExpressionWrapper(Q(customer__status__in=risky), BooleanField())


CUSTOMER: tuple[Fact, ...] = (
    Boolean(
        name="order.customer_watch",
        label=_("standing of the customer"),
        source=_watched,
        yes=_("customer on the watch list or blacklist"),
        no=_("customer on neither watch list nor blacklist"),
        as_now=_("whether the customer is on the watch list or blacklisted"),
    ),
    Elapsed(
        name="order.customer_age",
        label=_("time since the customer was created"),
        source="customer__created_at",
        event=_("customer created"),
    ),
    Boolean(
        name="order.first_order",
        label=_("first order of the customer"),
        source=history.is_first,
        of_others=True,
        yes=_("first order of the customer"),
        no=_("customer has ordered before"),
    ),
    Boolean(
        name="order.new_ship_to",
        label=_("new ship-to address"),
        source=history.is_new_address,
        of_others=True,
        yes=_("ship-to address new for the customer"),
        no=_("ship-to address known from earlier orders"),
    ),
    Multiple(
        name="order.times_median",
        label=_("size of the order"),
        source="total",
        whole=history.usual_total,
        of_others=True,
        unit_label=_("times the customer's usual order"),
    ),
    Number(
        name="order.broken_promises",
        label=_("number of promises to pay that the customer did not keep within a year"),
        source=promises.unkept_count,
        minimum=0,
        maximum=history.MOST_COUNTED,
        decimals=0,
    ),
    _count("order.count_1h", _("number of orders by the customer within an hour"), _HOUR),
    _count("order.count_24h", _("number of orders by the customer within 24 hours"), _DAY),
    _count("order.count_7d", _("number of orders by the customer within 7 days"), _WEEK),
    Money(
        name="order.amount_24h",
        label=_("amount ordered by the customer within 24 hours"),
        source=partial(history.amount_within, _DAY),
        of_others=True,
        currencies=CODES,
    ),
)
