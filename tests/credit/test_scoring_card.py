from decimal import Decimal

import pytest

from credit.scoring.card import Band, ClassRule, Factor, score, two_figures
from credit.scoring.comparison import BOUNDLESS, deviation
from tests.factories.scoring import CLASSES, card, inputs


@pytest.mark.parametrize(
    ("years", "points"),
    [("0", 10), ("2", 10), ("3", 50), ("4", 50), ("9", 50), ("10", 100), ("99", 100)],
)  # fmt: skip
def test_score_takes_the_band_that_begins_at_or_below(years, points):
    factor = score(card(), inputs(years, "B")).factors[0]
    assert factor.points == points
    assert factor.contribution == Decimal(points * 60) / 100


@pytest.mark.parametrize(
    ("years", "start", "end"), [("2", "0", "3"), ("3", "3", "10"), ("10", "10", None)]
)
def test_score_names_the_ends_of_the_band(years, start, end):
    factor = score(card(), inputs(years)).factors[0]
    assert (factor.observed, factor.start, factor.end) == (years, start, end)


@pytest.mark.parametrize(("rating", "points"), [("AAA", 100), ("B", 30), ("D", 0)])
def test_score_takes_the_points_of_a_rating(rating, points):
    assert score(card(), inputs("3", rating)).factors[1].points == points


@pytest.mark.parametrize("values", [{}, {"rating": "ZZ"}])
def test_score_counts_what_is_unknown_as_the_card_says(values):
    done = score(card(), inputs("3", **values))
    unknown = done.factors[1]
    assert (unknown.observed, unknown.points, unknown.contribution) == (None, 40, 16)
    assert "rating" in done.missing and done.points == 30 + 16


def test_score_of_nobody_known_is_made_of_unknown_points():
    done = score(card(), inputs())
    assert (done.points, done.risk_class) == (28, "E")
    assert list(done.missing) == ["years", "rating"]


@pytest.mark.parametrize(
    ("points", "risk_class"),
    [(100, "A"), (80, "A"), (79, "B"), (65, "B"), (64, "C"), (50, "C"), (49, "D"), (35, "D"),
     (34, "E"), (0, "E")],
)  # fmt: skip
def test_score_takes_the_class_that_begins_at_or_below(points, risk_class):
    one = card(Factor("years", 100, 0, (Band(points, Decimal(0)),)))
    assert score(one, inputs("1")).risk_class == risk_class


def of_class(code, **known):
    """A score of exactly the points at which the class begins."""
    start = next(rule.from_points for rule in CLASSES if rule.code == code)
    one = card(Factor("years", 100, 0, (Band(int(start), Decimal(0)),)))
    return score(one, inputs("1", **known))


@pytest.mark.parametrize(
    ("code", "known", "recommended", "missing"),
    [
        ("A", {"annual_revenue": "1000000", "monthly_invoiced": "20000"}, "50000.00", []),
        ("A", {"annual_revenue": "1300000", "monthly_invoiced": "20000"}, "60000.00", []),
        ("A", {"annual_revenue": "1000000"}, "50000.00", ["monthly_invoiced"]),
        ("A", {"monthly_invoiced": "20000"}, "60000.00", ["annual_revenue"]),
        ("A", {"annual_revenue": "0", "monthly_invoiced": "20000"}, "0.00", []),
        ("A", {}, None, ["annual_revenue", "monthly_invoiced"]),
        ("B", {"annual_revenue": "1000000"}, None, ["monthly_invoiced"]),
        ("C", {"annual_revenue": "1000000"}, "30000.00", []),
        ("E", {"annual_revenue": "1000000", "monthly_invoiced": "20000"}, "0.00", []),
    ],
)
def test_score_recommends_the_lower_limit_of_those_known(code, known, recommended, missing):
    done = of_class(code, **known)
    assert done.recommended_limit == (None if recommended is None else Decimal(recommended))
    assert list(done.missing) == missing


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("123456.78", "120000.00"), ("125000", "130000.00"), ("124999.99", "120000.00"),
     ("99.50", "100.00"), ("9.94", "9.90"), ("0.05", "0.05"), ("0", "0.00"), ("-1", "0.00"),
     ("9999999999999999.99", "9999999999999999.99")],
)  # fmt: skip
def test_two_figures(amount, rounded):
    assert str(two_figures(Decimal(amount))) == rounded


def test_score_of_the_largest_amounts_can_be_stored():
    rule = ClassRule("A", Decimal(0), Decimal("999.99"), Decimal("999.9"))
    huge = {"annual_revenue": "9999999999999999.99", "monthly_invoiced": "9999999999999999.99"}
    done = score(card(classes=(rule,)), inputs("3", **huge))
    assert str(done.recommended_limit) == "9999999999999999.99"


def test_score_is_the_same_every_time():
    known = {"annual_revenue": "1234567.89", "monthly_invoiced": "4321.09"}
    assert score(card(), inputs("3", "B", **known)) == score(card(), inputs("3", "B", **known))


@pytest.mark.parametrize(
    ("recommended", "kind", "amount", "expected"),
    [
        ("100", "amount", "100", "0"),
        ("100", "amount", "125", "25"),
        ("100", "amount", "74.96", "-25"),
        ("100", "amount", "0", "-100"),
        ("100", "none", None, "-100"),
        ("100", "unlimited", None, BOUNDLESS),
        ("0", "amount", "1", BOUNDLESS),
        ("0", "amount", "0", "0"),
        ("0", "none", None, "0"),
        ("0.01", "amount", "9999999999999999.99", BOUNDLESS),
        ("100", "group", None, "0"),
        (None, "unlimited", None, "0"),
        (None, "amount", "5", "0"),
    ],
)
def test_deviation_is_in_percent_of_the_recommendation(recommended, kind, amount, expected):
    given = [None if value is None else Decimal(value) for value in (recommended, amount)]
    assert deviation(given[0], kind, given[1]) == Decimal(expected)
