"""How old an account's open invoices are, in the bands that people who collect money use."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.models import CreditAccount, Invoice
from credit.money import ZERO

# Name of each band with the days overdue at which it begins; the last one has no end.
BANDS: list[tuple[str, str | Promise, int | None]] = [
    ("due_later", _("Not due yet"), None),
    ("to_30", _("1–30 days overdue"), 1),
    ("to_60", _("31–60 days overdue"), 31),
    ("to_90", _("61–90 days overdue"), 61),
    ("older", _("More than 90 days overdue"), 91),
]


@dataclass(frozen=True)
class Band:
    """One band with what is open in it, and that as a share of all that is open, in percent."""

    code: str
    label: str | Promise
    amount: Decimal
    share: Decimal


def ageing(account: CreditAccount, today: date) -> list[Band]:
    """What is open on the account's invoices by days overdue on `today`. One query."""
    ends = [start for _code, _label, start in BANDS[2:] if start] + [None]
    sums: dict[str, Any] = {"due_later": _sum(Q(due_on__gte=today))}
    for (code, _label, start), end in zip(BANDS[1:], ends, strict=True):
        late = Q(due_on__lte=today - timedelta(days=start or 1))
        sums[code] = _sum(late & Q(due_on__gt=today - timedelta(days=end)) if end else late)
    found = Invoice.objects.open().filter(account=account).order_by().aggregate(**sums)
    whole = sum(found.values(), ZERO)
    return [
        Band(code, label, found[code], found[code] * 100 / whole if whole else ZERO)
        for code, label, _start in BANDS
    ]


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


_AMOUNT: DecimalField = DecimalField(max_digits=18, decimal_places=2)


def _sum(condition: Q) -> Coalesce:
    return Coalesce(Sum("open_amount", filter=condition), ZERO, output_field=_AMOUNT)


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
