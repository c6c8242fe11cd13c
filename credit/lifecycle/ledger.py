"""The account's lock, and the ledger that moves its balances."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.db import OperationalError, connection
from django.db.models import Sum
from psycopg.errors import LockNotAvailable

from credit.errors import CreditError
from credit.exposure import Move, OrderExposure
from credit.models import CreditAccount, LedgerEntry
from credit.signals import credit_arrived
from staff.batch import Batch
from staff.models import User
from staff.rows import columns, instance
from staff.sentences import sentence as _


def lock(account_id: int) -> CreditAccount:
    """The account with its row, and those of the groups above it, locked in id order.

    They stay locked until the transaction ends. Raises CreditAccount.DoesNotExist, or CreditError
    in the rare case that the account changed its group while its lock was waited for and the new
    group is busy.
    """
    with busy_group_told(), connection.cursor() as cursor:
        cursor.execute(_lock_sql(), [account_id] * 2)
        cursor.nextset()
        row = cursor.fetchone()
    if row is None:
        raise CreditAccount.DoesNotExist
    return instance(CreditAccount, row)


def lock_all(account_ids: Iterable[int]) -> dict[int, CreditAccount]:
    """Several accounts and the groups above them by id, with their rows locked in id order.

    Accounts that are gone are left out. Raises CreditError as `lock` does.
    """
    ids = list(account_ids)
    with busy_group_told(), connection.cursor() as cursor:
        cursor.execute("SELECT credit_lock_all(%s)", [ids])
        # Another statement, for the same reason as in `lock`.
        cursor.execute(
            f"SELECT {columns(CreditAccount, 'a')} FROM credit_creditaccount a"  # noqa: S608
            " WHERE a.id = ANY((SELECT credit_with_groups(%s))::bigint[])",
            [ids],
        )
        rows = cursor.fetchall()
    return {account.pk: account for account in (instance(CreditAccount, row) for row in rows)}


@cache
def _lock_sql() -> str:
    # Two statements, so that the second sees what was committed while the first one waited. The
    # columns are the model's own.
    return f"""
        SELECT credit_lock(%s);
        SELECT {columns(CreditAccount, "a")} FROM credit_creditaccount a WHERE a.id = %s
    """  # noqa: S608


@contextmanager
def busy_group_told() -> Iterator[None]:
    """Tell in words when the function `credit_lock` finds a group busy that was joined just now."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise CreditError(_("The customer's group has just changed. Repeat this.")) from error
        raise


def order_exposure(order_id: int) -> OrderExposure:
    """What the order holds in each bucket, from the ledger."""
    moved = LedgerEntry.objects.filter(order_id=order_id).values_list("from_bucket", "to_bucket")
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    for left, entered, amount in moved.annotate(Sum("amount")):
        held[left] -= amount
        held[entered] += amount
    return OrderExposure.of(held)


def post(
    *,
    account: CreditAccount,
    moves: Sequence[Move],
    order_id: int | None,
    document: str,
    by: User | None,
    at: datetime,
    invoice_id: int | None = None,
    batch: Batch | None = None,
) -> None:
    """Append the moves to the ledger of a locked account; its balances follow in the database.

    The balances of the instance in hand are brought along, so that the caller can go on with it.
    With a batch the entries are written when that is sent.
    """
    entries = [
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
    ]
    if batch is None:
        LedgerEntry.objects.bulk_create(entries)
    else:
        batch.insert(entries)
    used = account.used
    for move in moves:
        if move.from_bucket:
            setattr(account, move.from_bucket, getattr(account, move.from_bucket) - move.amount)
        if move.to_bucket:
            setattr(account, move.to_bucket, getattr(account, move.to_bucket) + move.amount)
    if account.used < used:
        # Answered by orders.receivers.ask_waiting_orders_again.
        credit_arrived.send(CreditAccount, account_id=account.pk, by=by)
