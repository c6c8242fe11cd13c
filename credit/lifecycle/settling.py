"""How an invoice's open amount goes down and up again. Callers hold the account's lock."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max

from credit.days import company_day
from credit.enums import AdjustmentKind, CreditAction, DisputeOutcome
from credit.errors import CreditError
from credit.models import Allocation, Dispute, Invoice, InvoiceAdjustment, Receipt
from credit.money import is_amount
from credit.signals import invoice_open_amount_changed
from journal.record import record
from staff.figures import money
from staff.models import User
from staff.sentences import kept
from staff.sentences import sentence as _

PREFIXES = {
    AdjustmentKind.CREDIT_NOTE: "CN",
    AdjustmentKind.WRITE_OFF: "WO",
    AdjustmentKind.DECLARED: "DP",
}


def pay_invoice(
    receipt: Receipt, invoice: Invoice, part: Decimal, by: User, at: datetime
) -> Allocation:
    """Let a part of a receipt pay an invoice."""
    made = Allocation.objects.create(
        receipt=receipt,
        invoice=invoice,
        amount=part,
        effective_on=max(receipt.received_on, invoice.issued_on),
        at=at,
        by=by,
    )
    receipt.unallocated -= part
    receipt.save(update_fields=["unallocated"])
    take_off(invoice, part, on=made.effective_on, by=by, at=at)
    return made


def release(allocation: Allocation, part: Decimal, reason: str, by: User, at: datetime) -> None:
    """Take a part of an allocation off its invoice again: it is undone, and the rest made anew."""
    receipt, invoice = allocation.receipt, allocation.invoice
    allocation.reversed_at, allocation.reversed_by = at, by
    allocation.reversal_reason = reason
    allocation.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])
    receipt.unallocated += allocation.amount
    receipt.save(update_fields=["unallocated"])
    put_back(invoice, allocation.amount)
    if rest := allocation.amount - part:
        pay_invoice(receipt, invoice, rest, by, at)


def take_off(invoice: Invoice, amount: Decimal, *, on: date, by: User | None, at: datetime) -> None:
    """Lower the open amount; when nothing is left the invoice is settled and its dispute over.

    `on` is the day from which the document counts that lowers it, and is written before this.
    """
    invoice.open_amount -= amount
    invoice.disputed_amount = min(invoice.disputed_amount, invoice.open_amount)
    if not invoice.open_amount:
        invoice.settled_on = max(on, *_days(invoice))
        _end_dispute(invoice, by, at)
    invoice.save(update_fields=["open_amount", "disputed_amount", "settled_on"])


def put_back(invoice: Invoice, amount: Decimal) -> None:
    """Raise the open amount again, which reopens a settled invoice."""
    invoice.open_amount += amount
    invoice.settled_on = None
    dispute = invoice.disputes.open().first()
    if dispute:
        invoice.disputed_amount = min(dispute.amount, invoice.open_amount)
    invoice.save(update_fields=["open_amount", "disputed_amount", "settled_on"])


def adjust(
    invoice: Invoice,
    kind: AdjustmentKind,
    amount: Decimal,
    *,
    reason: str,
    on: date,
    by: User | None,
    at: datetime,
    number: str = "",
) -> InvoiceAdjustment:
    """Write the document that lowers an invoice without money, and lower it.

    Raises CreditError when the number is taken.
    """
    reason, said = kept(reason)
    made, new = InvoiceAdjustment.objects.get_or_create(
        number=number or next_number(invoice, kind),
        defaults={
            "invoice": invoice,
            "kind": kind,
            "amount": amount,
            "reason": reason,
            "said": said,
            "effective_on": max(on, invoice.issued_on),
            "at": at,
            "by": by,
        },
    )
    if not new:
        raise CreditError(_("Number %(number)s is taken. Choose another.") % {"number": number})
    take_off(invoice, amount, on=made.effective_on, by=by, at=at)
    return made


def next_number(invoice: Invoice, kind: AdjustmentKind) -> str:
    """The usual number of the invoice's next document of a kind, as in CN-INV-7 or WO-INV-7-2."""
    earlier = invoice.adjustments.filter(kind=kind).count()
    number = f"{PREFIXES[kind]}-{invoice.number}"
    return f"{number}-{earlier + 1}" if earlier else number


def tell_order(
    invoice: Invoice, paid: Decimal, *, by: User, at: datetime, happened_at: datetime
) -> None:
    """Let the order follow whose invoice this is."""
    if invoice.order_id:
        # Received by orders.receivers.follow_invoice.
        invoice_open_amount_changed.send(
            sender=Invoice, invoice=invoice, paid=paid, by=by, at=at, happened_at=happened_at
        )


def guard_amount(amount: Decimal, most: Decimal) -> None:
    """Raises CreditError for an amount that is not money, is nothing, or is more than `most`."""
    if not is_amount(amount) or amount <= 0:
        raise CreditError(_("The amount must be more than 0, in whole cents."))
    if amount > most:
        text = _("The amount is more than the %(most)s left open.")
        raise CreditError(text % {"most": money(most)})


def guard_reason(reason: str) -> None:
    """Raises CreditError when nothing is said where a document needs a reason."""
    if not reason.strip():
        raise CreditError(_("Write why: it is kept with the document."))


def guard_past(day: date, at: datetime) -> None:
    """Raises CreditError for a day that has not come yet."""
    if day > company_day(at):
        raise CreditError(_("This day lies in the future. Enter the day on which it happened."))


def _days(invoice: Invoice) -> list[date]:
    """The days from which earlier documents count that lowered the invoice."""
    paid = invoice.allocations.standing().aggregate(last=Max("effective_on"))["last"]
    adjusted = invoice.adjustments.aggregate(last=Max("effective_on"))["last"]
    return [day for day in (invoice.issued_on, paid, adjusted) if day]


def _end_dispute(invoice: Invoice, by: User | None, at: datetime) -> None:
    dispute = invoice.disputes.open().first()
    if dispute is not None:
        end_dispute(dispute, DisputeOutcome.SETTLED, "", by=by, at=at)


def end_dispute(
    dispute: Dispute, outcome: str, note: str, *, by: User | None, at: datetime
) -> None:
    """Write down how a dispute ended."""
    dispute.resolved_at, dispute.resolved_by = at, by
    dispute.outcome, dispute.resolution_note = outcome, note
    dispute.save(update_fields=["resolved_at", "resolved_by", "outcome", "resolution_note"])
    record(
        action=CreditAction.DISPUTE_RESOLVED,
        subject=dispute.invoice,
        by=by,
        at=at,
        order_id=dispute.invoice.order_id,
        reason=note,
        data={"amount": dispute.amount, "outcome": outcome},
    )
