"""What a row of receivables says of the part that is paid and the part that is open."""

from collections.abc import Mapping
from decimal import Decimal

# The code of a problem, the field it is about, the figures of its sentence.
Found = tuple[str, str, dict[str, object]]


def paid_part(values: Mapping[str, str]) -> Decimal | None:
    """What was paid of the invoice; None where the row says neither that nor what is open."""
    amount, paid = Decimal(values["amount"]), values.get("paid_amount")
    opened = values.get("open_amount")
    if paid is not None:
        return Decimal(paid)
    return None if opened is None else amount - Decimal(opened)


def settled_day(values: Mapping[str, str]) -> str | None:
    """The day on which nothing was left to pay; that of the last payment where it paid all."""
    whole = paid_part(values) == Decimal(values["amount"])
    return values.get("settled_on") or (values.get("paid_on") if whole else None)


def part_problem(values: Mapping[str, str]) -> Found | None:
    """Why the parts cannot be so, if they cannot. Nothing for a row without an amount."""
    part = paid_part(values) if "amount" in values else None
    if part is None:
        return None
    amount = Decimal(values["amount"])
    field = "paid_amount" if "paid_amount" in values else "open_amount"
    if not 0 <= part <= amount:
        return "part_over_amount", field, {"amount": amount}
    if amount - part != Decimal(values.get("open_amount", amount - part)):
        return "parts_differ", "open_amount", {"amount": amount}
    if values.get("settled_on") and part != amount:
        return "settled_but_open", "settled_on", {"open": amount - part}
    if part == amount and not settled_day(values):
        return "settled_when", field, {}
    return None
