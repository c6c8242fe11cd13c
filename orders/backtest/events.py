"""Everything that moved credit, in the order in which it happened, as one stream.

The database sorts, a server-side cursor reads; nothing is asked per order. What is known by the day
only (invoices, allocations, adjustments) happens at the beginning of the company's day: first what
lowers invoices of earlier days, then each new invoice, by number, with what lowers it on its first
day. Orders and what happens to them follow at their own moments. So an invoice is open at the end
of day d when `issued_on <= d` and what settled it came later than d.
"""

# ruff: noqa: S608 - put together from constants; values are bound

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from credit.days import start_of
from orders.backtest.enums import Basis

CHUNK = 2000


class Event(NamedTuple):
    """One thing that happened. `ref` is the order's or invoice's id, `kind` is one of the below.

    invoice, lower (an invoice by `amount`), dispute, undispute, broken (a promise), order, release,
    withdraw (a released order), pay (an order, in its currency), pay_invoiced (an order, in the
    account's), close (an order), move (`amount` from one bucket to another).
    """

    at: datetime
    kind: str
    account: int
    ref: int
    amount: Decimal
    from_bucket: str
    to_bucket: str
    detail: dict[str, Any] | None


_DAY = "({}::timestamp AT TIME ZONE %(zone)s)"
_NONE = "'', '', NULL::json"
# Numbers sort as people count: a shorter one before a longer one, 9 before 10.
_BY_NUMBER = "lpad(i.number, 60)"


def _lowering(table: str, condition: str) -> str:
    """What lowers invoices; on an invoice's first day it comes right after the invoice itself."""
    first = "d.effective_on <= i.issued_on"
    return f"""
        SELECT {_DAY.format("greatest(d.effective_on, i.issued_on)")},
            CASE WHEN {first} THEN 1 ELSE 0 END, CASE WHEN {first} THEN {_BY_NUMBER} ELSE '' END,
            i.id, 1, 'lower', i.account_id, i.id, d.amount, {_NONE}
        FROM {table} d JOIN credit_invoice i ON i.id = d.invoice_id WHERE {condition}
    """


# An invoice from before its documents were kept is lowered by what they do not explain, on the day
# on which it was settled.
_UNEXPLAINED = f"""
    SELECT {_DAY.format("coalesce(i.settled_on, i.issued_on)")}, 1, {_BY_NUMBER}, i.id, 1, 'lower',
        i.account_id, i.id, i.amount - i.open_amount - coalesce(told.amount, 0), {_NONE}
    FROM credit_invoice i LEFT JOIN (
        SELECT invoice_id, sum(amount) AS amount FROM (
            SELECT invoice_id, amount FROM credit_allocation WHERE reversed_at IS NULL
            UNION ALL SELECT invoice_id, amount FROM credit_invoiceadjustment
        ) AS document GROUP BY invoice_id
    ) AS told ON told.invoice_id = i.id
    WHERE i.amount - i.open_amount > coalesce(told.amount, 0)
"""
_LOST = "(SELECT DISTINCT invoice_id FROM credit_invoiceadjustment WHERE kind = 'write_off')"
_INVOICES = f"""
    SELECT {_DAY.format("i.issued_on")}, 1, {_BY_NUMBER}, i.id, 0, 'invoice', i.account_id, i.id,
        i.amount, '', '', json_build_object(
            'number', i.number, 'due_on', i.due_on, 'issued_on', i.issued_on, 'order', i.order_id,
            'paid_on', CASE WHEN lost.invoice_id IS NULL THEN i.settled_on END
        )
    FROM credit_invoice i LEFT JOIN {_LOST} AS lost ON lost.invoice_id = i.id
"""
_DISPUTES = """
    SELECT d.opened_at, 4, '', d.id, 0, 'dispute', i.account_id, i.id, d.amount, '', '', NULL
    FROM credit_dispute d JOIN credit_invoice i ON i.id = d.invoice_id
    UNION ALL
    SELECT d.resolved_at, 4, '', d.id, 1, 'undispute', i.account_id, i.id, d.amount, '', '', NULL
    FROM credit_dispute d JOIN credit_invoice i ON i.id = d.invoice_id
    WHERE d.resolved_at IS NOT NULL
"""
_BROKEN = """
    SELECT p.settled_at, 4, '', p.id, 0, 'broken', p.account_id, p.id, p.amount, '', '',
        json_build_object('due_on', p.due_on)
    FROM credit_promise p WHERE p.state IN ('broken', 'partly_kept')
"""
_ORDERS = f"""
    SELECT o.submitted_at, 5, '', o.id, 0, 'order', o.account_id, o.id, o.total, '', '',
        json_build_object(
            'number', o.number, 'currency', o.currency, 'payment_days', o.payment_days,
            'paid', coalesce(paid.amount, 0)::numeric(18, 2)::text,
            'settled', coalesce(o.paid_at <= o.submitted_at, false),
            'paid_on', (o.paid_at AT TIME ZONE %(zone)s)::date, 'due_on', claim.due_on,
            'cancelled', o.state IN ('cancelled', 'rejected'),
            'written_off', coalesce(claim.written_off, false)
        )
    FROM orders_order o
    LEFT JOIN (
        SELECT p.order_id, sum(p.amount) AS amount
        FROM orders_payment p JOIN orders_order o ON o.id = p.order_id
        WHERE p.at <= o.submitted_at GROUP BY p.order_id
    ) AS paid ON paid.order_id = o.id
    LEFT JOIN (
        SELECT i.order_id, max(i.due_on) AS due_on,
            bool_or(lost.invoice_id IS NOT NULL) AS written_off
        FROM credit_invoice i LEFT JOIN {_LOST} AS lost ON lost.invoice_id = i.id
        WHERE i.order_id IS NOT NULL GROUP BY i.order_id
    ) AS claim ON claim.order_id = o.id
    WHERE o.submitted_at IS NOT NULL AND {{condition}}
"""
_RELEASES = f"""
    SELECT o.approved_at, 5, '', o.id, 1, 'release', o.account_id, o.id, 0, {_NONE}
    FROM orders_order o WHERE o.approved_at IS NOT NULL
    UNION ALL
    SELECT o.closed_at, 5, '', o.id, 1, 'withdraw', o.account_id, o.id, 0, {_NONE}
    FROM orders_order o WHERE o.approved_at IS NOT NULL AND o.state = 'cancelled'
"""
_MOVES = """
    SELECT e.at, 5, '', coalesce(e.order_id, 0), 2, 'move', e.account_id, coalesce(e.order_id, 0),
        e.amount, e.from_bucket, e.to_bucket, NULL
    FROM credit_ledgerentry e
"""
# What lowers an order again, for the exposure of earlier orders less receipts.
_ENDS = f"""
    SELECT p.at, 5, '', o.id, 3, 'pay', o.account_id, o.id, p.amount, {_NONE}
    FROM orders_payment p JOIN orders_order o ON o.id = p.order_id WHERE p.at > o.submitted_at
    UNION ALL
    SELECT greatest({_DAY.format("a.effective_on")}, o.submitted_at), 5, '', o.id, 3,
        'pay_invoiced', o.account_id, o.id, a.amount, {_NONE}
    FROM credit_allocation a JOIN credit_receipt r ON r.id = a.receipt_id
    JOIN credit_invoice i ON i.id = a.invoice_id JOIN orders_order o ON o.id = i.order_id
    WHERE a.reversed_at IS NULL AND r.order_id IS NULL
    UNION ALL
    SELECT greatest({_DAY.format("d.effective_on")}, o.submitted_at), 5, '', o.id, 3,
        'pay_invoiced', o.account_id, o.id, d.amount, {_NONE}
    FROM credit_invoiceadjustment d
    JOIN credit_invoice i ON i.id = d.invoice_id JOIN orders_order o ON o.id = i.order_id
    UNION ALL
    SELECT o.paid_at, 5, '', o.id, 4, 'close', o.account_id, o.id, 0, {_NONE}
    FROM orders_order o WHERE o.paid_at > o.submitted_at
    UNION ALL
    SELECT o.closed_at, 5, '', o.id, 4, 'close', o.account_id, o.id, 0, {_NONE}
    FROM orders_order o WHERE o.state IN ('cancelled', 'rejected') AND o.submitted_at IS NOT NULL
"""
_DOCUMENTS = (
    _INVOICES,
    _lowering("credit_allocation", "d.reversed_at IS NULL"),
    _lowering("credit_invoiceadjustment", "true"),
    _UNEXPLAINED,
    _DISPUTES,
    _BROKEN,
    _RELEASES,
)
_OF_BASIS = {
    Basis.LEDGER: (_ORDERS.format(condition="o.submitted_at >= %(start)s"), _MOVES),
    Basis.ORDERS: (_ORDERS.format(condition="true"), _ENDS),
}


def events(basis: str, since: date, until: date) -> Iterator[Event]:
    """Everything up to the end of the company's day `until`, in order; cases begin on `since`."""
    parts = " UNION ALL ".join((*_DOCUMENTS, *_OF_BASIS[Basis(basis)]))
    columns = "at, rank, tie, tie_id, sub, kind, account, ref, amount, from_bucket, to_bucket"
    query = f"""
        SELECT at, kind, account, ref, amount, from_bucket, to_bucket, detail::text
        FROM ({parts}) AS happened ({columns}, detail) WHERE at < %(end)s
        ORDER BY at, rank, tie COLLATE "C", tie_id, sub
    """
    with connection.chunked_cursor() as cursor:
        with _whole_tables():
            cursor.execute(query, _bounds(since, until))
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                event = Event._make(row)
                yield event._replace(detail=json.loads(row[-1])) if row[-1] else event


@contextmanager
def _whole_tables() -> Iterator[None]:
    """Within the block queries are planned to read whole tables and join them by hashing.

    Right after a large import the planner still takes the tables for empty, and would go through
    one of them again for each row of another.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET enable_nestloop = off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET enable_nestloop")


def count_cases(basis: str, since: date, until: date) -> int:
    """How many cases there are to judge."""
    invoices = """
        SELECT count(*) FROM credit_invoice
        WHERE order_id IS NULL AND issued_on BETWEEN %(since)s AND %(until)s
    """
    query = f"""
        SELECT (SELECT count(*) FROM orders_order
            WHERE submitted_at >= %(start)s AND submitted_at < %(end)s)
            + ({invoices if basis == Basis.ORDERS else "0"})
    """
    with connection.cursor() as cursor:
        cursor.execute(query, _bounds(since, until))
        return int(cursor.fetchone()[0])


def _bounds(since: date, until: date) -> dict[str, Any]:
    return {
        "since": since,
        "until": until,
        "start": start_of(since),
        "end": start_of(until + timedelta(days=1)),
        "zone": settings.TIME_ZONE,
    }
