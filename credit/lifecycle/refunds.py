"""Money that is given back to a customer: of a receipt's rest, or of what an order was paid."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import policies
from credit.days import company_day, moment_of
from credit.enums import AdjustmentKind, CreditAction, PaymentMethod
from credit.errors import CreditError
from credit.lifecycle.ledger import lock
from credit.lifecycle.settling import (
    adjust,
    guard_amount,
    guard_past,
    guard_reason,
    release,
)
from credit.models import Allocation, CreditAccount, Receipt, Refund
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def refund(
    *,
    receipt_id: int,
    amount: Decimal,
    refunded_on: date,
    reason: str,
    by: User,
    at: datetime,
    method: str = PaymentMethod.TRANSFER,
    reference: str = "",
) -> Refund:
    """Give back what is left of a receipt, in the account's currency.

    The ledger does not move, since money that found no invoice never entered it. Raises
    PermissionDenied, or CreditError for more than is left, for a day before the money came or yet
    to come, without a reason, and for money that was paid for one order.
    """
    account = lock(Receipt.objects.values_list("account_id", flat=True).get(pk=receipt_id))
    receipt = Receipt.objects.get(pk=receipt_id)
    if not policies.can_refund(by, account):
        raise PermissionDenied(_("You may not give money back to this customer."))
    if receipt.order_id:
        raise CreditError(_("This money was paid for one order. Give it back on that order."))
    guard_amount(amount, receipt.unallocated)
    _guard_day(receipt, refunded_on, at)
    guard_reason(reason)
    _guard_reference(account, reference)
    made = _give(
        receipt, amount, moment_of(refunded_on, at), by, method, reference.strip(), reason.strip()
    )
    record(
        action=CreditAction.RECEIPT_REFUNDED,
        subject=receipt,
        by=by,
        at=at,
        reason=made.reason,
        data={"amount": amount, "reference": made.reference, "currency": account.currency},
    )
    return made


def refund_for_order(
    *,
    order_id: int,
    amount: Decimal,
    reason: str,
    by: User,
    happened_at: datetime,
    at: datetime,
    method: str,
    reference: str,
) -> None:
    """Write the documents of money given back for an order, in the account's currency.

    What found no invoice goes first, the youngest money before the older. Then what had paid for
    goods that came back: their invoices get a credit note over it. The caller holds the account's
    lock, posts the ledger and knows that so much was paid.
    """
    left = amount
    told = (happened_at, by, method, reference, reason)
    for receipt in Receipt.objects.filter(order_id=order_id, unallocated__gt=0).order_by("-pk"):
        if part := min(left, receipt.unallocated):
            _give(receipt, part, *told)
            left -= part
    used = Allocation.objects.standing().filter(invoice__order_id=order_id)
    for allocation in used.select_related("receipt", "invoice").order_by("-pk") if left else ():
        if part := min(left, allocation.amount):
            _free(allocation, part, reason, by, at)
            _give(allocation.receipt, part, *told)
            left -= part


def _free(allocation: Allocation, part: Decimal, reason: str, by: User, at: datetime) -> None:
    """Take a part of an allocation off its invoice, which a credit note lowers by as much.

    Both count from the allocation's day, so that the invoice stays settled as it was.
    """
    receipt, invoice = allocation.receipt, allocation.invoice
    release(allocation, part, reason, by, at)
    note = adjust(
        invoice,
        AdjustmentKind.CREDIT_NOTE,
        part,
        reason=reason,
        on=allocation.effective_on,
        by=by,
        at=at,
    )
    record(
        action=CreditAction.CREDIT_NOTED,
        subject=invoice,
        by=by,
        at=at,
        order_id=invoice.order_id,
        reason=reason,
        data={"number": note.number, "amount": part, "currency": receipt.account.currency},
    )


def _give(
    receipt: Receipt,
    amount: Decimal,
    happened_at: datetime,
    by: User,
    method: str,
    reference: str,
    reason: str,
) -> Refund:
    receipt.unallocated -= amount
    receipt.save(update_fields=["unallocated"])
    return Refund.objects.create(
        receipt=receipt,
        amount=amount,
        method=method,
        reference=reference,
        reason=reason,
        refunded_on=company_day(happened_at),
        at=happened_at,
        recorded_by=by,
    )


def _guard_day(receipt: Receipt, day: date, at: datetime) -> None:
    guard_past(day, at)
    if day < receipt.received_on:
        raise CreditError(_("Money cannot be given back before it came. Check the day."))


def _guard_reference(account: CreditAccount, reference: str) -> None:
    taken = Refund.objects.filter(receipt__account=account, receipt__order_id=None)
    if reference.strip() and taken.filter(reference=reference.strip()).exists():
        raise CreditError(
            _("The refund with reference %(reference)s is recorded already.")
            % {"reference": reference}
        )
