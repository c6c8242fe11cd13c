from decimal import Decimal

import pytest
from django.utils import translation

from approvals.matrix import wording
from approvals.matrix.analysis import analyse
from approvals.matrix.differences import differences
from approvals.matrix.names import Names, load_names
from approvals.matrix.routing import rows_of
from approvals.matrix.seed import default_content
from approvals.matrix.telling import report
from tests.approvals.matrix.contents import (
    LIMITS,
    STAFFED,
    content,
    row,
    stage,
    standard,
    without,
)
from tests.approvals.matrix.test_routing import case, limit
from tests.factories import credit, policies
from tests.factories.staff import person

NAMES = Names(segments={"gold": "Gold customers"})


def told(**values):
    (only,) = rows_of(content(row("a", *values.pop("stages", []), **values)))
    return wording.sentence(only, "CNY", NAMES)


WHO = ": Approver, level 1 (8 h)"
SENTENCES = [
    ({}, "Any order"),
    ({"purpose": "limit"}, "Any change of a limit"),
    ({"excess": ["50000", "200000"]}, "Excess from 50,000.00 up to 200,000.00 CNY"),
    ({"excess": ["50000", None]}, "Excess from 50,000.00 CNY"),
    ({"excess": ["0", "50000"]}, "Excess below 50,000.00 CNY"),
    ({"excess": ["0", "0.01"]}, "No excess"),
    ({"excess": ["0.01", None]}, "An excess"),
    ({"percent": ["10", "12.5"]}, "Excess from 10 % up to 12.5 % of the limit"),
    ({"amount": ["0", "1000"]}, "Order below 1,000.00 CNY"),
    ({"risk_classes": ["E", "D", "unrated"]}, "Risk class D or E or none yet"),
    ({"segments": ["gold", "new"]}, "Segment Gold customers or new"),
    ({"reasons": ["overdue", "rule:x"]}, "Reason Overdue receivables or x"),
    (
        {"excess": ["50000", "200000"], "risk_classes": ["D", "E"]},
        "Excess from 50,000.00 up to 200,000.00 CNY and risk class D or E",
    ),
    (
        {"purpose": "limit", "excess": ["5", None], "amount": ["0", "9"], "percent": ["0", "3"]},
        "Change of a limit with increase from 5.00 CNY and increase below 3 % of the limit and "
        "resulting limit below 9.00 CNY",
    ),
]


@pytest.mark.parametrize(("values", "text"), SENTENCES)
def test_rows_are_read_as_sentences(values, text):
    assert told(**values) == text + WHO


ROUTES = [
    ([stage("approver_1")], "Approver, level 1 (8 h)"),
    ([stage("approver_1", "credit_analyst")], "Credit analyst or Approver, level 1 (8 h)"),
    (
        [stage("approver_1"), stage("approver_2", "credit_analyst", need="all", hours=16)],
        "first Approver, level 1 (8 h), then Credit analyst and Approver, level 2 together (16 h)",
    ),
    (
        [stage("approver_1", escalate="approver_2")],
        "Approver, level 1 (8 h, escalated to Approver, level 2)",
    ),
    ([stage("treasury", 7)], "treasury or person 7 (8 h)"),
]


@pytest.mark.parametrize(("stages", "text"), ROUTES)
def test_stages_are_read_in_their_order(stages, text):
    assert told(stages=stages) == f"Any order: {text}"


@pytest.mark.django_db
def test_names_are_those_of_things_and_people_as_they_are_now():
    credit.segment(code="gold", name_en="Gold", name_zh_hans="黄金客户")
    left = person("approver_1", full_name="Ann", is_active=False)
    policies.set_rules(
        policies.rule("late", {"fact": "order.held", "op": "is", "value": True}, en="Too late")
    )
    names = load_names()
    assert names.reason("rule:late") == "Too late"
    with translation.override("zh-hans"):
        assert load_names().segment("gold") == "黄金客户"
    stages = rows_of(content(row("a", stage(left.pk))))[0].stages
    assert wording.seats(stages[0], names) == "Ann (no longer active)"


def test_cases_are_read_as_examples():
    text = wording.case_words(case("50", "12.345", segment="gold"), NAMES)
    assert text == (
        "Order of 1,000.00 CNY: excess 50.00 CNY (12.34 %), risk class C, "
        "segment Gold customers, reasons: Credit limit"
    )
    assert wording.case_words(limit("5"), NAMES).startswith("Change of a limit: increase 5.00 CNY")
    assert "(no limit)" in wording.case_words(case("50", None), NAMES)


WHY = [
    ({"purpose": "limit"}, "It is for another purpose."),
    ({"excess": ["90", None]}, "It asks for excess from 90.00 CNY; here: 50.00 CNY."),
    ({"percent": ["50", None]}, "It asks for excess from 50 % of the limit; here: 12.34 %."),
    ({"amount": ["0", "5"]}, "It asks for order below 5.00 CNY; here: 1,000.00 CNY."),
    ({"risk_classes": ["A"]}, "It asks for risk class A; here: C."),
    ({"segments": ["gold"]}, "It asks for segment Gold customers; here: plain."),
    ({"reasons": ["overdue"]}, "It asks for reason Overdue receivables; here: Credit limit."),
    ({}, ""),
]


@pytest.mark.parametrize(("values", "text"), WHY)
def test_why_not_says_the_first_thing_that_does_not_fit(values, text):
    (only,) = rows_of(content(row("a", **values)))
    assert wording.why_not(only, case("50", "12.345"), NAMES) == text


def changed(**values):
    before = content(row("one", segments=["gold"]), row("two"), row("three"), LIMITS)
    rows = [dict(each) for each in before["rows"]]
    rows[0] |= values
    return [str(each) for each in differences(before, content(*rows), NAMES)]


CHANGES = [
    ({"names": {"en": "Uno"}}, "Row “Uno”: name One → Uno"),
    (
        {"purpose": "limit"},
        "Row “One”: for order that failed its check → change of a credit limit",
    ),
    ({"excess": ["5", None]}, "Row “One”, excess: any → excess from 5.00 CNY"),
    ({"percent": ["0", "5"]}, "Row “One”, excess in per cent: any → excess below 5 % of the limit"),
    ({"amount": ["5", "6"]}, "Row “One”, amount: any → order from 5.00 up to 6.00 CNY"),
    ({"risk_classes": ["A"]}, "Row “One”, risk classes: any → risk class A"),
    ({"segments": []}, "Row “One”, segments: segment Gold customers → any"),
    ({"reasons": ["limit"]}, "Row “One”, reasons: any → reason Credit limit"),
    (
        {"stages": [stage("approver_2")]},
        "Row “One”: decided by “Approver, level 1 (8 h)” → “Approver, level 2 (8 h)”",
    ),
]


@pytest.mark.parametrize(("values", "text"), CHANGES)
def test_differences_say_what_changed_in_a_row(values, text):
    assert changed(**values) == [text]


def test_differences_of_the_same_content_are_none():
    assert changed() == []


def test_differences_tell_rows_that_came_went_and_moved():
    one, two, three, new = (row(code) for code in ("one", "two", "three", "new"))
    before, after = content(one, two, three), content(three, new, one)
    assert [str(each) for each in differences(before, after, NAMES)] == [
        f"Row “New” added at place 2: Any order{WHO}",
        f"Row “Two” removed: Any order{WHO}",
        "Row “One” moved from place 1 to place 3",
    ]
    dear = content(one, two, three, currency="USD")
    assert [str(each) for each in differences(before, dear, NAMES)] == [
        "Currency of the amounts: CNY → USD"
    ]


def test_a_gap_is_told_as_the_cases_that_no_row_takes():
    found = analyse(without(default_content(), "larger"), STAFFED)
    texts = [wording.gap_words(gap, "CNY", NAMES) for gap in found.gaps]
    assert texts == [
        "Excess from 20,000.00 up to 500,000.00 CNY and excess from 10 % of the limit, "
        "except reason Blacklist or flagged_goods"
    ]


@pytest.mark.django_db
def test_report_says_what_to_do_in_words():
    made = standard(heavy_excess={"reasons": ["blacklist"]}, small={"stages": [stage("sales", 9)]})
    found = report(made, load_names())
    assert found.prevents and not found.gaps
    assert found.unreachable[0].text == (
        "Row 2 “Very large excess” never decides: all of its cases are taken by "
        "row 1 “Blacklist or flagged goods”."
    )
    texts = [each.text for each in found.empty_seats]
    assert (
        "Row 3 “Small excess”, stage 1: nobody active holds the role Sales and may decide." in texts
    )
    assert "Row 3 “Small excess”, stage 1: person 9 is not active or may not decide." in texts
    assert found.overlaps[0].text.startswith("Fits row 1 “Blacklist or flagged goods” and row 3")


def test_figures_of_percentages_have_no_more_decimals_than_they_need():
    shown = [wording.percentage(Decimal(text)) for text in ("10.00", "12.5", "9.999", "1000")]
    assert shown == ["10 %", "12.5 %", "9.99 %", "1,000 %"]


def test_seeded_rows_have_names_in_three_languages():
    assert all(all(each["names"].values()) for each in default_content()["rows"])
