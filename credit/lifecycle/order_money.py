"""The documents of money that is paid for one order.

Callers hold the account's lock, post the ledger and keep the order.
"""

from datetime import UTC, datetime
from decimal import Decimal

from credit.days import company_day
from credit.enums import AdjustmentKind, CreditAction, DocumentSource, PaymentMethod
from credit.lifecycle.settling import adjust, pay_invoice, release
from credit.models import Allocation, CreditAccount, Invoice, Receipt
from journal.models import Entry
from staff.models import User
from staff.sentences import sentence as _

_UNKNOWN = datetime.max.replace(tzinfo=UTC)


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
    for invoice in _oldest_first(order_id):
        if part := min(receipt.unallocated, invoice.open_amount):
            pay_invoice(receipt, invoice, part, by, at)
    return receipt


def _oldest_first(order_id: int) -> list[Invoice]:
    """The order's open invoices as they were issued, in whatever order they were told."""
    found = list(Invoice.objects.open().filter(order_id=order_id))
    if len(found) > 1:
        issued = _issued(order_id)
        found.sort(key=lambda invoice: (invoice.due_on, issued.get(invoice.pk, _UNKNOWN)))
    return found


def _issued(order_id: int) -> dict[int, datetime]:
    """When each invoice of the order was issued."""
    told = Entry.objects.filter(order_id=order_id, action=CreditAction.INVOICE_ISSUED)
    return dict(told.values_list("subject_id", "at"))


def pay_before_later(invoice: Invoice, order_id: int, *, by: User, at: datetime) -> None:
    """Let an invoice that is told late have the order's money that has paid for later ones.

    `at` is when it was issued. The ledger does not move: so much of the order is paid as before.
    """
    later = [pk for pk, moment in _issued(order_id).items() if moment > at]
    used = Allocation.objects.standing().filter(invoice__in=later, receipt__order_id=order_id)
    for pk in list(used.order_by("-pk").values_list("pk", flat=True)) if later else ():
        # Each as it is by then: two of them may lie on one invoice, or come from one receipt.
        allocation = Allocation.objects.select_related("receipt", "invoice").get(pk=pk)
        if part := min(invoice.open_amount, allocation.amount):
            release(allocation, part, _("An earlier invoice was told later."), by, at)
            pay_invoice(allocation.receipt, invoice, part, by, at)


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
