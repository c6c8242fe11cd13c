"""How old open invoices are, in the bands that people who collect money use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.models import Allocation, CreditAccount, Invoice, InvoiceAdjustment
from credit.models.receivable import InvoiceQuerySet
from credit.money import ZERO

# Name of each band with the days overdue at which it begins; the last one has no end.
BANDS: list[tuple[str, str | Promise, int | None]] = [
    ("due_later", _("Not due yet"), None),
    ("to_30", _("1–30 days overdue"), 1),
    ("to_60", _("31–60 days overdue"), 31),
    ("to_90", _("61–90 days overdue"), 61),
    ("older", _("More than 90 days overdue"), 91),
]
# The last day overdue of each band but the one without an end.
EDGES = (30, 60, 90)

_AMOUNT: DecimalField = DecimalField(max_digits=18, decimal_places=2)


@dataclass(frozen=True)
class Band:
    """One band with what is open in it, and that as a share of all that is open, in percent."""

    code: str
    label: str | Promise
    amount: Decimal
    share: Decimal
    count: int = 0


@dataclass(frozen=True, slots=True)
class AgedBand:
    """What is open in a band from `first` to `last` days overdue, 0 to 0 for what is not due.

    `last` is None for the band that has no end.
    """

    first: int
    last: int | None
    count: int
    amount: Decimal


def ageing(account: CreditAccount, today: date) -> list[Band]:
    """What is open now on the account's invoices by days overdue on `today`. One query."""
    return named(aged(Invoice.objects.filter(account=account), today))


def named(bands: Sequence[AgedBand]) -> list[Band]:
    """Bands with the usual edges, under their names."""
    whole = sum((band.amount for band in bands), ZERO)
    return [
        Band(code, label, band.amount, band.amount * 100 / whole if whole else ZERO, band.count)
        for (code, label, _start), band in zip(BANDS, bands, strict=True)
    ]


def aged(
    invoices: InvoiceQuerySet,
    day: date,
    edges: Sequence[int] = EDGES,
    *,
    amount: str = "open_amount",
) -> list[AgedBand]:
    """What is open of `invoices` by days overdue on `day`, in bands that end at `edges`. One query.

    With invoices `as_of` a past day, `amount` "left" takes what was open then.
    """
    firsts = [0, 1, *(edge + 1 for edge in edges)]
    lasts = [0, *edges, None]
    sums: dict[str, Any] = {}
    for place, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        within = _within(day, first, last) & Q(**{f"{amount}__gt": 0})
        sums[f"count_{place}"] = Count("pk", filter=within)
        sums[f"amount_{place}"] = Coalesce(Sum(amount, filter=within), ZERO, output_field=_AMOUNT)
    found = invoices.order_by().filter(**{f"{amount}__gt": 0}).aggregate(**sums)
    return [
        AgedBand(first, last, found[f"count_{place}"], found[f"amount_{place}"])
        for place, (first, last) in enumerate(zip(firsts, lasts, strict=True))
    ]


def as_of(invoices: InvoiceQuerySet, day: date) -> InvoiceQuerySet:
    """The invoices that were open at the end of `day`, each with what was `left` of it then.

    Open is what was issued by then and not settled by then. Allocations that were undone count as
    if they had never been.
    """
    paid = _lowered_by(Allocation.objects.standing(), day)
    adjusted = _lowered_by(InvoiceAdjustment.objects.all(), day)
    unsettled = Q(settled_on__isnull=True) | Q(settled_on__gt=day)
    return invoices.filter(unsettled, issued_on__lte=day).annotate(
        left=F("amount") - paid - adjusted
    )


def _lowered_by(documents: Any, day: date) -> Coalesce:
    sums = (
        documents.filter(invoice=OuterRef("pk"), effective_on__lte=day)
        .order_by()
        .values("invoice")
        .annotate(sum=Sum("amount"))
        .values("sum")
    )
    return Coalesce(Subquery(sums), ZERO, output_field=_AMOUNT)


def _within(day: date, first: int, last: int | None) -> Q:
    if not first:
        return Q(due_on__gte=day)
    late = Q(due_on__lte=day - timedelta(days=first))
    return late if last is None else late & Q(due_on__gte=day - timedelta(days=last))


def overdue_sum(today: date) -> Coalesce:
    """An expression on customers: what is overdue on `today`, in the account's currency."""
    late = (
        Invoice.objects.open()
        .filter(account__customer=OuterRef("pk"), due_on__lt=today)
        .order_by()
        .values("account")
        .annotate(sum=Sum("open_amount"))
        .values("sum")
    )
    return Coalesce(Subquery(late), ZERO, output_field=_AMOUNT)


@dataclass(frozen=True)
class Overdue:
    """What is overdue on an account: how much, by how many days at most, on how many invoices."""

    amount: Decimal
    days: int
    count: int


def overdue(account_id: int, today: date) -> Overdue:
    """What is overdue on `today`, disputed or not. One query."""
    late = Invoice.objects.filter(account_id=account_id, open_amount__gt=0, due_on__lt=today)
    found = late.aggregate(amount=Sum("open_amount"), first=Min("due_on"), count=Count("pk"))
    days = (today - found["first"]).days if found["first"] else 0
    return Overdue(found["amount"] or ZERO, days, found["count"])
