"""How a customer stands: what the checks look at, read in one statement and kept with a decision.

The reading is JSON with amounts as strings, ready to be frozen. It costs the same however long the
customer's history is: balances are kept, and of invoices only those that are open and due count.
"""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from credit.content import Content
from credit.days import company_day
from credit.enums import CheckCode
from credit.rates import rates_on

# How many overdue invoices a decision names; their sum always counts all.
NAMED_INVOICES = 10

_LIMITS = """
    SELECT coalesce(json_agg(json_build_object(
        'type', l.type, 'kind', l.kind, 'amount', l.amount::text,
        'percent', l.covered_percent::text, 'from', l.valid_from, 'until', l.valid_until
    ) ORDER BY l.id), '[]')
    FROM credit_creditlimit l
    WHERE l.account_id = a.id AND l.ended_at IS NULL AND l.valid_from <= %(day)s
        AND (l.type <> 'base' AND l.valid_until >= %(day)s OR l.id = (
            SELECT b.id FROM credit_creditlimit b
            WHERE b.account_id = a.id AND b.type = 'base' AND b.ended_at IS NULL
                AND b.valid_from <= %(day)s
            ORDER BY b.valid_from DESC, b.id DESC LIMIT 1
        ))
"""
# What the members of its group use, by currency; empty for an account without any.
_MEMBERS = """
    SELECT coalesce(json_object_agg(u.currency, u.used::text), '{}')
    FROM credit_groupexposure u WHERE u.account_id = a.id AND u.used <> 0
"""
_SEGMENT = """
    SELECT json_build_object('code', s.code, 'kind', s.limit_kind,
        'amount', s.limit_amount::text, 'currency', s.limit_currency)
    FROM credit_segment s WHERE s.id = c.segment_id
"""
# Made of the constants above; values are bound.
_STANDING = f"""
    SELECT
        json_build_object(
            'id', a.id, 'name', c.name, 'currency', a.currency, 'reserved', a.reserved::text,
            'delivered', a.delivered::text, 'receivable', a.receivable::text,
            'members', ({_MEMBERS}), 'review_on', a.review_on, 'limits', ({_LIMITS})
        ),
        json_build_object(
            'status', c.status, 'status_reason', c.status_reason, 'risk_class', c.risk_class,
            'payment_days', c.payment_days
        ),
        ({_SEGMENT}),
        CASE WHEN cardinality(a.ancestors) = 0 THEN '[]' ELSE (
            SELECT json_agg(g.found ORDER BY array_position(own.ancestors, g.id))
            FROM credit_creditaccount own, LATERAL (
                SELECT a.id, json_build_object(
                    'id', a.id, 'name', c.name, 'currency', a.currency,
                    'used', (a.reserved + a.delivered + a.receivable)::text,
                    'members', ({_MEMBERS}), 'limits', ({_LIMITS}), 'segment', ({_SEGMENT})
                ) AS found
                FROM credit_creditaccount a JOIN credit_customer c ON c.id = a.customer_id
                WHERE a.id = ANY(own.ancestors)
            ) g
            WHERE own.id = a.id
        ) END,
        (
            SELECT json_build_object(
                'amount', coalesce(sum(late.amount) FILTER (WHERE counted), 0)::text,
                'days', coalesce(max(late.days) FILTER (WHERE counted), 0),
                'count', count(*) FILTER (WHERE counted),
                'disputed', coalesce(sum(late.disputed), 0)::text,
                'invoices', coalesce(json_agg(json_build_object(
                    'number', late.number, 'amount', late.amount::text,
                    'due_on', late.due_on, 'days', late.days::text
                ) ORDER BY late.due_on, late.id)
                    FILTER (WHERE counted AND late.rank <= {NAMED_INVOICES}), '[]'),
                'oldest_days', coalesce(max(late.days) FILTER (WHERE late.oldest), 0),
                'oldest_number', coalesce((array_agg(late.number ORDER BY late.due_on, late.id)
                    FILTER (WHERE late.oldest))[1], '')
            )
            FROM (
                SELECT i.id, i.number, i.due_on, %(day)s - i.due_on AS days,
                    i.disputed_amount AS disputed,
                    i.open_amount - CASE WHEN %(overdue_disputed)s
                        THEN 0 ELSE i.disputed_amount END AS amount,
                    %(day)s - i.due_on > %(overdue_days)s AND (%(overdue_disputed)s
                        OR i.open_amount > i.disputed_amount) AS counted,
                    %(oldest_disputed)s OR i.open_amount > i.disputed_amount AS oldest,
                    row_number() OVER (ORDER BY
                        (%(overdue_disputed)s OR i.open_amount > i.disputed_amount) DESC,
                        i.due_on, i.id) AS rank
                FROM credit_invoice i
                WHERE i.account_id = a.id AND i.open_amount > 0 AND i.due_on < %(day)s
            ) late
        ),
        (
            SELECT count(*) FROM credit_promise p
            WHERE p.account_id = a.id AND p.state = 'broken'
                AND p.due_on >= %(day)s - %(promise_days)s AND p.due_on < %(day)s
        )
    FROM credit_creditaccount a JOIN credit_customer c ON c.id = a.customer_id
    WHERE a.id = %(account)s
"""  # noqa: S608


def read(
    *, account_id: int, order: dict[str, Any], content: Content, at: datetime
) -> dict[str, Any]:
    """The facts about an order's account as of `at`, as a decision keeps them.

    `order` are the order's own facts: total, paid, need and held as strings (held: what the order
    itself already uses, in the account's currency), currency, payment_days, first. The day is the
    company's, in the server's time zone. Two statements at most; lock the account and its groups
    first where the answer must hold until the transaction ends.
    """
    day = company_day(at)
    settings = {row["check"]: row for row in content["checks"]}
    values = {
        "account": account_id,
        "day": day,
        "overdue_days": settings[CheckCode.OVERDUE]["days"],
        "overdue_disputed": settings[CheckCode.OVERDUE]["disputed"],
        "oldest_disputed": settings[CheckCode.OLDEST]["disputed"],
        "promise_days": settings[CheckCode.PROMISES]["within_days"],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, values)
        account, customer, segment, groups, late, broken = (
            json.loads(value) if isinstance(value, str) else value for value in cursor.fetchone()
        )
    oldest = {"days": late.pop("oldest_days"), "number": late.pop("oldest_number")}
    facts = {
        "day": day.isoformat(),
        "order": order,
        "account": account,
        "customer": customer,
        "segment": segment,
        "groups": groups,
        "overdue": late,
        "oldest": oldest,
        "promises": broken,
    }
    return facts | {"rates": _rates(facts, content, day)}


def _rates(facts: dict[str, Any], content: Content, day: Any) -> dict[str, Any]:
    """The rates into the account's and its groups' currencies that the checks may need."""
    own = facts["account"]["currency"]
    groups = {group["currency"] for group in facts["groups"]}
    heads = (facts["account"], *facts["groups"])
    members = {currency for head in heads for currency in head["members"]}
    segments = {
        row["currency"] for row in (facts["segment"], *(g["segment"] for g in facts["groups"]))
    }
    policy = {content["currency"]} if _has_amounts(content) else set()
    sources = {facts["order"]["currency"], own} | members | segments | policy | groups
    return rates_on(day, sources - {""}, {own} | groups)


def _has_amounts(content: Content) -> bool:
    amounts = ("tolerance", "amount")
    return any(Decimal(row[name]) for row in content["checks"] for name in amounts if name in row)
