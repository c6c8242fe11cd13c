"""The arithmetic of a scorecard. Pure: the same card and inputs always give the same score.

Each factor gives 0 to 100 points by the band its value falls into and contributes them by its
weight; the contributions add up to the score, which decides the risk class, which decides how the
recommended limit is worked out. Amounts are in the currency of the customer's account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from credit.money import LARGEST, ZERO, quantize

HUNDRED = Decimal(100)
Value = Decimal | str | None


@dataclass(frozen=True, slots=True)
class Band:
    """Points of the values from `start` up to the next band, or of the one value `value`."""

    points: int
    start: Decimal | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """Something to look at; `weight` is in percent, `unknown_points` count where it is unknown."""

    code: str
    weight: int
    unknown_points: int
    bands: Sequence[Band]


@dataclass(frozen=True, slots=True)
class ClassRule:
    """A risk class: the points it begins at, and how its recommended limit is worked out.

    At most `revenue_percent` of the annual revenue and `months` times the average monthly invoices;
    with neither, no credit is recommended.
    """

    code: str
    from_points: Decimal
    revenue_percent: Decimal | None = None
    months: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard; `classes` from the best to the worst."""

    factors: Sequence[Factor]
    classes: Sequence[ClassRule]

    @property
    def codes(self) -> set[str]:
        """Which factors count."""
        return {factor.code for factor in self.factors}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known of one customer. `values` by factor code, None where it is unknown.

    `notes` say by factor how a value came about, for its sentence: {"years": "customer"}.
    """

    values: Mapping[str, Value]
    annual_revenue: Decimal | None = None
    monthly_invoiced: Decimal | None = None
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactorScore:
    """How one factor counted. `start` and `end` bound the band of a figure, `end` excluded."""

    code: str
    observed: str | None
    start: str | None
    end: str | None
    points: int
    weight: int
    contribution: Decimal
    note: Any = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept in the history of scores."""
        return {
            "code": self.code,
            "observed": self.observed,
            "start": self.start,
            "end": self.end,
            "points": self.points,
            "weight": self.weight,
            "contribution": str(self.contribution),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Basis:
    """One way to the recommended limit: `base` × `rate` = `amount`; `source` says of what."""

    source: str
    base: Decimal
    rate: Decimal
    amount: Decimal

    def as_json(self) -> dict[str, str]:
        """As it is kept in the history of scores."""
        return {
            "source": self.source,
            "base": str(self.base),
            "rate": str(self.rate),
            "amount": str(self.amount),
        }


@dataclass(frozen=True, slots=True)
class Score:
    """The result. `recommended_limit` is None where too little is known to recommend any.

    `missing` names the factors without a value, and `annual_revenue` or `monthly_invoiced` where
    the limit had to do without.
    """

    points: Decimal
    risk_class: str
    factors: Sequence[FactorScore]
    recommended_limit: Decimal | None
    basis: Sequence[Basis]
    missing: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Everything needed to explain the score later."""
        return {
            "factors": [factor.as_json() for factor in self.factors],
            "basis": [basis.as_json() for basis in self.basis],
            "missing": list(self.missing),
        }


def score(card: Card, inputs: Inputs) -> Score:
    """The customer's score on this card.

    The card must be whole: weights of 100 % and a band for every value, as publishing assures.
    """
    factors = [_factor(factor, inputs) for factor in card.factors]
    points = sum((factor.contribution for factor in factors), ZERO)
    rule = next(rule for rule in card.classes if points >= rule.from_points)
    basis, lacking = _bases(rule, inputs)
    return Score(
        points=points,
        risk_class=rule.code,
        factors=factors,
        recommended_limit=_recommended(rule, basis),
        basis=basis,
        missing=[*(f.code for f in factors if f.observed is None), *lacking],
    )


def _factor(factor: Factor, inputs: Inputs) -> FactorScore:
    value = inputs.values.get(factor.code)
    band, end = _band(factor.bands, value)
    points = band.points if band else factor.unknown_points
    return FactorScore(
        code=factor.code,
        observed=None if band is None else str(value),
        start=None if band is None or band.start is None else str(band.start),
        end=None if end is None else str(end),
        points=points,
        weight=factor.weight,
        contribution=quantize(Decimal(points * factor.weight) / HUNDRED),
        note=inputs.notes.get(factor.code),
    )


def _band(bands: Sequence[Band], value: Value) -> tuple[Band | None, Decimal | None]:
    """The band of `value` and where the next one begins."""
    if value is None:
        return None, None
    if isinstance(value, str):
        return next((band for band in bands if band.value == value), None), None
    found, end = None, None
    for band in sorted(bands, key=lambda band: band.start or ZERO, reverse=True):
        if band.start is not None and band.start <= value:
            found = band
            break
        end = band.start
    return found, end if found else None


def _bases(rule: ClassRule, inputs: Inputs) -> tuple[list[Basis], list[str]]:
    ways = (
        ("annual_revenue", inputs.annual_revenue, rule.revenue_percent, HUNDRED),
        ("monthly_invoiced", inputs.monthly_invoiced, rule.months, Decimal(1)),
    )
    basis, lacking = [], []
    for source, base, rate, divisor in ways:
        if rate is None:
            continue
        if base is None:
            lacking.append(source)
        else:
            amount = min(quantize(base * rate / divisor), LARGEST)
            basis.append(Basis(source, base, rate, amount))
    return basis, lacking


def _recommended(rule: ClassRule, basis: Sequence[Basis]) -> Decimal | None:
    if rule.revenue_percent is None and rule.months is None:
        return ZERO
    return two_figures(min(way.amount for way in basis)) if basis else None


def two_figures(amount: Decimal) -> Decimal:
    """`amount` to two significant figures, halves up: nobody grants 123,456.78."""
    if amount <= 0:
        return ZERO
    rounded = amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), ROUND_HALF_UP)
    return quantize(min(rounded, LARGEST))
