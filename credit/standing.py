"""How a customer stands: what the checks look at, read in one call and kept with a decision.

The reading is JSON with amounts as strings, ready to be frozen. It costs the same however long the
customer's history is: balances are kept, and of invoices only those that are open and due count.
The reading itself is the function in `sql/standing.sql`.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from credit.content import Content
from credit.days import company_day
from credit.enums import CheckCode
from credit.rates import rates_on

# Of an account, given as an expression; the parameters are those of `question`.
STANDING = "credit_standing({account}, %s, %s, %s, %s, %s)"


def question(content: Content, at: datetime) -> list[Any]:
    """What the function `credit_standing` is told beside the account. The day is the company's."""
    settings = {row["check"]: row for row in content["checks"]}
    overdue = settings[CheckCode.OVERDUE]
    return [
        company_day(at),
        overdue["days"],
        overdue["disputed"],
        settings[CheckCode.OLDEST]["disputed"],
        settings[CheckCode.PROMISES]["within_days"],
    ]


def read(*, account_id: int, content: Content, at: datetime) -> Any:
    """How the account stands as of `at`, as `facts` takes it. One statement.

    Lock the account and its groups first where the answer must hold until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {STANDING.format(account='%s')}",
            [account_id, *question(content, at)],
        )
        return cursor.fetchone()[0]


def facts(
    standing: Any,
    order: dict[str, Any],
    content: Content,
    at: datetime,
    rates: Callable[..., dict[str, Any]] = rates_on,
) -> dict[str, Any]:
    """The facts about an order of the account, as a decision keeps them.

    `order` are the order's own: total, paid, need and held as strings (held: what the order itself
    already uses, in the account's currency), currency, payment_days, first. `rates` brings the
    rates that the checks may need, in one statement, none where there is nothing to convert.
    """
    day = company_day(at)
    late = dict(standing["overdue"])
    oldest = {"days": late.pop("oldest_days"), "number": late.pop("oldest_number")}
    found = {"day": day.isoformat(), "order": order, "oldest": oldest} | standing
    found["overdue"] = late
    return found | {"rates": rates(day, *conversions(found, content))}


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
