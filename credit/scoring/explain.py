"""A customer's score as the customer's page shows it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from credit.models import CreditAccount, CreditScore, Customer
from credit.scoring import sentences
from credit.scoring.comparison import deviation
from credit.scoring.enums import FactorCode

# Scores of the history that the page shows.
SHOWN = 12


@dataclass(frozen=True)
class Line:
    """One factor in words; `points` of 100 and `contribution` of `weight` for its bar."""

    name: str
    observed: str
    points: int
    contribution: Decimal
    weight: int
    sentence: str
    arithmetic: str


@dataclass(frozen=True)
class Shown:
    """The latest score with its reasons, the limit beside it, and the scores before."""

    score: CreditScore
    lines: list[Line]
    basis: list[str]
    lacking: str
    unknown: int
    deviation: Decimal
    distance: Decimal
    history: list[CreditScore]


def shown(customer: Customer, account: CreditAccount) -> Shown | None:
    """The customer's score, None where there is none yet. One query."""
    history = list(
        CreditScore.objects.filter(customer=customer)
        .select_related("scorecard")
        .order_by("-at", "-pk")[:SHOWN]
    )
    if not history:
        return None
    score = history[0]
    limit = account.effective_limit
    off = deviation(score.recommended_limit, limit.kind, limit.amount)
    explanation = score.explanation
    lines = [_line(factor) for factor in explanation["factors"]]
    return Shown(
        score=score,
        lines=lines,
        basis=[sentences.basis(way, score.currency) for way in explanation["basis"]],
        lacking=sentences.lacking(explanation["missing"]),
        unknown=sum(1 for line in lines if not line.observed),
        deviation=off,
        distance=abs(off),
        history=history,
    )


def told(score: CreditScore) -> list[str]:
    """Why the customer has this score, one sentence for each factor and way to a limit."""
    kept = score.explanation
    factors = [
        _("%(factor)s: %(sentence)s %(arithmetic)s")
        % {"factor": line.name, "sentence": line.sentence, "arithmetic": line.arithmetic}
        for line in map(_line, kept["factors"])
    ]
    ways = [sentences.basis(way, score.currency) for way in kept["basis"]]
    return [line for line in [*factors, *ways, sentences.lacking(kept["missing"])] if line]


def _line(factor: dict[str, Any]) -> Line:
    return Line(
        name=str(FactorCode(factor["code"]).label),
        observed=sentences.observed(factor),
        points=factor["points"],
        contribution=Decimal(factor["contribution"]),
        weight=factor["weight"],
        sentence=sentences.sentence(factor),
        arithmetic=sentences.arithmetic(factor),
    )
