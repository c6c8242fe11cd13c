"""The conditions that the levels of a request set, as they are kept and put together. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from orders.conditions import ConditionInput
from orders.enums import ConditionKind


def as_json(condition: ConditionInput) -> dict[str, Any]:
    """What an answer keeps of a condition; amounts and percentages as text."""
    figures = {
        "percent": condition.percent,
        "days": condition.days,
        "amount": condition.amount,
        "text": condition.text,
    }
    told = {
        name: str(value) if isinstance(value, Decimal) else value
        for name, value in figures.items()
        if value not in (None, "")
    }
    return {"kind": str(condition.kind)} | told


def of_json(row: Mapping[str, Any]) -> ConditionInput:
    """What `as_json` gave."""
    return ConditionInput(
        kind=ConditionKind(row["kind"]),
        percent=Decimal(row["percent"]) if "percent" in row else None,
        days=row.get("days"),
        amount=Decimal(row["amount"]) if "amount" in row else None,
        text=row.get("text", ""),
    )


def together(conditions: Iterable[ConditionInput]) -> list[ConditionInput]:
    """What several levels ask for at once: of each kind the strictest, and every document."""
    found: dict[tuple[str, str], ConditionInput] = {}
    for one in conditions:
        key = (one.kind, one.text)
        found[key] = _stricter(found[key], one) if key in found else one
    return list(found.values())


def _stricter(one: ConditionInput, other: ConditionInput) -> ConditionInput:
    if one.kind == ConditionKind.PREPAY:
        return max(one, other, key=lambda each: each.percent)  # type: ignore[arg-type, return-value]
    if one.kind == ConditionKind.PAY_WITHIN:
        return min(one, other, key=lambda each: each.days)  # type: ignore[arg-type, return-value]
    if one.kind == ConditionKind.AMOUNT:
        return min(one, other, key=lambda each: each.amount)  # type: ignore[arg-type, return-value]
    return one
