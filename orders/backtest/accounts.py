"""How one account stands while the past goes by."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from credit.enums import LimitType
from credit.models import CreditAccount, CreditLimit
from credit.money import ZERO

CHUNK = 1000


@dataclass(slots=True)
class OpenInvoice:
    """An invoice with something left to pay, in the account's currency.

    `counts` where it uses the limit by itself, because it belongs to no order that does.
    """

    ref: int
    number: str
    due_on: date
    open: Decimal
    counts: bool = False
    dispute: Decimal = ZERO

    @property
    def disputed(self) -> Decimal:
        """The part to which the customer objects."""
        return min(self.dispute, self.open)


@dataclass(slots=True)
class Account:
    """An account as of the last event. `limits` are all its rows, whenever they counted.

    `bought` is how many of its orders were released and not cancelled.
    """

    pk: int
    customer_id: int
    name: str
    currency: str
    ancestors: list[int]
    customer: dict[str, Any]
    segment: dict[str, Any]
    review_on: date | None
    limits: list[CreditLimit] = field(default_factory=list)
    reserved: Decimal = ZERO
    delivered: Decimal = ZERO
    receivable: Decimal = ZERO
    bought: int = 0
    broken: list[date] = field(default_factory=list)
    invoices: dict[int, OpenInvoice] = field(default_factory=dict)
    by_due: list[tuple[date, int]] = field(default_factory=list)

    @property
    def used(self) -> Decimal:
        return self.reserved + self.delivered + self.receivable

    def issue(self, invoice: OpenInvoice) -> None:
        """A new invoice, owed from now on."""
        if invoice.open > 0:
            self.invoices[invoice.ref] = invoice
            insort(self.by_due, (invoice.due_on, invoice.ref))

    def lower(self, ref: int, amount: Decimal) -> Decimal:
        """Take up to `amount` off an invoice; what that came to, nothing for a settled one."""
        invoice = self.invoices.get(ref)
        if invoice is None:
            return ZERO
        part = min(amount, invoice.open)
        invoice.open -= part
        if not invoice.open:
            del self.invoices[ref]
            del self.by_due[bisect_left(self.by_due, (invoice.due_on, ref))]
        return part

    def dispute(self, ref: int, amount: Decimal) -> None:
        """What the customer objects to about an invoice; 0 ends it."""
        if invoice := self.invoices.get(ref):
            invoice.dispute = amount

    def late(self, day: date) -> Iterator[OpenInvoice]:
        """The invoices overdue on `day`, the longest first."""
        for _due_on, ref in self.by_due[: bisect_left(self.by_due, (day, 0))]:
            yield self.invoices[ref]

    def limits_on(self, day: date, at: datetime, today: date) -> tuple[list[CreditLimit], bool]:
        """The limits that counted on `day`, by id, as far as they had not been ended by `at`.

        Where the account had no base limit yet, the one it has `today` counts, and True says so.
        """
        standing = [row for row in self.limits if row.ended_at is None or row.ended_at > at]
        base, as_now = _base(standing, day), False
        if base is None:
            base = _base([row for row in self.limits if row.ended_at is None], today)
            as_now = base is not None
        more = [
            row
            for row in standing
            if row.type != LimitType.BASE
            and row.valid_until is not None
            and row.valid_from <= day <= row.valid_until
        ]
        return sorted(more + ([base] if base else []), key=lambda row: row.pk), as_now


def _base(rows: Iterable[CreditLimit], day: date) -> CreditLimit | None:
    known = [row for row in rows if row.type == LimitType.BASE and row.valid_from <= day]
    return max(known, key=lambda row: (row.valid_from, row.pk), default=None)


def load() -> dict[int, Account]:
    """Every account with what is not kept by date, and its dated limits."""
    rows = CreditAccount.objects.select_related("customer__segment").only(
        "currency", "ancestors", "review_on", "customer__name", "customer__status",
        "customer__status_reason", "customer__risk_class", "customer__payment_days",
        "customer__segment",
    )  # fmt: skip
    found: dict[int, Account] = {}
    segments: dict[int, dict[str, Any]] = {}
    for row in rows.iterator(chunk_size=CHUNK):
        segment = row.customer.segment
        segments.setdefault(segment.pk, segment.as_facts())
        found[row.pk] = _account(row, segments[segment.pk])
    for limit in CreditLimit.objects.order_by("account", "pk").iterator(chunk_size=CHUNK):
        found[limit.account_id].limits.append(limit)
    return found


def _account(row: CreditAccount, segment: dict[str, Any]) -> Account:
    customer = row.customer
    return Account(
        pk=row.pk,
        customer_id=customer.pk,
        name=customer.name,
        currency=row.currency,
        ancestors=row.ancestors,
        customer={
            "status": customer.status,
            "status_reason": customer.status_reason,
            "risk_class": customer.risk_class,
            "payment_days": customer.payment_days,
        },
        segment=segment,
        review_on=row.review_on,
    )
