from random import Random
from time import perf_counter

import pytest

from approvals.matrix.analysis import analyse
from approvals.matrix.people import Deciders
from approvals.matrix.routing import Seat, route
from approvals.matrix.seed import default_content
from tests.approvals.matrix.contents import (
    LIMITS,
    REASONS,
    SEGMENTS,
    STAFFED,
    content,
    random_content,
    row,
    stage,
    standard,
    without,
)
from tests.approvals.matrix.evaluation import evaluate, grid, takers


def analysed(*rows):
    return analyse(content(*rows, LIMITS), STAFFED)


def codes(found):
    return [each.row.code for each in found]


def pairs(found):
    return {(each.first.code, each.second.code) for each in found}


def test_the_matrix_that_comes_with_the_product_has_no_gaps():
    found = analyse(default_content(), STAFFED)
    assert (found.gaps, found.unreachable, found.empty_seats) == ([], [], [])
    assert not found.prevents


# What is taken out of the product's matrix, and the cases that then have no row.
REMOVED = [
    (["larger"], "order"),
    (["small", "larger"], "order"),
    (["limit_large"], "limit"),
    (["limit_small", "limit_large"], "limit"),
    (["heavy_reason", "heavy_excess", "small", "larger"], "order"),
]


@pytest.mark.parametrize(("gone", "purpose"), REMOVED)
def test_a_row_that_was_removed_leaves_a_gap_with_a_case_that_nothing_takes(gone, purpose):
    made = without(default_content(), *gone)
    found = analyse(made, STAFFED).gaps
    assert {gap.missing.purpose for gap in found} == {purpose}
    for gap in found:
        assert route(made, gap.witness) is None and evaluate(made, gap.witness) is None
        assert evaluate(default_content(), gap.witness) in gone


def test_a_hole_between_two_bands_is_told_as_the_row_that_is_missing():
    found = analysed(row("low", excess=["0", "100"]), row("high", excess=["100.01", None]))
    (gap,) = found.gaps
    assert gap.missing.excess.low == 100 and f"{gap.missing.excess.high:.2f}" == "100.01"
    assert gap.missing.percent.whole and not gap.missing.reasons


def test_classes_that_no_row_names_are_a_gap():
    (gap,) = analysed(row("rated", risk_classes=["A", "B", "C", "D", "E"])).gaps
    assert gap.missing.risk_classes == {"unrated"} and gap.witness.risk_class == ""


def test_segments_and_reasons_of_tomorrow_are_a_gap():
    (gap,) = analysed(row("a", segments=["gold"]), row("b", reasons=["overdue"])).gaps
    assert (gap.but.segments, gap.but.reasons) == ({"gold"}, {"overdue"})
    assert gap.witness.segment != "gold" and gap.witness.reasons != {"overdue"}


def test_an_excess_and_its_percentage_are_nothing_together():
    assert not analysed(row("none", excess=["0", "0.01"]), row("some", excess=["0.01", None])).gaps
    found = analysed(row("a"), row("b", excess=["0", "0.01"], percent=["1", None]))
    assert codes(found.unreachable) == ["b"]


def test_a_limit_is_never_smaller_than_its_rise():
    rows = [row("small", purpose="limit", excess=["0", "50"]), row("all")]
    assert not analyse(
        content(*rows, row("big", purpose="limit", amount=["50", None])), STAFFED
    ).gaps
    odd = row("odd", purpose="limit", excess=["50", None], amount=["0", "50"])
    (found,) = analyse(content(odd, *rows, LIMITS), STAFFED).unreachable
    assert (found.row.code, found.before) == ("odd", [])


COVERED = [
    [row("all"), row("never", reasons=["overdue"])],
    [row("low", excess=["0", "9"]), row("high", excess=["5", None]), row("never", segments=["x"])],
    [row("a", risk_classes=["A", "B"]), row("never", risk_classes=["B"]), row("all")],
    [row("x", reasons=["limit", "overdue"]), row("never", reasons=["overdue"]), row("all")],
]


@pytest.mark.parametrize("rows", COVERED)
def test_a_row_whose_cases_are_all_taken_is_found(rows):
    (found,) = analysed(*rows).unreachable
    assert found.row.code == "never" and found.before


def test_a_row_of_which_one_cent_is_left_is_reached():
    found = analysed(row("a", excess=["0.01", None]), row("b", excess=["0", "0.01"]))
    assert not found.unreachable and not found.gaps


def test_rows_overlap_through_two_reasons_of_one_case():
    a, b = row("a", stage("boss"), reasons=["limit"]), row("b", reasons=["overdue"])
    (found,) = [each for each in analysed(a, b, row("c")).overlaps if each.second.code == "b"]
    assert found.witness.reasons == {"limit", "overdue"}


def test_rows_that_ask_the_same_people_do_not_overlap():
    assert pairs(analysed(row("a", reasons=["limit"]), row("b")).overlaps) == set()


def test_seats_that_nobody_can_fill_are_found():
    stages = [stage("approver_1", "ghosts", 9, 1, escalate="nobody")]
    found = analysed(row("a", *stages)).empty_seats
    assert [(each.seat, each.escalation) for each in found] == [
        (Seat(role="ghosts"), False),
        (Seat(person_id=9), False),
        (Seat(role="nobody"), True),
    ]


def test_nobody_can_fill_a_seat_where_nobody_may_decide():
    assert len(analyse(standard(), Deciders({}, {})).empty_seats) == 24


@pytest.mark.parametrize("seed", range(24))
def test_findings_agree_with_a_search_through_all_cases(seed):
    random = Random(seed)
    made = random_content(random, rows=random.randint(2, 5), whole=random.choice([0.6, 0.8]))
    found = analyse(made, STAFFED, SEGMENTS)
    cases = list(grid(made, segments=SEGMENTS, reasons=REASONS))
    first = {evaluate(made, case) for case in cases}
    assert bool(found.gaps) == (None in first)
    assert set(codes(found.unreachable)) == {each["code"] for each in made["rows"]} - first
    stages = {each["code"]: each["stages"] for each in made["rows"]}
    both = {pair for case in cases for pair in _pairs(takers(made, case), stages)}
    assert pairs(found.overlaps) == both


def _pairs(codes, stages):
    several = [(a, b) for place, a in enumerate(codes) for b in codes[place + 1 :]]
    return {(a, b) for a, b in several if stages[a] != stages[b]}


@pytest.mark.parametrize("seed", range(40))
def test_every_witness_is_a_witness(seed):
    made = random_content(Random(seed), rows=8, whole=0.5)
    found = analyse(made, STAFFED, SEGMENTS)
    for gap in found.gaps:
        assert evaluate(made, gap.witness) is None
    for each in found.overlaps:
        assert {each.first.code, each.second.code} <= set(takers(made, each.witness))


@pytest.mark.parametrize("seed", range(30))
def test_a_row_for_every_gap_leaves_no_gap(seed):
    made = random_content(Random(seed), rows=4, whole=0.7)
    found = analyse(made, STAFFED, SEGMENTS).gaps
    rest = [row("rest_o"), row("rest_l", purpose="limit")]
    whole = analyse(content(*made["rows"], *rest), STAFFED, SEGMENTS)
    assert not whole.gaps
    reached = {"rest_o", "rest_l"} - {each.row.code for each in whole.unreachable}
    purposes = {"order": "rest_o", "limit": "rest_l"}
    assert reached == {purposes[gap.missing.purpose] for gap in found}


@pytest.mark.parametrize("whole", [0.2, 0.5, 0.8])
def test_fifty_rows_are_looked_at_in_less_than_a_second(whole):
    made = random_content(Random(7), rows=50, whole=whole)
    began = perf_counter()
    analyse(made, STAFFED, SEGMENTS)
    assert perf_counter() - began < 1
