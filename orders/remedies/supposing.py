"""The recorded facts of an order as they would be after something was done about it. Pure.

Each function gives new facts, as `orders.gate.judge` takes them, and leaves the given ones alone.
Gate rules keep the answers that they gave: whoever changes an order is asked by them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from credit.content import Content
from credit.enums import CheckCode, LimitKind, LimitType
from credit.money import ZERO

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """An open invoice, in the account's currency."""

    number: str
    due_on: date
    open_amount: Decimal
    disputed: Decimal


def _with_order(facts: Facts, **values: Any) -> dict[str, Any]:
    return {**facts, "order": {**facts["order"], **values}}


def paid(facts: Facts, amount: Decimal) -> dict[str, Any]:
    """After a payment of `amount` for the order, in its currency."""
    order = facts["order"]
    need = max(Decimal(order["need"]) - amount, ZERO)
    return _with_order(facts, paid=str(Decimal(order["paid"]) + amount), need=str(need))


def reduced(facts: Facts, amount: Decimal) -> dict[str, Any]:
    """With an order that comes to `amount` less, tax included, in its currency."""
    order = facts["order"]
    need = max(Decimal(order["need"]) - amount, ZERO)
    return _with_order(facts, total=str(Decimal(order["total"]) - amount), need=str(need))


def on_terms(facts: Facts, days: int) -> dict[str, Any]:
    """With payment terms of `days`; 0 is cash on order."""
    return _with_order(facts, payment_days=days)


def with_limits(facts: Facts, amounts: Mapping[int, Decimal]) -> dict[str, Any]:
    """With base limits of so much from today on, without a last day, by the id of the account.

    Accounts are the customer's own and those of the groups above it.
    """

    def limited(standing: Facts) -> dict[str, Any]:
        if standing["id"] not in amounts:
            return dict(standing)
        base = {
            "type": LimitType.BASE.value,
            "kind": LimitKind.AMOUNT.value,
            "amount": str(amounts[standing["id"]]),
            "percent": None,
            "from": facts["day"],
            "until": None,
        }
        others = [row for row in standing["limits"] if row["type"] != LimitType.BASE]
        return {**standing, "limits": [*others, base]}

    groups = [limited(group) for group in facts["groups"]]
    return {**facts, "account": limited(facts["account"]), "groups": groups}


def with_temporary(facts: Facts, amount: Decimal) -> dict[str, Any]:
    """With a temporary limit of `amount` on top of what the account has."""
    more = {
        "type": LimitType.TEMPORARY.value,
        "kind": LimitKind.AMOUNT.value,
        "amount": str(amount),
        "percent": None,
        "from": facts["day"],
        "until": facts["day"],
    }
    account = facts["account"]
    return {**facts, "account": {**account, "limits": [*account["limits"], more]}}


def settled(facts: Facts, content: Content, items: Sequence[Item], count: int) -> dict[str, Any]:
    """After the first `count` of the account's open items, oldest due date first, were paid."""
    done, left = items[:count], items[count:]
    today = date.fromisoformat(facts["day"])
    freed = sum((item.open_amount for item in done), ZERO)
    account = facts["account"]
    own = account["currency"]
    receivable = max(Decimal(account["receivable"]) - freed, ZERO)
    groups = [
        {**group, "members": {**group["members"], own: _less(group["members"], own, freed)}}
        for group in facts["groups"]
    ]
    return {
        **facts,
        "account": {**account, "receivable": str(receivable)},
        "groups": groups,
        "overdue": _overdue_less(
            facts["overdue"], _setting(content, CheckCode.OVERDUE), done, today
        ),
        "oldest": _oldest_of(_setting(content, CheckCode.OLDEST), left, today),
    }


def _less(amounts: Facts, currency: str, amount: Decimal) -> str:
    return str(max(Decimal(amounts.get(currency, "0.00")) - amount, ZERO))


def _setting(content: Content, code: str) -> Facts:
    found: Facts = next(row for row in content["checks"] if row["check"] == code)
    return found


def _overdue_less(late: Facts, setting: Facts, done: Sequence[Item], today: date) -> dict[str, Any]:
    """What is overdue without the items that were paid; counted as `credit.standing` does."""
    gone = [
        item.open_amount - (ZERO if setting["disputed"] else item.disputed)
        for item in done
        if (today - item.due_on).days > setting["days"]
        and (setting["disputed"] or item.open_amount > item.disputed)
    ]
    amount = max(Decimal(late["amount"]) - sum(gone, ZERO), ZERO)
    count = late["count"] - len(gone)
    return {**late, "amount": str(amount), "count": count, "days": late["days"] if count else 0}


def _oldest_of(setting: Facts, left: Sequence[Item], today: date) -> dict[str, Any]:
    for item in left:
        days = (today - item.due_on).days
        if days > 0 and (setting["disputed"] or item.open_amount > item.disputed):
            return {"days": days, "number": item.number}
    return {"days": 0, "number": ""}
