from decimal import Decimal
from random import Random

import pytest

from approvals.matrix.content import CLASSES
from approvals.matrix.routing import Case, Seat, Stage, mismatches, route, rows_of
from approvals.matrix.seed import default_content
from credit.money import LARGEST, CurrencyMismatch
from tests.approvals.matrix.contents import REASONS, SEGMENTS, content, random_content, row, stage
from tests.approvals.matrix.evaluation import evaluate


def case(excess="0", percent=None, **values):
    percent = Decimal(percent) if percent is not None else None
    standard = {"purpose": "order", "amount": Decimal(1000), "currency": "CNY"}
    standard |= {"risk_class": "C", "segment": "plain", "reasons": frozenset({"limit"})}
    return Case(**(standard | {"excess": Decimal(excess), "excess_percent": percent} | values))


def limit(rise, resulting="1000"):
    reasons = frozenset({"limit_change"})
    amount = Decimal(resulting)
    return case(rise, "5", purpose="limit", amount=amount, reasons=reasons)


# The way of the matrix that comes with the product, worked out by hand.
SEEDED = [
    (case("0", "0", reasons=frozenset({"overdue"})), "small"),
    (case("0.01", "0.0001"), "small"),
    (case("50", "9.99"), "small"),
    (case("50", "10"), "little"),
    (case("19999.99", "900"), "little"),
    (case("20000", None), "larger"),
    (case("499999.99", "9"), "small"),
    (case("500000", "9"), "heavy_excess"),
    (case("500000", "90"), "heavy_excess"),
    (case("50", "5", reasons=frozenset({"limit", "blacklist"})), "heavy_reason"),
    (case("0", "0", reasons=frozenset({"rule:flagged_goods"})), "heavy_reason"),
    (case("0", "0", reasons=frozenset({"rule:other"})), "small"),
    (case("900000", "5", reasons=frozenset({"limit", "blacklist"})), "heavy_reason"),
    (limit("0"), "limit_small"),
    (limit("99999.99"), "limit_small"),
    (limit("100000"), "limit_large"),
    (limit("5000", "999999.99"), "limit_small"),
    (limit("5000", "1000000"), "limit_large"),
    (limit(LARGEST, LARGEST), "limit_large"),
]


@pytest.mark.parametrize(("asked", "code"), SEEDED)
def test_route_of_the_matrix_that_comes_with_the_product(asked, code):
    assert route(default_content(), asked).code == code
    assert evaluate(default_content(), asked) == code


def random_case(random):
    limit = random.random() < 0.3
    figures = [0, "0.01", 50, "99.99", 100, 150, 200, "299.99", 300, 10**9]
    excess = Decimal(random.choice(figures))
    share = random.choice([None, "0.5", "9.99", "10", "20", "25", "30", "1000"])
    reasons = random.sample([*REASONS, "terms"], random.randint(1, 3))
    return case(
        excess,
        share if excess else "0",
        purpose="limit" if limit else "order",
        amount=Decimal(random.choice(figures)),
        risk_class=random.choice([*CLASSES[:-1], ""]),
        segment=random.choice([*SEGMENTS, "new"]),
        reasons=frozenset({"limit_change"} if limit else reasons),
    )


@pytest.mark.parametrize("seed", range(60))
def test_route_agrees_with_an_independent_evaluation(seed):
    random = Random(seed)
    made = random_content(random, rows=random.randint(1, 12), whole=random.choice([0.4, 0.7]))
    asked = [random_case(random) for _ in range(40)]
    found = [route(made, each) for each in asked]
    assert [each and each.code for each in found] == [evaluate(made, each) for each in asked]


def test_route_takes_the_first_row_that_matches():
    made = content(row("special", segments=["gold"]), row("all"), row("never"))
    assert route(made, case(segment="gold")).code == "special"
    assert route(made, case()).code == "all"


def test_route_finds_nothing_where_no_row_matches():
    assert route(content(row("a", segments=["gold"])), case()) is None


def test_route_refuses_a_case_in_another_currency():
    with pytest.raises(CurrencyMismatch):
        route(content(row("a")), case(currency="USD"))


def test_rows_tell_their_stages():
    stages = [stage("approver_1", 7, need="all", escalate="approver_2"), stage("boss", hours=16)]
    (found,) = rows_of(content(row("a", *stages)))
    assert found.stages == (
        Stage("all", (Seat(role="approver_1"), Seat(person_id=7)), 8, Seat(role="approver_2")),
        Stage("any", (Seat(role="boss"),), 16, None),
    )


def test_mismatches_name_everything_that_does_not_fit():
    (only,) = rows_of(
        content(row("a", purpose="limit", excess=["10", "20"], percent=["50", None],
                    amount=["0", "5"], risk_classes=["A"], segments=["gold"]))
    )  # fmt: skip
    assert list(mismatches(only, case("20", "10"))) == [
        "purpose", "excess", "percent", "amount", "risk_classes", "segments",
    ]  # fmt: skip


def test_what_no_limit_measures_is_larger_than_every_percentage():
    made = content(row("below", percent=["0", "100000"]), row("beyond"))
    assert route(made, case("5", None)).code == "beyond"
    assert route(made, case("0", None)).code == "below"
