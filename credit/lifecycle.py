"""Every write to accounts, ledger and receivables. Callers hold the account's lock."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from credit.enums import Bucket, CreditAction, LimitKind
from credit.exposure import Move, OrderExposure
from credit.models import CreditAccount, Invoice, LedgerEntry
from credit.money import ZERO, is_amount
from journal.record import record
from staff.models import User


class CreditError(ValueError):
    """A change to an account that cannot be made; the message says what to do."""


def lock(account_id: int) -> CreditAccount:
    """The account with its row locked until the transaction ends."""
    return CreditAccount.objects.locked().get(pk=account_id)


def order_exposure(order_id: int) -> OrderExposure:
    """What the order holds in each bucket, from the ledger."""
    entries = LedgerEntry.objects.filter(order_id=order_id)
    sums = entries.aggregate(
        **{f"to_{b}": Sum("amount", filter=Q(to_bucket=b)) for b in Bucket.values},
        **{f"from_{b}": Sum("amount", filter=Q(from_bucket=b)) for b in Bucket.values},
    )
    return OrderExposure.of(
        {b: (sums[f"to_{b}"] or ZERO) - (sums[f"from_{b}"] or ZERO) for b in Bucket.values}
    )


def post(
    *,
    account: CreditAccount,
    moves: Sequence[Move],
    order_id: int,
    document: str,
    by: User | None,
    at: datetime,
) -> None:
    """Append the moves to the ledger of a locked account; its balances follow in the database.

    The balances of the instance in hand are brought along, so that the caller can go on with it.
    """
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            account=account,
            at=at,
            movement=move.movement,
            from_bucket=move.from_bucket,
            to_bucket=move.to_bucket,
            amount=move.amount,
            order_id=order_id,
            document=document,
            by=by,
        )
        for move in moves
    )
    for move in moves:
        if move.from_bucket:
            setattr(account, move.from_bucket, getattr(account, move.from_bucket) - move.amount)
        if move.to_bucket:
            setattr(account, move.to_bucket, getattr(account, move.to_bucket) + move.amount)


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


def settle_invoices(*, order_id: int, amount: Decimal) -> None:
    """Take a payment of `amount` off the order's open invoices, the oldest due first."""
    for invoice in Invoice.objects.open().filter(order_id=order_id).select_for_update():
        part = min(amount, invoice.open_amount)
        invoice.open_amount -= part
        amount -= part
        invoice.save(update_fields=["open_amount"])
        if not amount:
            return


@transaction.atomic
def change_limit(
    *,
    account_id: int,
    kind: str,
    amount: Decimal | None,
    reason: str,
    by: User,
    at: datetime,
) -> CreditAccount:
    """Set the kind and amount of an account's limit, in the account's currency.

    Raises PermissionDenied without the right, CreditError for a limit that makes no sense.
    """
    account = lock(account_id)
    if not by.has_perm("credit.change_limit"):
        raise PermissionDenied(_("You may not change credit limits."))
    _guard_limit(kind, amount)
    before = {"kind": account.limit_kind, "amount": account.limit_amount}
    account.limit_kind, account.limit_amount = kind, amount
    account.save(update_fields=["limit_kind", "limit_amount"])
    record(
        action=CreditAction.LIMIT_CHANGED,
        subject=account,
        by=by,
        at=at,
        reason=reason,
        data={"before": before, "after": {"kind": kind, "amount": amount}},
    )
    return account


@transaction.atomic
def open_account(
    *,
    customer_id: int,
    currency: str,
    kind: str,
    amount: Decimal | None,
    by: User,
    at: datetime,
) -> CreditAccount:
    """Give a customer their credit account, in a currency that stays.

    Raises PermissionDenied without the right, CreditError for a limit that makes no sense.
    """
    may_limit = kind == LimitKind.NONE or by.has_perm("credit.change_limit")
    if not (by.has_perm("credit.add_creditaccount") and may_limit):
        raise PermissionDenied(_("You may not open this credit account."))
    _guard_limit(kind, amount)
    account = CreditAccount.objects.create(
        customer_id=customer_id, currency=currency, limit_kind=kind, limit_amount=amount
    )
    record(
        action=CreditAction.ACCOUNT_OPENED,
        subject=account,
        by=by,
        at=at,
        data={"currency": currency, "kind": kind, "amount": amount},
    )
    return account


def _guard_limit(kind: str, amount: Decimal | None) -> None:
    if kind not in LimitKind.values:
        raise CreditError(_("There is no such kind of limit."))
    if (kind == LimitKind.AMOUNT) != (amount is not None):
        raise CreditError(_("Give an amount for a limit of kind 'amount', and for no other kind."))
    if amount is not None and not (is_amount(amount) and amount >= 0):
        raise CreditError(
            _("A limit is in whole cents and cannot be negative or larger than can be stored.")
        )
