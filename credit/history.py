"""What was owed on each day, from the documents, and what was used, from the ledger.

Everything is of whole days, at their end, and in one currency, the accounts' own.
"""

# ruff: noqa: S608 - put together from constants

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from credit.days import company_day
from credit.enums import LimitType
from credit.limits import granted
from credit.models import CreditAccount, CreditLimit

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
# Back from what is used now, so that only the ledger of the days shown is added up.
_USED = """
    WITH changes AS (
        SELECT (at AT TIME ZONE %(zone)s)::date AS day, sum(
            CASE WHEN to_bucket IN ('reserved', 'delivered', 'receivable') THEN amount ELSE 0 END
            - CASE WHEN from_bucket IN ('reserved', 'delivered', 'receivable')
                THEN amount ELSE 0 END
        ) AS amount
        FROM credit_ledgerentry WHERE account_id = %(account)s AND at >= %(since)s GROUP BY 1
    )
    SELECT calendar.day::date, account.reserved + account.delivered + account.receivable
        - coalesce(sum(changes.amount) OVER (ORDER BY calendar.day DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
    FROM credit_creditaccount account
    CROSS JOIN generate_series(%(first)s, %(last)s, interval '1 day') AS calendar (day)
    LEFT JOIN changes ON changes.day = calendar.day
    WHERE account.id = %(account)s ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Day:
    """What was owed at the end of a day."""

    day: date
    amount: Decimal


def receivable_by_day(account: CreditAccount, first: date, last: date) -> list[Day]:
    """What the account owed on its invoices at the end of each day from `first` to `last`."""
    return _daily([account.pk], first, last)


def used_by_day(account: CreditAccount, first: date, last: date) -> list[Day]:
    """What the account used at the end of each day from `first` to `last`, which is today.

    One query, over the ledger since `first`.
    """
    zone = timezone.get_default_timezone()
    values: dict[str, Any] = {
        "account": account.pk,
        "zone": timezone.get_default_timezone_name(),
        "first": first,
        "last": last,
        "since": datetime.combine(first, time.min, tzinfo=zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(_USED, values)
        return [Day(day, amount) for day, amount in cursor.fetchall()]


def limit_by_day(
    account: CreditAccount, limits: Sequence[CreditLimit], first: date, last: date
) -> list[Decimal | None]:
    """What the account could use on each day, from all its limits; None on days without a limit.

    A limit counts from the day on which it was granted, up to the day before it was ended. The
    segment's limit and the rates are taken as they are now.
    """
    segment = account.customer.segment.as_facts()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        granted(
            [limit.as_facts() for limit in _counting(limits, day)],
            segment,
            account.currency,
            account.rates,
            in_group=account.parent_id is not None,
        ).amount
        for day in days
    ]


def _counting(limits: Sequence[CreditLimit], day: date) -> list[CreditLimit]:
    known = [
        limit
        for limit in limits
        if max(limit.valid_from, company_day(limit.granted_at)) <= day
        and (limit.ended_at is None or company_day(limit.ended_at) > day)
    ]
    bases = [limit for limit in known if limit.type == LimitType.BASE]
    added = [
        x for x in known if x.type != LimitType.BASE and x.valid_until and x.valid_until >= day
    ]
    return [*sorted(bases, key=lambda limit: (limit.valid_from, limit.pk))[-1:], *added]


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
