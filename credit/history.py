"""What was owed on each day, from the documents: invoices, allocations and adjustments.

Everything is of whole days, at their end, and in one currency, the accounts' own.
"""

# ruff: noqa: S608 - put together from constants

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from credit.models import CreditAccount

# Each document changes what is owed from its day on; allocations undone never were.
_CHANGES = """
    SELECT i.account_id, i.issued_on AS day, i.amount FROM credit_invoice i
    UNION ALL
    SELECT i.account_id, greatest(a.effective_on, i.issued_on), -a.amount
    FROM credit_allocation a JOIN credit_invoice i ON i.id = a.invoice_id
    WHERE a.reversed_at IS NULL
    UNION ALL
    SELECT i.account_id, greatest(d.effective_on, i.issued_on), -d.amount
    FROM credit_invoiceadjustment d JOIN credit_invoice i ON i.id = d.invoice_id
"""
_DAILY = f"""
    WITH changes AS ({_CHANGES}), sums AS (
        SELECT greatest(day, %(first)s) AS day, sum(amount) AS amount FROM changes
        WHERE account_id = ANY(%(accounts)s) AND day <= %(last)s GROUP BY 1
    )
    SELECT calendar.day::date, sum(coalesce(sums.amount, 0)) OVER (ORDER BY calendar.day)
    FROM generate_series(%(first)s, %(last)s, interval '1 day') AS calendar (day)
    LEFT JOIN sums ON sums.day = calendar.day ORDER BY 1
"""
_PEAKS = f"""
    WITH changes AS ({_CHANGES}), sums AS (
        SELECT account_id, greatest(day, %(first)s) AS day, sum(amount) AS amount FROM changes
        WHERE account_id = ANY(%(accounts)s) AND day <= %(last)s GROUP BY 1, 2
    ), owed AS (
        SELECT account_id, day, sum(amount) OVER (PARTITION BY account_id ORDER BY day) AS amount
        FROM sums
    )
    SELECT DISTINCT ON (account_id) account_id, day, amount FROM owed
    ORDER BY account_id, amount DESC, day
"""


@dataclass(frozen=True, slots=True)
class Day:
    """What was owed at the end of a day."""

    day: date
    amount: Decimal


def receivable_by_day(account: CreditAccount, first: date, last: date) -> list[Day]:
    """What the account owed on its invoices at the end of each day from `first` to `last`."""
    return _daily([account.pk], first, last)


def portfolio_by_day(currency: str, first: date, last: date) -> list[Day]:
    """What all accounts kept in `currency` owed together at the end of each day."""
    return _daily(_accounts(currency), first, last)


def peaks(currency: str, first: date, last: date) -> dict[int, Day]:
    """For each account kept in `currency`: the most it owed and the first day on which it did.

    Accounts that owed nothing in the time are left out.
    """
    accounts = _accounts(currency)
    with connection.cursor() as cursor:
        cursor.execute(_PEAKS, {"accounts": accounts, "first": first, "last": last})
        return {pk: Day(day, amount) for pk, day, amount in cursor.fetchall() if amount}


def _daily(accounts: list[int], first: date, last: date) -> list[Day]:
    with connection.cursor() as cursor:
        cursor.execute(_DAILY, {"accounts": accounts, "first": first, "last": last})
        return [Day(day, amount) for day, amount in cursor.fetchall()]


def _accounts(currency: str) -> list[int]:
    return list(CreditAccount.objects.filter(currency=currency).values_list("pk", flat=True))
