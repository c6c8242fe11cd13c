"""Which row of the matrix a case takes. Pure: nothing here reads a database or the clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from approvals.matrix.enums import Purpose
from credit.money import LARGEST, ZERO, CurrencyMismatch

Content = dict[str, Any]
# What a row calls customers without a risk class.
UNRATED = "unrated"
# The one reason of a change of a limit.
LIMIT_CHANGE = "limit_change"
# The reason of an order that nothing blocks, where the policy asks for a person all the same.
PASSED = "passed"
# A segment or a reason that no row names, such as one that is made next year.
OTHER = "*"
# What can tell a row from another, in the order in which it is read.
CRITERIA = ("purpose", "excess", "percent", "amount", "risk_classes", "segments", "reasons")


@dataclass(frozen=True, slots=True)
class Case:
    """What has to be decided. Amounts are in `currency`, which is the matrix's.

    For an order: its total, the excess over the limit, and the reasons that block it. For a limit:
    the resulting limit (LARGEST for an unlimited one) and the increase over today's. An amount
    whose rate is not known is LARGEST. `excess_percent` is None where no limit measures it.
    """

    purpose: str
    excess: Decimal
    excess_percent: Decimal | None
    amount: Decimal
    currency: str
    risk_class: str
    segment: str
    reasons: frozenset[str]

    @property
    def percent(self) -> Decimal:
        """The excess in per cent of the limit; beyond everything where no limit measures it."""
        if self.excess <= 0:
            return ZERO
        return LARGEST if self.excess_percent is None else min(self.excess_percent, LARGEST)

    @property
    def rating(self) -> str:
        """The risk class as rows name it."""
        return self.risk_class or UNRATED


@dataclass(frozen=True, slots=True)
class Band:
    """From `low` up to `high`, which belongs to the next band; without `high` it never ends."""

    low: Decimal
    high: Decimal | None

    def holds(self, figure: Decimal) -> bool:
        return self.low <= figure and (self.high is None or figure < self.high)

    @property
    def whole(self) -> bool:
        """Whether it leaves nothing out."""
        return not self.low and self.high is None


@dataclass(frozen=True, slots=True)
class Seat:
    """Whose answer is asked for: whoever holds a role, or one person."""

    role: str | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """People who are asked at the same time. `hours` are business hours.

    `escalate` is the role that is asked when they pass; None where nobody stands above.
    """

    need: str
    seats: tuple[Seat, ...]
    hours: int
    escalate: Seat | None


@dataclass(frozen=True, slots=True)
class Row:
    """Cases of one kind and the stages that decide about them, one after the other.

    An empty set leaves nothing out. Of the reasons, one is enough.
    """

    code: str
    names: Mapping[str, str]
    purpose: str
    excess: Band
    percent: Band
    amount: Band
    risk_classes: frozenset[str]
    segments: frozenset[str]
    reasons: frozenset[str]
    stages: tuple[Stage, ...]

    @property
    def name(self) -> str:
        """The name in the active language, in English where it has no other."""
        return str(self.names.get((get_language() or "en").lower()) or self.names["en"])


def route(content: Content, case: Case) -> Row | None:
    """The first row that matches, or None.

    Raises CurrencyMismatch for a case that is not told in the matrix's currency.
    """
    if case.currency != content["currency"]:
        raise CurrencyMismatch(f"{case.currency} and {content['currency']} do not mix")
    return next((row for row in rows_of(content) if matches(row, case)), None)


def matches(row: Row, case: Case) -> bool:
    """Whether the row is for such cases."""
    return next(mismatches(row, case), None) is None


def mismatches(row: Row, case: Case) -> Iterator[str]:
    """The criteria that keep the row from matching, in the order of CRITERIA."""
    fits = {
        "purpose": row.purpose == case.purpose,
        "excess": row.excess.holds(max(case.excess, ZERO)),
        "percent": row.percent.holds(case.percent),
        "amount": row.amount.holds(max(case.amount, ZERO)),
        "risk_classes": not row.risk_classes or case.rating in row.risk_classes,
        "segments": not row.segments or case.segment in row.segments,
        "reasons": not row.reasons or bool(row.reasons & case.reasons),
    }
    return (name for name in CRITERIA if not fits[name])


def rows_of(content: Content) -> tuple[Row, ...]:
    """The rows of a clean content, in their order."""
    return tuple(_row(row) for row in content["rows"])


def _row(row: Content) -> Row:
    return Row(
        code=row["code"],
        names=row["names"],
        purpose=Purpose(row["purpose"]).value,
        excess=band(row["excess"]),
        percent=band(row["percent"]),
        amount=band(row["amount"]),
        risk_classes=frozenset(row["risk_classes"]),
        segments=frozenset(row["segments"]),
        reasons=frozenset(row["reasons"]),
        stages=tuple(_stage(stage) for stage in row["stages"]),
    )


def band(ends: Any) -> Band:
    """A band as the content keeps it."""
    low, high = ends
    return Band(Decimal(low), None if high is None else Decimal(high))


def _stage(stage: Content) -> Stage:
    escalate = stage["escalate"]
    return Stage(
        need=stage["need"],
        seats=tuple(seat(each) for each in stage["seats"]),
        hours=stage["hours"],
        escalate=seat(escalate) if escalate else None,
    )


def seat(each: Content) -> Seat:
    """A seat as the content keeps it."""
    return Seat(role=each.get("role"), person_id=each.get("person"))
