"""Bringing over invoices of another system in large numbers, open and settled ones, as sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import exposure
from credit.days import company_day, moment_of
from credit.enums import (
    CreditAction,
    DisputeOutcome,
    DisputeReason,
    DocumentSource,
    PaymentMethod,
)
from credit.models import (
    Allocation,
    CreditAccount,
    Dispute,
    Invoice,
    LedgerEntry,
    Receipt,
)
from credit.money import ZERO
from journal.models import Entry
from journal.record import entry
from staff.models import User
from staff.sentences import sentence as _


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An invoice as another system tells of it; `settled_on` is None while it is open.

    `paid` is what came in for one that is still open, and `paid_on` the day of the last of it.
    """

    account_id: int
    number: str
    amount: Decimal
    issued_on: date
    due_on: date
    settled_on: date | None = None
    disputed: bool = False
    paid: Decimal = ZERO
    paid_on: date | None = None

    @property
    def received(self) -> Decimal:
        """What came in for it."""
        return self.amount if self.settled_on else self.paid

    @property
    def left(self) -> Decimal:
        """What is open on it."""
        return self.amount - self.received


@transaction.atomic
def import_invoices(*, items: Sequence[PastInvoice], by: User, at: datetime) -> list[Invoice]:
    """Write invoices with what was paid of them: a receipt, allocated in full.

    Its day is that of the settlement, else of the last payment, else the present one. A disputed
    invoice gets a dispute over what is open, which a settled one has behind it. The caller has
    checked that numbers are free, amounts positive and days in order. Raises PermissionDenied.
    """
    accounts = {item.account_id for item in items}
    list(CreditAccount.objects.locked().filter(pk__in=accounts))
    if not by.has_perm("credit.import_receivables"):
        raise PermissionDenied(_("You may not import receivables."))
    invoices = Invoice.objects.bulk_create(_invoice(item) for item in items)
    pairs = list(zip(invoices, items, strict=True))
    paid = [pair for pair in pairs if pair[1].received]
    receipts = Receipt.objects.bulk_create(_receipt(*pair, by, at) for pair in paid)
    Allocation.objects.bulk_create(
        _allocation(receipt, *pair, by, at) for receipt, pair in zip(receipts, paid, strict=True)
    )
    Dispute.objects.bulk_create(_dispute(*pair, by, at) for pair in pairs if pair[1].disputed)
    # First everything comes in, then goes out: no balance may be negative in between.
    LedgerEntry.objects.bulk_create(_opening(*pair, by, at) for pair in pairs)
    LedgerEntry.objects.bulk_create(_payment(*pair, by, at) for pair in paid)
    Entry.objects.bulk_create(
        entry(
            action=CreditAction.INVOICE_OPENED,
            subject=invoice,
            by=by,
            at=at,
            data={"number": invoice.number, "amount": invoice.amount, "imported": True},
        )
        for invoice in invoices
    )
    return invoices


def _invoice(item: PastInvoice) -> Invoice:
    return Invoice(
        account_id=item.account_id,
        number=item.number,
        amount=item.amount,
        open_amount=item.left,
        disputed_amount=item.left if item.disputed else ZERO,
        issued_on=item.issued_on,
        due_on=item.due_on,
        settled_on=item.settled_on,
        source=DocumentSource.IMPORT,
        external_id=item.number,
        history=item.settled_on is not None,
    )


def _receipt(invoice: Invoice, item: PastInvoice, by: User, at: datetime) -> Receipt:
    day = _paid_on(item, at)
    return Receipt(
        account_id=item.account_id,
        amount=item.received,
        unallocated=ZERO,
        received_on=day,
        at=moment_of(day, at),
        recorded_by=by,
        method=PaymentMethod.OTHER,
        source=DocumentSource.IMPORT,
        external_id=invoice.number,
        history=True,
    )


def _allocation(
    receipt: Receipt, invoice: Invoice, item: PastInvoice, by: User, at: datetime
) -> Allocation:
    return Allocation(
        receipt=receipt,
        invoice=invoice,
        amount=item.received,
        effective_on=_paid_on(item, at),
        at=at,
        by=by,
    )


def _dispute(invoice: Invoice, item: PastInvoice, by: User, at: datetime) -> Dispute:
    ended: dict[str, Any] = {}
    if item.settled_on:
        ended = {
            "resolved_at": moment_of(item.settled_on, at),
            "resolved_by": by,
            "outcome": DisputeOutcome.SETTLED,
        }
    return Dispute(
        invoice=invoice,
        amount=item.left or item.amount,
        reason=DisputeReason.OTHER,
        note=_("Disputed according to the source."),
        opened_at=moment_of(item.issued_on, at),
        opened_by=by,
        **ended,
    )


def _opening(invoice: Invoice, item: PastInvoice, by: User, at: datetime) -> LedgerEntry:
    (move,) = exposure.opening(item.amount)
    return _entry(move, invoice, by, moment_of(item.issued_on, at))


def _payment(invoice: Invoice, item: PastInvoice, by: User, at: datetime) -> LedgerEntry:
    (move,) = exposure.allocate(item.received)
    return _entry(move, invoice, by, moment_of(_paid_on(item, at), at))


def _entry(move: exposure.Move, invoice: Invoice, by: User, at: datetime) -> LedgerEntry:
    return LedgerEntry(
        account_id=invoice.account_id,
        at=at,
        movement=move.movement,
        from_bucket=move.from_bucket,
        to_bucket=move.to_bucket,
        amount=move.amount,
        invoice=invoice,
        document=invoice.number,
        by=by,
    )


def _paid_on(item: PastInvoice, at: datetime) -> date:
    return item.settled_on or item.paid_on or company_day(at)
