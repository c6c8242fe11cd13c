"""The account's lock, and the ledger that moves its balances."""

from collections.abc import Sequence
from datetime import datetime

from django.db import OperationalError
from django.db.models import Q, Sum
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from credit.enums import Bucket
from credit.errors import CreditError
from credit.exposure import Move, OrderExposure
from credit.models import CreditAccount, LedgerEntry
from credit.money import ZERO
from staff.models import User

# The account and the groups above it, found without reading any other account.
_CHAIN = "SELECT unnest(array_append(ancestors, id)) FROM credit_creditaccount WHERE id = %s"


def lock(account_id: int) -> CreditAccount:
    """The account with its row, and those of the groups above it, locked in id order.

    They stay locked until the transaction ends. Raises CreditAccount.DoesNotExist, or CreditError
    in the rare case that the account changed its group while its lock was waited for and the new
    group is busy.
    """
    chain = CreditAccount.objects.filter(pk__in=RawSQL(_CHAIN, [account_id]))  # noqa: S611
    locked = {account.pk: account for account in chain.locked()}
    if account_id not in locked:
        raise CreditAccount.DoesNotExist
    account = locked[account_id]
    missing = set(account.ancestors) - locked.keys()
    if missing:
        _lock_late(missing)
    return account


def _lock_late(missing: set[int]) -> None:
    """Lock without waiting: somebody may hold these and wait for one that is ours."""
    rows = CreditAccount.objects.filter(pk__in=missing).order_by("pk")
    try:
        list(rows.select_for_update(no_key=True, nowait=True).values_list("pk"))
    except OperationalError as busy:
        raise CreditError(_("The customer's group has just changed. Repeat this.")) from busy


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
    order_id: int | None,
    document: str,
    by: User | None,
    at: datetime,
    invoice_id: int | None = None,
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
            invoice_id=invoice_id,
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
