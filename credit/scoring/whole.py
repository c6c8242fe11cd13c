"""Reading a scorecard from its rows, and what it still lacks before it can be published."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from credit.enums import RiskClass
from credit.scoring.card import Band, Card, ClassRule, Factor
from credit.scoring.enums import CHOICES, FactorCode
from credit.scoring.models import Scorecard
from staff.listing import listed

FULL_WEIGHT = 100


def card_of(scorecard: Scorecard) -> Card:
    """The scorecard as the arithmetic takes it. Three queries."""
    bands: dict[str, list[Band]] = {}
    for row in scorecard.bands.all():
        bands.setdefault(row.factor, []).append(Band(row.points, row.start, row.value))
    return Card(
        factors=[
            Factor(row.code, row.weight, row.unknown_points, bands.get(row.code, []))
            for row in scorecard.factors.all()
        ],
        classes=[
            ClassRule(row.code, row.from_points, row.revenue_percent, row.months)
            for row in scorecard.classes.all()
        ],
    )


def problems(scorecard: Scorecard) -> list[str]:
    """Why the scorecard cannot be published yet, each a sentence; empty when it is whole."""
    card = card_of(scorecard)
    found = [*_weights(card), *_classes(card)]
    for factor in card.factors:
        found += _bands(factor)
    weighing = {factor.code for factor in card.factors}
    for code in sorted({band.factor for band in scorecard.bands.all()} - weighing):
        text = _(
            "“%(factor)s” has bands but does not weigh anything. Add its weight, or delete them."
        )
        found.append(text % {"factor": _name(code)})
    return found


def _name(code: str) -> str:
    return str(FactorCode(code).label)


def _weights(card: Card) -> Iterator[str]:
    weight = sum(factor.weight for factor in card.factors)
    if weight != FULL_WEIGHT:
        yield _("The weights come to %(sum)s%%; they must come to 100%%.") % {"sum": weight}


def _bands(factor: Factor) -> Iterator[str]:
    name = {"factor": _name(factor.code)}
    kinds = CHOICES.get(factor.code)
    if kinds is None:
        starts = [band.start for band in factor.bands if band.start is not None]
        if Decimal(0) not in starts:
            yield _("“%(factor)s” needs a band from 0, so that every value has its points.") % name
        return
    given = Counter(band.value for band in factor.bands)
    lacking = [str(kind.label) for kind in kinds if kind.value not in given]
    if lacking:
        text = _("“%(factor)s” needs points for every value; there are none for: %(values)s.")
        yield text % (name | {"values": listed(lacking)})
    if set(given) - set(kinds.values):
        yield _("“%(factor)s” has a band with a value that it cannot have.") % name


def _classes(card: Card) -> Iterator[str]:
    codes = [rule.code for rule in card.classes]
    if codes != list(RiskClass.values):
        yield _("Each risk class from A to E needs a row that says where it begins.")
        return
    points = [rule.from_points for rule in card.classes]
    if any(better <= worse for better, worse in pairwise(points)):
        yield _("Each risk class must begin at more points than the next one.")
    worst = card.classes[-1]
    if worst.from_points != 0:
        yield _("Class E must begin at 0 points, so that every score has its class.")
    if worst.revenue_percent is not None or worst.months is not None:
        yield _("No credit is recommended to class E: leave its percentage and multiple empty.")
