"""How customers have paid and bought, seen from a day. Costs two queries for any number of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from django.db import connection

from credit.money import quantize

YEAR = timedelta(days=365)
_MONTH = Decimal("30.4375")  # days, over a leap cycle
_MONTHS = 12

# Whoever pays nothing must not look better than whoever pays late: what is overdue counts with the
# days it is late by now, without the part in dispute, and what was written off counts as overdue
# still. What was settled after the day was open on it.
_PAYMENTS = """
    WITH item AS (
        SELECT account_id, due_on,
            CASE WHEN open_amount = 0 THEN amount
                 ELSE open_amount - disputed_amount END AS weight,
            CASE WHEN settled_on <= %(on)s AND NOT EXISTS (
                SELECT FROM credit_invoiceadjustment lost
                WHERE lost.invoice_id = invoice.id AND lost.kind = 'write_off'
            ) THEN settled_on ELSE %(on)s END AS paid_on
        FROM credit_invoice invoice
        WHERE issued_on <= %(on)s AND (%(everybody)s OR account_id = ANY(%(accounts)s))
            AND (settled_on > %(since)s AND settled_on <= %(on)s
                OR due_on < %(on)s AND (settled_on > %(on)s OR open_amount > disputed_amount))
    )
    SELECT account_id, sum(weight * greatest(paid_on - due_on, 0)) / sum(weight),
        count(*) FILTER (WHERE paid_on <= due_on), count(*), greatest(max(paid_on - due_on), 0)
    FROM item WHERE weight > 0 GROUP BY account_id
"""
_TURNOVER = """
    SELECT account_id, sum(amount), min(issued_on)
    FROM credit_invoice
    WHERE issued_on > %(since)s AND issued_on <= %(on)s
        AND (%(everybody)s OR account_id = ANY(%(accounts)s))
    GROUP BY account_id
"""
_DELAYS = """
    SELECT date_trunc('month', settled_on)::date,
        sum(amount * greatest(settled_on - due_on, 0)) / sum(amount)
    FROM credit_invoice invoice
    WHERE account_id = %(account)s AND settled_on BETWEEN %(first)s AND %(last)s AND amount > 0
        AND NOT EXISTS (
            SELECT FROM credit_invoiceadjustment lost
            WHERE lost.invoice_id = invoice.id AND lost.kind = 'write_off'
        )
    GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How an account's invoices were paid: `days_late` on average, weighted by amount.

    `on_time` is the share of invoices paid by their due date, in percent; both to one decimal.
    """

    days_late: Decimal
    on_time: Decimal
    count: int
    largest_delay: int


@dataclass(frozen=True, slots=True)
class Turnover:
    """What was invoiced since `first`, at most a year ago, in the account's currency."""

    amount: Decimal
    first: date

    def monthly(self, on: date, customer_since: date) -> Decimal:
        """The average of a month of business in the last twelve, begun months counting whole."""
        days = (on - max(on - YEAR, min(self.first, customer_since))).days
        months = min(max(ceil(days / _MONTH), 1), _MONTHS)
        return quantize(self.amount / months)


def payment_behaviour(on: date, account_ids: Collection[int] | None = None) -> dict[int, Behaviour]:
    """By account, how invoices settled within a year before `on`, or overdue on it, were paid.

    Accounts without any such invoice are left out. One query.
    """
    return {
        account: Behaviour(
            days_late=average.quantize(Decimal("0.1")),
            on_time=(Decimal(100 * in_time) / count).quantize(Decimal("0.1")),
            count=count,
            largest_delay=largest,
        )
        for account, average, in_time, count, largest in _rows(_PAYMENTS, on, account_ids)
    }


def turnover(on: date, account_ids: Collection[int] | None = None) -> dict[int, Turnover]:
    """By account, what was invoiced within a year before `on`. One query."""
    return {
        account: Turnover(amount, first)
        for account, amount, first in _rows(_TURNOVER, on, account_ids)
    }


def delays_by_month(account_id: int, first: date, last: date) -> dict[date, Decimal]:
    """By first day of the month, how many days late on average what was settled in it was.

    Weighted by amount, to one decimal; months in which nothing was settled are left out. Written
    off is not paid, and left out as well. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DELAYS, {"account": account_id, "first": first, "last": last})
        return {month: late.quantize(Decimal("0.1")) for month, late in cursor.fetchall()}


def _rows(sql: str, on: date, account_ids: Collection[int] | None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "on": on,
                "since": on - YEAR,
                "everybody": account_ids is None,
                "accounts": list(account_ids or []),
            },
        )
        return cursor.fetchall()
