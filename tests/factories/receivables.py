"""Invoices with the documents that settled them, written without the verbs."""

from datetime import UTC, datetime, time

from credit.models import Allocation, Invoice, Receipt
from tests.factories.moments import NOW
from tests.factories.staff import person


def past_invoices(rows):
    """Invoices in large numbers: (account, number, amount, issued, due, settled or None) each."""
    by = person("finance")
    invoices = Invoice.objects.bulk_create(
        Invoice(
            account=account,
            number=number,
            amount=amount,
            open_amount=0 if settled else amount,
            issued_on=issued,
            due_on=due,
            settled_on=settled,
        )
        for account, number, amount, issued, due, settled in rows
    )
    for invoice in invoices:
        if invoice.settled_on:
            allocate(invoice, invoice.amount, invoice.settled_on, by=by)
    return invoices


def allocate(invoice, amount, day, *, by=None, **values):
    """A receipt of that day, allocated to the invoice; open amounts are the caller's business."""
    by = by or person("finance")
    receipt = Receipt.objects.create(
        account_id=invoice.account_id,
        amount=amount,
        unallocated=0,
        received_on=day,
        at=datetime.combine(day, time(4), tzinfo=UTC),
        recorded_by=by,
    )
    return Allocation.objects.create(
        receipt=receipt,
        invoice=invoice,
        amount=amount,
        effective_on=day,
        at=NOW,
        by=by,
        **values,
    )
