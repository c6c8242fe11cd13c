"""What a customer ordered before, as SQL for each order; all of it costs the same however much.

An order is compared with what was known when it was submitted; a draft, with what is known at the
moment of asking. What was released and cancelled again by then counts as no experience. However
long the history is, only so much of it is read: the latest 100 releases for the usual order, the
latest 1,000 submissions for counts and sums, one row for a yes or no.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DateTimeField,
    DecimalField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Least, Trim
from django.db.models.lookups import Exact, IsNull

from orders.enums import OrderState
from orders.models import Order
from orders.models.history import address_key

YEAR = timedelta(days=365)
# Of the customer's releases within a year, those that say what is usual, and how many it takes.
LATEST_RELEASES, FEWEST_RELEASES = 100, 3
# More orders than these are not counted.
MOST_COUNTED = 1_000

# The mean of the two values in the middle: exact, where PERCENTILE_CONT would round.
_MEDIAN = """CASE WHEN COUNT(amount) >= {fewest} THEN (
    PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY amount)
    + PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY amount DESC)) / 2 END"""


class OfLatest(Subquery):
    """An aggregate over a query that ends after so many rows."""

    template = "(SELECT %(aggregate)s FROM (%(subquery)s) latest)"

    def __init__(self, rows: QuerySet[Order, Any], aggregate: str) -> None:
        super().__init__(rows, output_field=DecimalField(), aggregate=aggregate)


def usual_total(at: datetime) -> Combinable:
    """Median total of the customer's latest releases in a year, in the order's own currency.

    NULL with fewer than three of them.
    """
    since = _submission(at, before=YEAR)
    latest = _released_before(at).filter(approved_at__gt=since).order_by("-approved_at")
    totals = _totals(latest, _in_currency() & _kept(at))
    return OfLatest(totals[:LATEST_RELEASES], _MEDIAN.format(fewest=FEWEST_RELEASES))


def count_within(window: timedelta, at: datetime) -> Combinable:
    """How many orders the customer submitted in the window that ends with this one, included."""
    return OfLatest(_submitted_within(window, at).values("pk")[:MOST_COUNTED], "COUNT(*) + 1")


def amount_within(window: timedelta, at: datetime) -> Combinable:
    """What these orders come to, of those in the order's own currency."""
    totals = _totals(_submitted_within(window, at), _in_currency())
    return F("total") + OfLatest(totals[:MOST_COUNTED], "COALESCE(SUM(amount), 0)")


def is_first(at: datetime) -> Combinable:
    """Whether no order of the customer was released before this one was submitted."""
    # The latest one is asked for, so that its index is read however many never were released.
    latest = _released_before(at).filter(_kept(at)).order_by("-approved_at").values("pk")[:1]
    return IsNull(Subquery(latest), True)


def is_new_address(at: datetime) -> Combinable:
    """Whether no order released before went to this address; NULL where it has none."""
    there = _released_before(at).alias(key=address_key("ship_to_address"))
    known = Exists(there.filter(_kept(at), key=address_key(OuterRef("ship_to_address"))))
    blank = Q(Exact(Trim("ship_to_address"), Value("")))
    return Case(When(blank, then=Value(None)), default=~known, output_field=BooleanField())


def _submission(at: datetime, before: timedelta = timedelta()) -> Combinable:
    """When the order was submitted, but not after `at`; `before` goes back from there."""
    # LEAST passes over the NULL of a draft.
    moment = Least(OuterRef("submitted_at"), Value(at, DateTimeField()))
    if not before:
        return moment
    return ExpressionWrapper(moment - Value(before, DurationField()), DateTimeField())


def _others() -> QuerySet[Order]:
    return Order.objects.filter(customer=OuterRef("customer_id")).exclude(pk=OuterRef("pk"))


def _released_before(at: datetime) -> QuerySet[Order]:
    """Of orders released at one moment, the one entered first comes before the others."""
    moment = _submission(at)
    sooner = Q(approved_at__lt=moment) | Q(pk__lt=OuterRef("pk"))
    return _others().filter(sooner, approved_at__lte=moment)


def _kept(at: datetime) -> Q:
    """Not cancelled by then, of orders released."""
    unfinished = Q(closed_at__isnull=True) | Q(closed_at__gt=_submission(at))
    return unfinished | ~Q(state=OrderState.CANCELLED)


def _submitted_within(window: timedelta, at: datetime) -> QuerySet[Order]:
    since = _submission(at, before=window)
    rows = _others().filter(submitted_at__gt=since, submitted_at__lte=_submission(at))
    return rows.order_by("-submitted_at")


def _in_currency() -> Q:
    return Q(currency=OuterRef("currency"))


def _totals(rows: QuerySet[Order], meant: Q) -> QuerySet[Order, Any]:
    """The totals of the rows; NULL for those not meant, so that the number read stays the same."""
    return rows.values(amount=Case(When(meant, then=F("total"))))
