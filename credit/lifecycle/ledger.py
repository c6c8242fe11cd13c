"""The account's lock, and the ledger that moves its balances."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, Sum

from credit.enums import Bucket
from credit.exposure import Move, OrderExposure
from credit.models import CreditAccount, LedgerEntry
from credit.money import ZERO
from staff.models import User


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
