"""Which orders a condition holds for, now or at any past moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from exceptions.detect.models import subject
from orders.models import Order
from rules.compiler import matches
from rules.facts.base import Json
from staff.models import User

MOST_COUNTED = 1_000


def holding(condition: Json, at: datetime) -> QuerySet[Order]:
    """The orders for which the condition held at `at`, imported history included."""
    return matches(condition, subject(), at)


def on_watch(condition: Json, at: datetime) -> QuerySet[Order]:
    """The orders a scan at `at` opens tickets for: those still going on, without history.

    Saying that they are not closed, besides that they were open at `at`, lets partial indexes of
    open orders serve.
    """
    return holding(condition, at).filter(history=False, closed_at__isnull=True)


@dataclass(frozen=True)
class Glance:
    """A first look at what a condition finds: how many, up to MOST_COUNTED, and the first rows."""

    count: int
    capped: bool
    rows: list[Order]


def glance(condition: Json, at: datetime, user: User, *, rows: int) -> Glance:
    """What the condition finds on watch now, among the orders this user may see."""
    found = on_watch(condition, at).filter(pk__in=Order.objects.for_user(user).values("pk"))
    count = found.order_by()[: MOST_COUNTED + 1].count()
    newest = found.select_related("customer").order_by("-pk")
    shown = list(newest[:rows]) if count else []
    return Glance(min(count, MOST_COUNTED), count > MOST_COUNTED, shown)
