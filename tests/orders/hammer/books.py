"""What must hold of the rows in any snapshot: read in one, so that the processes may go on."""

from collections import Counter
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Sum

from credit.models import Invoice, LedgerEntry
from orders.models import Order, Payment

RELEASED = ("approved", "partly_shipped", "shipped", "delivered", "completed")

_BALANCES = """
    SELECT a.id FROM credit_creditaccount a LEFT JOIN (
        SELECT account_id, bucket, sum(amount) AS amount FROM (
            SELECT account_id, to_bucket AS bucket, amount FROM credit_ledgerentry
            UNION ALL SELECT account_id, from_bucket, -amount FROM credit_ledgerentry
        ) moves GROUP BY account_id, bucket
    ) sums ON sums.account_id = a.id AND sums.bucket <> ''
    GROUP BY a.id
    HAVING a.reserved <> coalesce(sum(sums.amount) FILTER (WHERE bucket = 'reserved'), 0)
        OR a.delivered <> coalesce(sum(sums.amount) FILTER (WHERE bucket = 'delivered'), 0)
        OR a.receivable <> coalesce(sum(sums.amount) FILTER (WHERE bucket = 'receivable'), 0)
        OR a.paid <> coalesce(sum(sums.amount) FILTER (WHERE bucket = 'paid'), 0)
"""
_GROUPS = """
    SELECT g.id, coalesce((
        SELECT sum(u.used) FROM credit_groupexposure u WHERE u.account_id = g.id
    ), 0) AS kept, coalesce((
        SELECT sum(m.reserved + m.delivered + m.receivable) FROM credit_creditaccount m
        WHERE m.ancestors @> ARRAY[g.id]
    ), 0) AS used FROM credit_creditaccount g
"""
_TREE = """
    SELECT a.id FROM credit_creditaccount a
    LEFT JOIN credit_creditaccount p ON p.id = a.parent_id
    WHERE a.ancestors <> CASE WHEN p.id IS NULL THEN '{}' ELSE p.id || p.ancestors END
"""


def faults() -> list[str]:
    """What is wrong in one snapshot of the database: empty, if the product keeps its word."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            found = [
                *(f"account {pk} is not its ledger's sum" for (pk,) in _rows(cursor, _BALANCES)),
                *(
                    f"group {pk} counts {kept} where its members use {used}"
                    for pk, kept, used in _rows(cursor, _GROUPS)
                    if kept != used
                ),
                *(f"account {pk} has other groups above it" for (pk,) in _rows(cursor, _TREE)),
            ]
        return found + _orders()


def _rows(cursor, sql: str) -> list[tuple]:
    cursor.execute(sql)
    return cursor.fetchall()


def _orders() -> list[str]:
    """Each order holds in the ledger what its state and its documents say."""
    held: dict[int, Counter] = {}
    moves = LedgerEntry.objects.values_list("order_id", "from_bucket", "to_bucket")
    for pk, source, target, amount in moves.annotate(Sum("amount")):
        held.setdefault(pk, Counter()).update({target: amount})
        held[pk].subtract({source: amount})
    claims = Invoice.objects.values_list("order_id").annotate(Sum("open_amount"))
    opened = dict(claims)
    found = []
    for order in Order.objects.all():
        buckets = held.get(order.pk, Counter())
        used = buckets["reserved"] + buckets["delivered"] + buckets["receivable"]
        claim = max(order.owed + order.credit_due - buckets["paid"], Decimal(0))
        # Of an order whose release was void, only what was invoiced before stands.
        expected = claim if order.state in RELEASED else buckets["receivable"]
        if used != expected:
            found.append(f"order {order.pk}, {order.state}, uses {used} instead of {expected}")
        if buckets["paid"] != order.paid_amount:
            found.append(f"order {order.pk} was paid {buckets['paid']}, not {order.paid_amount}")
        if buckets["receivable"] != opened.get(order.pk, 0):
            found.append(f"order {order.pk} has other open invoices than its receivable")
        if any(amount < 0 for bucket, amount in buckets.items() if bucket):
            found.append(f"order {order.pk} has less than nothing in a bucket")
    return found


def payments(promised: set[str], begun: set[str]) -> list[str]:
    """A payment whose caller was told so is there once; one whose caller was killed, at most."""
    stored = Counter(Payment.objects.values_list("reference", flat=True))
    found = [f"payment {ref} is there {n} times" for ref, n in stored.items() if n > 1]
    found += [f"payment {ref} was lost" for ref in promised - set(stored)]
    return found + [f"payment {ref} was made by nobody" for ref in set(stored) - promised - begun]
