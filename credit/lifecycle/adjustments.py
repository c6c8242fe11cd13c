"""Lowering an invoice without money: credit notes and write-offs."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import exposure, policies
from credit.allocation import TINY_RESIDUE
from credit.days import company_day
from credit.enums import AdjustmentKind, CreditAction
from credit.lifecycle.ledger import lock, post
from credit.lifecycle.settling import adjust, guard_amount, guard_reason, tell_order
from credit.models import CreditAccount, Invoice, InvoiceAdjustment
from credit.money import ZERO
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def credit_note(
    *,
    invoice_id: int,
    amount: Decimal,
    reason: str,
    by: User,
    at: datetime,
    number: str = "",
) -> InvoiceAdjustment:
    """Lower what is owed on an invoice, such as for returned goods or a wrong price.

    Without a `number` the invoice's own with CN before it is used. Raises PermissionDenied, or
    CreditError without a reason, for more than is open, and for a number that is taken.
    """
    account, invoice = lock_invoice(invoice_id)
    if not policies.can_credit(by, account):
        raise PermissionDenied(_("You may not issue credit notes to this customer."))
    guard_amount(amount, invoice.open_amount)
    guard_reason(reason)
    made = adjust(
        invoice,
        AdjustmentKind.CREDIT_NOTE,
        amount,
        reason=reason,
        number=number.strip(),
        on=company_day(at),
        by=by,
        at=at,
    )
    moves = exposure.credit_note(amount)
    _enter(account, made, moves, CreditAction.CREDIT_NOTED, by, at)
    return made


@transaction.atomic
def write_off(
    *, invoice_id: int, amount: Decimal, reason: str, by: User, at: datetime
) -> InvoiceAdjustment:
    """Give up a part of an invoice as lost.

    Raises PermissionDenied, or CreditError without a reason and for more than is open.
    """
    account, invoice = lock_invoice(invoice_id)
    guard_may_write_off(by, account)
    guard_amount(amount, invoice.open_amount)
    guard_reason(reason)
    return _write_off(account, invoice, amount, reason, by, at)


def write_off_residues(
    account: CreditAccount, invoices: Sequence[Invoice], *, by: User, at: datetime
) -> None:
    """Write off what payments leave open of the invoices by no more than a trifle.

    The caller holds the account's lock. Raises PermissionDenied.
    """
    guard_may_write_off(by, account)
    for invoice in invoices:
        if 0 < invoice.open_amount <= TINY_RESIDUE:
            reason = _("Too little to collect.")
            _write_off(account, invoice, invoice.open_amount, reason, by, at)


def lock_invoice(invoice_id: int) -> tuple[CreditAccount, Invoice]:
    """Lock the account of an invoice, then read the invoice as it stands."""
    account = lock(Invoice.objects.values_list("account_id", flat=True).get(pk=invoice_id))
    return account, Invoice.objects.get(pk=invoice_id)


def guard_may_write_off(by: User, account: CreditAccount) -> None:
    """Raises PermissionDenied."""
    if not policies.can_write_off(by, account):
        raise PermissionDenied(_("You may not write off receivables of this customer."))


def _write_off(
    account: CreditAccount, invoice: Invoice, amount: Decimal, reason: str, by: User, at: datetime
) -> InvoiceAdjustment:
    day = company_day(at)
    made = adjust(invoice, AdjustmentKind.WRITE_OFF, amount, reason=reason, on=day, by=by, at=at)
    _enter(account, made, exposure.write_off(amount), CreditAction.WRITTEN_OFF, by, at)
    return made


def _enter(
    account: CreditAccount,
    made: InvoiceAdjustment,
    moves: Sequence[exposure.Move],
    action: str,
    by: User,
    at: datetime,
) -> None:
    """Ledger, journal and order of a document that is written."""
    invoice = made.invoice
    post(
        account=account,
        moves=moves,
        order_id=invoice.order_id,
        invoice_id=invoice.pk,
        document=made.number[:60],
        by=by,
        at=at,
    )
    record(
        action=action,
        subject=invoice,
        by=by,
        at=at,
        order_id=invoice.order_id,
        reason=made.reason,
        data={"number": made.number, "amount": made.amount, "currency": account.currency},
    )
    tell_order(invoice, ZERO, by=by, at=at, happened_at=at)
