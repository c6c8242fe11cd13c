"""Accounts and what they may use."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from credit.enums import CreditAction, LimitKind
from credit.errors import CreditError
from credit.lifecycle.ledger import lock
from credit.models import CreditAccount
from credit.money import is_amount
from credit.scoring.comparison import compare_again
from journal.record import record
from staff.models import User


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
    compare_again(customer_ids=[account.customer_id], at=at)
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
