from random import Random

import pytest

from approvals.matrix.editing.arranging import rearranged
from approvals.matrix.editing.choices import load_choices
from approvals.matrix.editing.version import MatrixEditor, fields_of
from approvals.matrix.names import load_names
from approvals.matrix.seed import default_content
from tests.approvals.matrix.contents import content, random_content, row, stage
from tests.factories import credit
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def editor(data, active=None):
    return MatrixEditor(data, load_choices(load_names()), active)


def written(data):
    made = editor(data)
    assert made.is_valid(), made.problems
    return made.content


def test_form_gives_back_the_matrix_that_comes_with_the_product():
    assert written(fields_of(default_content())) == default_content()


@pytest.mark.parametrize("seed", range(8))
def test_form_gives_back_everything_it_was_filled_with(seed):
    made = random_content(Random(seed), rows=5)
    assert written(fields_of(made)) == made


def test_form_gives_back_what_is_no_longer_offered():
    left = person("approver_1", is_active=False)
    made = content(row("a", stage("old_role", left.pk), reasons=["rule:gone"], segments=["closed"]))
    assert written(fields_of(made)) == made


def test_form_offers_who_may_decide_and_what_there_is():
    ann, segment = person("approver_2", full_name="Ann"), credit.segment(name_en="Gold")
    person("sales", full_name="Sue")
    choices = load_choices(load_names())
    assert [code for code, _label in choices.roles] == [
        "credit_analyst",
        "approver_1",
        "approver_2",
    ]
    assert (str(ann.pk), "Ann") in choices.people and "Sue" not in dict(choices.people).values()
    assert (segment.code, "Gold") in choices.segments


WRONG = [
    ({"currency": "XXX"}, "Currency"),
    ({"note": "x" * 2001}, "2000"),
    ({"row-0-code": "a b"}, "Row 1: Code Remove this row"),
    ({"row-0-name_en": " "}, "Row 1: Name in English"),
    ({"row-0-name_zh-hans": "x" * 121}, "Row 1: Name in 简体中文"),
    ({"row-0-purpose": "holiday"}, "Row 1: It is for"),
    ({"row-0-excess_from": "much"}, "Row 1: Excess or increase from"),
    ({"row-0-excess_from": "0.001"}, "Row 1: Excess or increase from"),
    ({"row-0-excess_from": "-1"}, "Row 1: Excess or increase from"),
    ({"row-0-excess_from": "9", "row-0-excess_to": "9"}, "Row 1: Up to, in CNY Write more"),
    ({"row-0-percent_to": "0"}, "Row 1: Up to, in per cent Write more"),
    ({"row-0-percent_to": "100001"}, "Row 1: Up to, in per cent"),
    ({"row-0-risk_classes": "F"}, "Row 1: Risk classes"),
    ({"row-0-reasons": "mood"}, "Row 1: Reasons"),
    ({"row-0-reasons": "limit", "row-0-purpose": "limit"}, "Row 1: Reasons, of which one"),
    ({"row-0-stages": ""}, "Row 1: Add at least one stage"),
    ({"row-0-stage-0-roles": ""}, "Row 1, stage 1: Roles"),
    ({"row-0-stage-0-need": "most"}, "Row 1, stage 1: Who has to agree"),
    ({"row-0-stage-0-hours": "0"}, "Row 1, stage 1: Time limit"),
    ({"row-0-stage-0-hours": "8.5"}, "Row 1, stage 1: Time limit"),
    ({"row-0-stage-0-hours": "401"}, "Row 1, stage 1: Time limit"),
    ({"row-0-stage-0-people": "Ann"}, "Row 1, stage 1: Named people"),
    ({"row-1-code": "a"}, "Row 2: give it a code of its own"),
    ({"rows": ""}, "at least one row"),
]


@pytest.mark.parametrize(("values", "problem"), WRONG)
def test_wrong_forms_name_the_field(values, problem):
    data = fields_of(content(row("a"), row("b")))
    for name, value in values.items():
        data[name] = value
    made = editor(data)
    assert not made.is_valid()
    named = [f"{place} {text}".strip() for _id, place, text in made.problems]
    assert [text for text in named if problem in text], named


@pytest.mark.parametrize("posted", [{}, {"rows": "nonsense"}, {"rows": "9" * 9}, {"rows": "3"}])
def test_forms_that_nobody_filled_in_are_refused_without_harm(posted):
    data = fields_of(default_content())
    data.clear()
    data.update(posted)
    assert not editor(data).is_valid()


def arranged(wish, data=None, listed="rows"):
    data = data or fields_of(
        content(row("a", stage("boss"), stage("approver_1")), row("b"), row("c"))
    )
    found, active = rearranged(data, wish)
    return found.getlist(listed), active


ARRANGED = [
    ("add-row", ["0", "1", "2", "3"], 3),
    ("copy-1", ["0", "1", "3", "2"], 3),
    ("drop-1", ["0", "2"], 1),
    ("up-2", ["0", "2", "1"], 2),
    ("up-0", ["0", "1", "2"], 0),
    ("down-0", ["1", "0", "2"], 0),
    ("down-2", ["0", "1", "2"], 2),
    ("drop-7", ["0", "1", "2"], None),
    ("up-x", ["0", "1", "2"], None),
    ("drop-", ["0", "1", "2"], None),
]


@pytest.mark.parametrize(("wish", "rows", "active"), ARRANGED)
def test_buttons_add_move_and_remove_rows(wish, rows, active):
    assert arranged(wish) == (rows, active)


@pytest.mark.parametrize(
    ("wish", "stages"),
    [
        ("stage-0", ["0", "1", "2"]),
        ("drop-0-0", ["1"]),
        ("up-0-1", ["1", "0"]),
        ("down-0-0", ["1", "0"]),
        ("drop-0-9", ["0", "1"]),
    ],
)
def test_buttons_add_move_and_remove_stages(wish, stages):
    assert arranged(wish, listed="row-0-stages") == (stages, 0)


def test_a_copied_row_says_the_same_under_another_code():
    data, _active = rearranged(fields_of(content(row("a", stage("approver_2")))), "copy-0")
    first, second = written(data)["rows"]
    assert first["code"] != second["code"]
    assert first | {"code": ""} == second | {"code": ""}


def test_rows_and_stages_stop_at_the_most_a_matrix_may_have():
    data = fields_of(content(row("a")))
    for _ in range(60):
        data, _active = rearranged(data, "add-row")
    for _ in range(9):
        data, _active = rearranged(data, "stage-0")
    assert (len(data.getlist("rows")), len(data.getlist("row-0-stages"))) == (50, 6)
    assert rearranged(data, "copy-0")[1] == 0


def test_saving_is_no_rearrangement():
    assert rearranged(fields_of(default_content()), "save") is None
