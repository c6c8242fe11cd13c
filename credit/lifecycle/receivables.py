"""What customers owe on invoices. Callers hold the account's lock."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from credit.enums import CreditAction
from credit.errors import CreditError
from credit.models import CreditAccount, Invoice
from journal.record import record
from staff.models import User


def issue_invoice(
    *,
    account: CreditAccount,
    number: str,
    order_id: int,
    amount: Decimal,
    open_amount: Decimal,
    issued_on: date,
    due_on: date,
    by: User,
    at: datetime,
) -> Invoice:
    """Record the claim for an order.

    `open_amount` is what is left to pay of `amount`, in the account's currency. Raises CreditError
    when the number is taken, also by somebody who takes it at the same moment.
    """
    invoice, made = Invoice.objects.get_or_create(
        number=number,
        defaults={
            "account": account,
            "order_id": order_id,
            "amount": amount,
            "open_amount": open_amount,
            "issued_on": issued_on,
            "due_on": due_on,
            "settled_on": None if open_amount else issued_on,
        },
    )
    if not made:
        raise CreditError(
            _("Invoice number %(number)s is taken. Choose another.") % {"number": number}
        )
    record(
        action=CreditAction.INVOICE_ISSUED,
        subject=invoice,
        by=by,
        at=at,
        order_id=order_id,
        data={"number": number, "amount": amount, "currency": account.currency},
    )
    return invoice


def settle_invoices(*, order_id: int, amount: Decimal, on: date) -> None:
    """Take a payment of `amount` off the order's open invoices, the oldest due first."""
    for invoice in Invoice.objects.open().filter(order_id=order_id).select_for_update():
        part = min(amount, invoice.open_amount)
        invoice.open_amount -= part
        amount -= part
        invoice.settled_on = None if invoice.open_amount else max(on, invoice.issued_on)
        invoice.save(update_fields=["open_amount", "settled_on"])
        if not amount:
            return
