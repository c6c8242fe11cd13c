"""Money that comes in: recorded, allocated to invoices, and taken off them again."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import exposure, policies
from credit.allocation import Part, oldest_first
from credit.days import moment_of
from credit.enums import CreditAction, PaymentMethod
from credit.errors import CreditError
from credit.lifecycle.adjustments import write_off_residues
from credit.lifecycle.ledger import lock, post
from credit.lifecycle.settling import (
    guard_amount,
    guard_past,
    guard_reason,
    pay_invoice,
    put_back,
    tell_order,
)
from credit.models import Allocation, CreditAccount, Invoice, Receipt
from credit.money import LARGEST, ZERO
from journal.record import record
from staff.figures import money
from staff.models import User
from staff.sentences import sentence as _

OLDEST = "oldest"
NONE = "none"
# "oldest", "none", or which invoice gets how much.
Plan = str | Sequence[Part]


@transaction.atomic
def record_receipt(
    *,
    account_id: int,
    amount: Decimal,
    received_on: date,
    by: User,
    at: datetime,
    reference: str = "",
    method: str = PaymentMethod.TRANSFER,
    allocate: Plan = OLDEST,
    write_off_residue: bool = False,
) -> Receipt:
    """Record money from a customer, in the account's currency, and allocate it as planned.

    What finds no invoice stays unallocated and lowers nothing. Raises PermissionDenied, or
    CreditError for an impossible amount, day or plan and for a bank reference recorded already.
    """
    account = lock(account_id)
    _may(by, account)
    guard_amount(amount, LARGEST - account.paid)
    guard_past(received_on, at)
    _guard_reference(account, reference)
    receipt = Receipt.objects.create(
        account=account,
        amount=amount,
        unallocated=amount,
        received_on=received_on,
        at=moment_of(received_on, at),
        recorded_by=by,
        method=method,
        reference=reference,
    )
    _journal(CreditAction.RECEIPT_RECORDED, receipt, amount, by, at)
    _carry_out(account, receipt, allocate, write_off_residue, by, at)
    return receipt


@transaction.atomic
def allocate(
    *,
    receipt_id: int,
    parts: Plan,
    by: User,
    at: datetime,
    write_off_residue: bool = False,
) -> Receipt:
    """Allocate what is left of a receipt: the oldest invoices first, or as `parts` says.

    `write_off_residue` writes off what the invoices are then short of by no more than a trifle.
    Raises PermissionDenied, or CreditError for a plan that does not fit.
    """
    account, receipt = _lock_receipt(receipt_id)
    _may(by, account)
    _guard_free(receipt)
    if not _carry_out(account, receipt, parts, write_off_residue, by, at):
        raise CreditError(_("There is no open invoice to which this receipt could be allocated."))
    return receipt


@transaction.atomic
def unallocate(*, allocation_id: int, reason: str, by: User, at: datetime) -> Allocation:
    """Undo an allocation: the invoice is owed again, the receipt has the amount left again.

    Raises PermissionDenied, or CreditError without a reason, when it was undone before, and for
    money that was paid for one order.
    """
    account, _receipt = _lock_receipt(
        Allocation.objects.values_list("receipt_id", flat=True).get(pk=allocation_id)
    )
    _may(by, account)
    found = Allocation.objects.select_related("receipt", "invoice").get(pk=allocation_id)
    receipt, invoice = found.receipt, found.invoice
    _guard_free(receipt)
    guard_reason(reason)
    if found.reversed_at:
        raise CreditError(_("This allocation was undone already."))
    found.reversed_at, found.reversed_by, found.reversal_reason = at, by, reason
    found.save(update_fields=["reversed_at", "reversed_by", "reversal_reason"])
    receipt.unallocated += found.amount
    receipt.save(update_fields=["unallocated"])
    put_back(invoice, found.amount)
    _post(account, invoice, exposure.unallocate(found.amount), receipt, by, at)
    _journal(CreditAction.ALLOCATION_UNDONE, receipt, found.amount, by, at, invoice, reason)
    tell_order(invoice, -found.amount, by=by, at=at, happened_at=at)
    return found


def _carry_out(
    account: CreditAccount, receipt: Receipt, plan: Plan, residue: bool, by: User, at: datetime
) -> list[Invoice]:
    """Allocate the receipt as planned; the invoices that got something."""
    items = _items(account, receipt, plan)
    paid = []
    for invoice, part in items:
        made = pay_invoice(receipt, invoice, part, by, at)
        happened_at = moment_of(made.effective_on, at)
        _post(account, invoice, exposure.allocate(part), receipt, by, happened_at)
        _journal(CreditAction.RECEIPT_ALLOCATED, receipt, part, by, at, invoice)
        tell_order(invoice, part, by=by, at=at, happened_at=happened_at)
        paid.append(invoice)
    if residue:
        write_off_residues(account, paid, by=by, at=at)
    return paid


def _items(account: CreditAccount, receipt: Receipt, plan: Plan) -> list[tuple[Invoice, Decimal]]:
    if plan == NONE:
        return []
    if plan == OLDEST:
        found = list(Invoice.objects.open().filter(account=account))
        # What the customer objects to is only paid where somebody says so.
        free = [(invoice.pk, invoice.open_amount - invoice.disputed_amount) for invoice in found]
        parts: Sequence[Part] = oldest_first(free, receipt.unallocated)
    else:
        parts = [part for part in plan if not isinstance(part, str)]
        found = list(Invoice.objects.filter(account=account, pk__in=[pk for pk, _part in parts]))
    by_id = {invoice.pk: invoice for invoice in found}
    _guard_parts(parts, by_id, receipt)
    return [(by_id[pk], part) for pk, part in parts]


def _guard_parts(parts: Sequence[Part], found: dict[int, Invoice], receipt: Receipt) -> None:
    if len({pk for pk, _part in parts}) < len(parts):
        raise CreditError(_("Each invoice can be named only once."))
    for pk, part in parts:
        if pk not in found:
            raise CreditError(_("One of the invoices does not belong to this customer."))
        guard_amount(part, found[pk].open_amount)
    if sum((part for _pk, part in parts), ZERO) > receipt.unallocated:
        raise CreditError(
            _("The parts come to more than the %(amount)s that this receipt has left.")
            % {"amount": money(receipt.unallocated)}
        )


def _guard_free(receipt: Receipt) -> None:
    if receipt.order_id:
        raise CreditError(
            _("This money was paid for one order and stays with it. Correct it on that order.")
        )


def _guard_reference(account: CreditAccount, reference: str) -> None:
    if reference and account.receipts.filter(reference=reference, order_id=None).exists():
        raise CreditError(
            _("The receipt with reference %(reference)s is recorded already.")
            % {"reference": reference}
        )


def _lock_receipt(receipt_id: int) -> tuple[CreditAccount, Receipt]:
    account = lock(Receipt.objects.values_list("account_id", flat=True).get(pk=receipt_id))
    return account, Receipt.objects.get(pk=receipt_id)


def _may(by: User, account: CreditAccount) -> None:
    if not policies.can_record_receipt(by, account):
        raise PermissionDenied(_("You may not record receipts of this customer."))


def _post(
    account: CreditAccount,
    invoice: Invoice,
    moves: Sequence[exposure.Move],
    receipt: Receipt,
    by: User,
    at: datetime,
) -> None:
    post(
        account=account,
        moves=moves,
        order_id=invoice.order_id,
        invoice_id=invoice.pk,
        document=receipt.reference[:60] or invoice.number,
        by=by,
        at=at,
    )


def _journal(
    action: str,
    receipt: Receipt,
    amount: Decimal,
    by: User,
    at: datetime,
    invoice: Invoice | None = None,
    reason: str = "",
) -> None:
    data = {"amount": amount, "reference": receipt.reference, "receipt": receipt.pk}
    record(
        action=action,
        subject=invoice or receipt,
        by=by,
        at=at,
        order_id=invoice.order_id if invoice else None,
        reason=reason,
        data=data | ({"number": invoice.number} if invoice else {}),
    )
