"""Scorecards and what they look at."""

from decimal import Decimal

from credit.models import Industry, Scorecard
from credit.scoring import lifecycle
from credit.scoring.card import Band, Card, ClassRule, Factor, Inputs
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import person

CLASSES = (
    ClassRule("A", Decimal(80), Decimal(5), Decimal(3)),
    ClassRule("B", Decimal(65), None, Decimal(2)),
    ClassRule("C", Decimal(50), Decimal(3), None),
    ClassRule("D", Decimal(35), Decimal(1), Decimal(1)),
    ClassRule("E", Decimal(0)),
)
YEARS = (Band(10, Decimal(0)), Band(50, Decimal(3)), Band(100, Decimal(10)))
RATING = tuple(Band(points, value=value) for value, points in (("AAA", 100), ("B", 30), ("D", 0)))


def card(*factors, classes=CLASSES):
    """A card of years (60 %, unknown 20) and rating (40 %, unknown 40), or of `factors`."""
    usual = (Factor("years", 60, 20, YEARS), Factor("rating", 40, 40, RATING))
    return Card(factors or usual, classes)


def inputs(years=None, rating=None, **values):
    figures = {name: Decimal(value) for name, value in values.items() if value is not None}
    years = None if years is None else Decimal(years)
    return Inputs(values={"years": years, "rating": rating}, **figures)


def published():
    """The card that every installation starts with, unless another took its place."""
    return Scorecard.objects.published().get()


def draft(note="harder on late payers", *, by=None):
    by = by or person("credit_analyst")
    made = lifecycle.draft_from(scorecard_id=published().pk, by=by, at=NOW)
    made.note = note
    made.save(update_fields=["note"])
    return made


def publish(card=None, *, by=None, at=NOW):
    card = card or draft()
    return lifecycle.publish(scorecard_id=card.pk, by=by or person("credit_analyst"), at=at)


def known(limit="100000.00", **values):
    """An account of a customer of whom everything but payments is known."""
    values = {
        "founded_on": NOW.date().replace(year=2010),
        "annual_revenue": Decimal(20_000_000),
        "employees": 300,
        "external_rating": "A",
        "industry": Industry.objects.get(code="manufacturing"),
    } | values
    return credit.account(limit, **values)
