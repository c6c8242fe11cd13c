import json

import pytest
from django.core.exceptions import ValidationError

from approvals.matrix.content import MOST_ROWS, clean
from approvals.matrix.seed import default_content
from tests.approvals.matrix.contents import row, stage


def cleaned(*rows, **parts):
    return clean({"currency": "CNY", "rows": list(rows)} | parts)


def test_clean_keeps_what_is_canonical():
    made = default_content()
    assert clean(json.loads(json.dumps(made))) == made


def test_clean_writes_figures_in_one_way():
    made = cleaned(row("a", excess=["5", "10.5"], percent=["0", "10.00"], amount=[0, None]))
    found = made["rows"][0]
    assert (found["excess"], found["percent"]) == (["5.00", "10.50"], ["0", "10"])
    assert found["amount"] == ["0.00", None]


def test_clean_lists_each_code_once_in_a_fixed_order():
    codes = ["rule:b", "overdue", "rule:a", "blacklist", "overdue"]
    classes = {"risk_classes": ["E", "unrated", "A", "E"], "segments": ["b", "a"]}
    found = cleaned(row("a", reasons=codes, **classes))["rows"][0]
    assert found["reasons"] == ["blacklist", "overdue", "rule:a", "rule:b"]
    assert found["risk_classes"] == ["A", "E", "unrated"]
    assert found["segments"] == ["a", "b"]


def test_clean_lists_each_seat_once_roles_first():
    found = cleaned(row("a", stage(7, "approver_1", 7)))["rows"][0]["stages"][0]
    assert found["seats"] == [{"role": "approver_1"}, {"person": 7}]


WHOLE = [
    (None, "write it as an object"),
    ([], "write it as an object"),
    ({"rows": [row("a")]}, "Choose the currency"),
    ({"currency": "CNY"}, "at least one row"),
    ({"currency": "CNY", "rows": []}, "at least one row"),
    ({"currency": "CNY", "rows": {"a": 1}}, "at least one row"),
    ({"currency": "XXX", "rows": [row("a")]}, "Choose the currency"),
    ({"currency": "CNY", "rows": [row("a")], "more": 1}, "no value “more”"),
    ({"currency": "CNY", "rows": [row("a"), row("a")]}, "Row 2: give it a code of its own"),
    ({"currency": "CNY", "rows": [row(f"r{n}") for n in range(MOST_ROWS + 1)]}, "at most 50 rows"),
]


@pytest.mark.parametrize(("content", "problem"), WHOLE)
def test_clean_refuses_what_is_no_matrix(content, problem):
    with pytest.raises(ValidationError, match=problem):
        clean(content)


ROWS = [
    ({"code": "1st"}, "give it a code of letters"),
    ({"code": None}, "give it a code of letters"),
    ({"names": {"zh-hans": "x"}}, "a name in English"),
    ({"names": "x"}, "a name in English"),
    ({"purpose": "holiday"}, "for orders or for limits"),
    ({"excess": ["1"]}, "its beginning and its end"),
    ({"excess": ["-1", None]}, "zero or more in whole cents"),
    ({"excess": ["0.001", None]}, "zero or more in whole cents"),
    ({"excess": ["NaN", None]}, "zero or more in whole cents"),
    ({"excess": ["much", None]}, "as a figure"),
    ({"excess": [True, None]}, "as a figure"),
    ({"excess": [0.5, None]}, "as a figure"),
    ({"excess": ["5", "5"]}, "a band from 5.00 cannot end at 5.00"),
    ({"excess": ["5", "4"]}, "a band from 5.00 cannot end at 4.00"),
    ({"percent": ["0.001", None]}, "percentages from 0 to 100000"),
    ({"percent": ["0", "100001"]}, "percentages from 0 to 100000"),
    ({"percent": ["0", "Infinity"]}, "percentages from 0 to 100000"),
    ({"risk_classes": ["F"]}, "risk classes from A to E"),
    ({"risk_classes": "A"}, "risk classes from A to E"),
    ({"segments": ["*"]}, "segments by their codes"),
    ({"segments": [3]}, "segments by their codes"),
    ({"reasons": ["mood"]}, "called “mood”"),
    ({"reasons": ["rule:a b"]}, "called “rule:a b”"),
    ({"purpose": "limit", "reasons": ["limit"]}, "no reasons to choose"),
    ({"stages": []}, "at least one stage"),
    ({"stages": [stage("a")] * 7}, "at most 6 stages"),
    ({"stages": [stage()]}, "stage 1: choose at least one role or person"),
    ({"stages": [stage("a"), stage("a", need="most")]}, "stage 2: choose whether one answer"),
    ({"stages": [stage("a", hours=0)]}, "from 1 to 400 business hours"),
    ({"stages": [stage("a", hours="8")]}, "from 1 to 400 business hours"),
    ({"stages": [stage("a", hours=True)]}, "from 1 to 400 business hours"),
    ({"stages": [stage("")]}, "a role or a person for each seat"),
    ({"stages": [stage(0)]}, "by their number"),
    ({"stages": [stage("a") | {"seats": [{"role": "a", "person": 1}]}]}, "a role or a person"),
    ({"stages": [stage("a") | {"escalate": {"person": 1}}]}, "a role or a person"),
    ({"stages": [stage("a") | {"weight": 1}]}, "no value “weight”"),
    ({"colour": "red"}, "no value “colour”"),
]


@pytest.mark.parametrize(("values", "problem"), ROWS)
def test_clean_names_the_faulty_row(values, problem):
    with pytest.raises(ValidationError, match=problem) as caught:
        cleaned(row("fine"), row("faulty") | values)
    assert caught.value.messages[0].startswith("Row 2")
