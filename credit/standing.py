"""How a customer stands: what the checks look at, read in one call and kept with a decision.

The reading is JSON with amounts as strings, ready to be frozen. It costs the same however long the
customer's history is: balances are kept, and of invoices only those that are open and due count.
The reading itself is the function in `sql/standing.sql`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection

from credit.content import Content
from credit.days import company_day
from credit.enums import CheckCode
from credit.rates import rates_on

_STANDING = "SELECT credit_standing(%s, %s, %s, %s, %s, %s)"


class Reader(Protocol):
    """Whoever tells how an account stands, as `read` does."""

    def __call__(
        self, *, account_id: int, order: dict[str, Any], content: Content, at: datetime
    ) -> dict[str, Any]: ...


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
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [account_id, day, *asked_by(content)])
        facts = as_facts(cursor.fetchone()[0], order, day)
    return facts | {"rates": rates_on(day, *conversions(facts, content))}


def asked_by(content: Content) -> tuple[Any, ...]:
    """What of a policy the reading depends on, as the function `credit_standing` takes it."""
    settings = {row["check"]: row for row in content["checks"]}
    overdue = settings[CheckCode.OVERDUE]
    return (
        overdue["days"],
        overdue["disputed"],
        settings[CheckCode.OLDEST]["disputed"],
        settings[CheckCode.PROMISES]["within_days"],
    )


def as_facts(found: dict[str, Any], order: dict[str, Any], day: date) -> dict[str, Any]:
    """What `credit_standing` found, with the order's own facts; the rates are still missing."""
    late = dict(found["overdue"])
    oldest = {"days": late.pop("oldest_days"), "number": late.pop("oldest_number")}
    told = {"day": day.isoformat(), "order": order, "oldest": oldest}
    return told | found | {"overdue": late}


def conversions(facts: dict[str, Any], content: Content) -> tuple[set[str], set[str]]:
    """From which currencies into which, the account's and its groups', the checks may convert."""
    own = facts["account"]["currency"]
    groups = {group["currency"] for group in facts["groups"]}
    heads = (facts["account"], *facts["groups"])
    members = {currency for head in heads for currency in head["members"]}
    segments = {
        row["currency"] for row in (facts["segment"], *(g["segment"] for g in facts["groups"]))
    }
    policy = {content["currency"]} if _has_amounts(content) else set()
    sources = {facts["order"]["currency"], own} | members | segments | policy | groups
    return sources - {""}, {own} | groups


def _has_amounts(content: Content) -> bool:
    amounts = ("tolerance", "amount")
    return any(Decimal(row[name]) for row in content["checks"] for name in amounts if name in row)
