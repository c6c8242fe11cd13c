"""Bringing over invoices of another system in large numbers, open and settled ones, as sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from credit import exposure
from credit.days import moment_of
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


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An invoice as another system tells of it; `settled_on` is None while it is open."""

    account_id: int
    number: str
    amount: Decimal
    issued_on: date
    due_on: date
    settled_on: date | None = None
    disputed: bool = False


@transaction.atomic
def import_invoices(*, items: Sequence[PastInvoice], by: User, at: datetime) -> list[Invoice]:
    """Write invoices with what settled them: a receipt of the settling day, allocated in full.

    A disputed invoice gets a dispute over all of it, which a settled one has behind it. The caller
    has checked that numbers are free, amounts positive and days in order. Raises PermissionDenied.
    """
    accounts = {item.account_id for item in items}
    list(CreditAccount.objects.locked().filter(pk__in=accounts))
    if not by.has_perm("credit.import_receivables"):
        raise PermissionDenied(_("You may not import receivables."))
    invoices = Invoice.objects.bulk_create(_invoice(item) for item in items)
    pairs = list(zip(invoices, items, strict=True))
    settled = [pair for pair in pairs if pair[1].settled_on]
    receipts = Receipt.objects.bulk_create(_receipt(*pair, by, at) for pair in settled)
    Allocation.objects.bulk_create(
        _allocation(receipt, *pair, by, at) for receipt, pair in zip(receipts, settled, strict=True)
    )
    Dispute.objects.bulk_create(_dispute(*pair, by, at) for pair in pairs if pair[1].disputed)
    # First everything comes in, then goes out: no balance may be negative in between.
    LedgerEntry.objects.bulk_create(_opening(*pair, by, at) for pair in pairs)
    LedgerEntry.objects.bulk_create(_payment(*pair, by, at) for pair in settled)
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
    left = ZERO if item.settled_on else item.amount
    return Invoice(
        account_id=item.account_id,
        number=item.number,
        amount=item.amount,
        open_amount=left,
        disputed_amount=left if item.disputed else ZERO,
        issued_on=item.issued_on,
        due_on=item.due_on,
        settled_on=item.settled_on,
        source=DocumentSource.IMPORT,
        external_id=item.number,
        history=item.settled_on is not None,
    )


def _receipt(invoice: Invoice, item: PastInvoice, by: User, at: datetime) -> Receipt:
    day = _settled(item)
    return Receipt(
        account_id=item.account_id,
        amount=item.amount,
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
        amount=item.amount,
        effective_on=_settled(item),
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
        amount=item.amount,
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
    (move,) = exposure.allocate(item.amount)
    return _entry(move, invoice, by, moment_of(_settled(item), at))


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


def _settled(item: PastInvoice) -> date:
    assert item.settled_on is not None  # noqa: S101 - only settled ones come here
    return item.settled_on
