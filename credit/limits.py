"""What an account may use on a day. Pure arithmetic on limits as they are kept in decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from credit.enums import LimitKind, LimitType
from credit.money import ZERO, quantize
from credit.rates import Rates

Facts = Mapping[str, Any]
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Granted:
    """The limits of an account taken together, in its currency.

    `amount` is None where the account has no limit of its own to reach: unlimited, or covered by
    its group's alone. `kind` is never `inherit`. `expired_on` is the last day of a base limit that
    nobody renewed. `missing_rate` names the currency whose rate is not known.
    """

    kind: str
    amount: Decimal | None
    base: Decimal = ZERO
    temporary: Decimal = ZERO
    secured: Decimal = ZERO
    inherited: bool = False
    expired_on: date | None = None
    missing_rate: str = ""


def covered(amount: Decimal, percent: Decimal) -> Decimal:
    """What a security adds to the limit: `percent` of its amount."""
    return quantize(amount * percent / _HUNDRED)


def granted(
    limits: Sequence[Facts],
    segment: Facts,
    currency: str,
    rates: Rates | None = None,
    today: date | None = None,
    *,
    in_group: bool,
) -> Granted:
    """The limits that are valid on a day taken together.

    `limits` are the rows valid on that day: at most one of type base, which keeps counting after
    its last day, since a check of its own says that it expired; `today` is that day. A temporary or
    secured limit adds to the base limit. A segment's limit in another currency is converted at
    `rates`; without a rate it gives no credit, and the result says so. Neither does a limit "as the
    group" outside any group.
    """
    base = next((row for row in limits if row["type"] == LimitType.BASE), None)
    temporary = sum((_amount(r) for r in limits if r["type"] == LimitType.TEMPORARY), ZERO)
    secured = sum(
        (
            covered(_amount(r), Decimal(r["percent"]))
            for r in limits
            if r["type"] == LimitType.SECURED
        ),
        ZERO,
    )
    kind = base["kind"] if base else LimitKind.NONE
    inherited, missing = kind == LimitKind.INHERIT, ""
    amount = _amount(base) if base else ZERO
    if inherited:
        kind, amount, missing = _of_segment(segment, currency, rates)
    expired = _expired(base, today)
    if kind == LimitKind.GROUP and not in_group:
        kind = LimitKind.NONE
    if kind in (LimitKind.UNLIMITED, LimitKind.GROUP):
        return Granted(kind, None, inherited=inherited, expired_on=expired)
    whole = amount + temporary + secured
    if kind == LimitKind.NONE and (temporary or secured):
        kind = LimitKind.AMOUNT
    return Granted(
        kind=kind,
        amount=whole,
        base=amount,
        temporary=temporary,
        secured=secured,
        inherited=inherited,
        expired_on=expired,
        missing_rate=missing,
    )


def _amount(row: Facts) -> Decimal:
    return Decimal(row["amount"]) if row["amount"] is not None else ZERO


def _expired(base: Facts | None, today: date | None) -> date | None:
    if base is None or not base["until"] or today is None:
        return None
    until = date.fromisoformat(base["until"])
    return until if until < today else None


def _of_segment(segment: Facts, currency: str, rates: Rates | None) -> tuple[str, Decimal, str]:
    amount = _amount(segment)
    if segment["kind"] != LimitKind.AMOUNT or segment["currency"] == currency:
        return segment["kind"], amount, ""
    converted = rates.convert(amount, segment["currency"], currency) if rates else None
    if converted is None:
        return LimitKind.NONE, ZERO, segment["currency"]
    return LimitKind.AMOUNT, converted, ""
