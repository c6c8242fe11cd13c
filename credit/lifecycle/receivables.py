"""Invoices: issued for an order, or brought over as open items from another system."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import exposure, policies
from credit.days import moment_of
from credit.enums import AdjustmentKind, CreditAction, DocumentSource
from credit.errors import CreditError
from credit.lifecycle.ledger import lock, post
from credit.lifecycle.order_money import cover_from_order, spread_anew, was_issued_late
from credit.lifecycle.settling import adjust, guard_amount, guard_past
from credit.models import CreditAccount, Invoice
from credit.money import LARGEST
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


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
    """Record the claim for an order; the caller holds the account's lock and posts the ledger.

    `open_amount` is what is left to pay of `amount`, in the account's currency; the rest is covered
    by what was paid for the order. Raises CreditError when the number is taken, also by somebody
    who takes it at the same moment.
    """
    invoice = _create(
        account=account,
        number=number,
        order_id=order_id,
        amount=amount,
        # Nothing is allocated yet. A claim over nothing is settled from the start.
        open_amount=amount,
        issued_on=issued_on,
        due_on=due_on,
        settled_on=None if amount else issued_on,
    )
    record(
        action=CreditAction.INVOICE_ISSUED,
        subject=invoice,
        by=by,
        at=at,
        order_id=order_id,
        data={"number": number, "amount": amount, "currency": account.currency},
    )
    _cover(invoice, amount - open_amount, by, at)
    if was_issued_late(order_id, at):
        spread_anew(order_id, by=by, at=at)
        invoice.refresh_from_db()
    return invoice


@transaction.atomic
def open_item(
    *,
    account_id: int,
    number: str,
    amount: Decimal,
    issued_on: date,
    due_on: date,
    by: User,
    at: datetime,
) -> Invoice:
    """Bring over an invoice of another system that belongs to no order here.

    Raises PermissionDenied, or CreditError for an impossible amount, days in the wrong order and a
    number that is taken.
    """
    account = lock(account_id)
    if not policies.can_open_item(by, account):
        raise PermissionDenied(_("You may not enter invoices for this customer."))
    guard_amount(amount, LARGEST - account.receivable)
    guard_past(issued_on, at)
    if due_on < issued_on:
        raise CreditError(_("An invoice cannot be due before it is issued. Check both days."))
    invoice = _create(
        account=account,
        number=number,
        amount=amount,
        open_amount=amount,
        issued_on=issued_on,
        due_on=due_on,
        source=DocumentSource.FORM,
    )
    post(
        account=account,
        moves=exposure.opening(amount),
        order_id=None,
        invoice_id=invoice.pk,
        document=number,
        by=by,
        at=moment_of(issued_on, at),
    )
    record(
        action=CreditAction.INVOICE_OPENED,
        subject=invoice,
        by=by,
        at=at,
        data={"number": number, "amount": amount, "currency": account.currency},
    )
    return invoice


def _create(*, number: str, **values: object) -> Invoice:
    number = number.strip()
    if not number:
        raise CreditError(_("Give the invoice its number."))
    invoice, made = Invoice.objects.get_or_create(number=number, defaults=values)
    if not made:
        raise CreditError(
            _("Invoice number %(number)s is taken. Choose another.") % {"number": number}
        )
    return invoice


def _cover(invoice: Invoice, covered: Decimal, by: User, at: datetime) -> None:
    """Take off what was paid in advance. The ledger knows of it: it moved when it was paid."""
    rest = covered - cover_from_order(invoice, covered, by=by, at=at)
    if rest > 0:
        adjust(
            invoice,
            AdjustmentKind.DECLARED,
            rest,
            reason=_("The source says that it is paid."),
            on=invoice.issued_on,
            by=by,
            at=at,
        )
