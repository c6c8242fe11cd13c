"""The documents of money that is paid for one order.

Callers hold the account's lock, post the ledger and keep the order.
"""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from credit.days import company_day
from credit.enums import AdjustmentKind, DocumentSource, PaymentMethod
from credit.lifecycle.settling import adjust, pay_invoice
from credit.models import CreditAccount, Invoice, Receipt
from staff.models import User


def receive_for_order(
    *,
    account: CreditAccount,
    order_id: int,
    amount: Decimal,
    by: User,
    at: datetime,
    method: str = PaymentMethod.TRANSFER,
    reference: str = "",
) -> Receipt:
    """Keep the document of a payment for one order and take it off that order's open invoices.

    `at` is when the money came in.
    """
    receipt = Receipt.objects.create(
        account=account,
        order_id=order_id,
        amount=amount,
        unallocated=amount,
        received_on=company_day(at),
        at=at,
        recorded_by=by,
        method=method,
        reference=reference,
        source=DocumentSource.ORDER,
    )
    for invoice in Invoice.objects.open().filter(order_id=order_id):
        if part := min(receipt.unallocated, invoice.open_amount):
            pay_invoice(receipt, invoice, part, by, at)
    return receipt


def declare_paid(*, order_id: int, by: User, at: datetime) -> None:
    """Let go what is open on an order's invoices because a source calls the order paid."""
    for invoice in Invoice.objects.open().filter(order_id=order_id):
        adjust(
            invoice,
            AdjustmentKind.DECLARED,
            invoice.open_amount,
            reason=_("The source says that it is paid."),
            on=company_day(at),
            by=by,
            at=at,
        )


def cover_from_order(invoice: Invoice, amount: Decimal, *, by: User, at: datetime) -> Decimal:
    """Take payments received for the invoice's order off it, up to `amount`; what they came to.

    The ledger does not move: the money counted as paid from the day on which it came in.
    """
    left = amount
    waiting = Receipt.objects.filter(order_id=invoice.order_id, unallocated__gt=0)
    for receipt in waiting.order_by("received_on", "pk") if left > 0 else ():
        part = min(receipt.unallocated, left)
        if part > 0:
            pay_invoice(receipt, invoice, part, by, at)
            left -= part
    return amount - left
