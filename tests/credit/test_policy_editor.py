import pytest

from config.demo import gate_rules
from credit.content import clean_content, default_content
from credit.editing.version import VersionEditor, fields_of, rearranged
from tests.factories.policies import rule

pytestmark = pytest.mark.django_db
TOTAL = {"fact": "order.total", "op": "more_than", "value": {"amount": "5.00", "currency": "CNY"}}
AGO = {"fact": "order.since_payment", "op": "at_least", "value": {"amount": "3", "unit": "days"}}
NOTE = {"fact": "order.note", "op": "contains", "value": "urgent"}
WORDS = {
    "fact": "order.ship_to_address",
    "op": "contains_any_of",
    "value": {"word_list": "restricted_address"},
}
FORM = {"fact": "order.source", "op": "is_one_of", "value": ["form"]}
HELD = {"fact": "order.held", "op": "is", "value": False}
NESTED = {"all": [TOTAL, {"any": [AGO, HELD]}]}


def content(**parts):
    return clean_content(default_content() | parts)


def written(data):
    editor = VersionEditor(data)
    assert editor.is_valid(), editor.problems
    return editor.content


CONDITIONS = [
    TOTAL,
    AGO,
    NOTE,
    FORM,
    HELD,
    {"not": NOTE},
    {"not": FORM},
    {"any": [TOTAL, AGO, HELD]},
    NESTED,
    {"not": {"all": [TOTAL, AGO]}},
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_form_gives_back_the_condition_it_was_filled_with(condition):
    before = content(rules=[rule("one", condition)])
    assert written(fields_of(before)) == before


def test_form_gives_back_everything_it_was_filled_with():
    skips = {"skips": ["limit", "overdue"]}
    exempt = [{"exemption": "cash"} | skips, {"exemption": "prepaid", "percent": "50"} | skips]
    release = {"valid_days": 9, "growth_percent": "2.5", "growth_amount": "1000"}
    before = content(currency="USD", rules=gate_rules.rules(), exemptions=exempt, release=release)
    assert written(fields_of(before)) == before


@pytest.mark.parametrize(
    ("check", "place", "first"),
    [
        ("first_order", "1", ["first_order", "blacklist", "watch_list"]),
        ("blacklist", "3", ["watch_list", "rate", "blacklist"]),
        ("watch_list", "1", ["watch_list", "blacklist", "rate"]),
    ],
)
def test_form_moves_a_check_to_the_place_that_is_written(check, place, first):
    data = fields_of(content())
    data[f"check-{check}-position"] = place
    assert [row["check"] for row in written(data)["checks"]][:3] == first


WRONG = [
    ({"currency": "XXX"}, "Currency"),
    ({"note": "x" * 2001}, "2000"),
    ({"check-limit-severity": "kill"}, "Credit limit: Severity"),
    ({"check-rate-severity": "warn"}, "Exchange rate: Severity"),
    ({"check-limit-position": "0"}, "Credit limit: Place"),
    ({"check-limit-position": "15"}, "Credit limit: Place"),
    ({"check-limit-position": "first"}, "Credit limit: Place"),
    ({"check-limit-percent": ""}, "Credit limit: Share of the limit"),
    ({"check-limit-percent": "1001"}, "Credit limit: Share of the limit"),
    ({"check-limit-percent": "90.555"}, "Credit limit: Share of the limit"),
    ({"check-limit-tolerance": "-1"}, "Credit limit: Tolerated above"),
    ({"check-limit-tolerance": "NaN"}, "Credit limit: Tolerated above"),
    ({"check-limit-tolerance": "1e9"}, "Credit limit: Tolerated above"),
    ({"check-limit-tolerance": "0.001"}, "Credit limit: Tolerated above"),
    ({"check-overdue-days": "1.5"}, "Overdue receivables: Tolerated days"),
    ({"check-overdue-days": "3651"}, "Overdue receivables: Tolerated days"),
    ({"check-risk_class-worst": "Z"}, "Risk class: Worst class"),
    ({"exempt-cash-granted": "on"}, "Cash on order: Checks"),
    ({"exempt-cash-granted": "on", "exempt-cash-skips": "blacklist"}, "Cash on order: Checks"),
    ({"exempt-prepaid-granted": "on", "exempt-prepaid-skips": "limit"}, "Paid in advance: Share"),
    ({"release-valid_days": ""}, "A release is good"),
    ({"release-growth_percent": "many"}, "Growth of the order"),
    ({"rule-0-code": ""}, "Gate rule 1: Code"),
    ({"rule-0-code": "1st"}, "Gate rule 1: Code"),
    ({"rule-0-code": "a b"}, "Gate rule 1: Code"),
    ({"rule-0-name_en": " "}, "Gate rule 1: Name in English"),
    ({"rule-0-name_zh-hans": "x" * 121}, "Gate rule 1: Name in 简体中文"),
    ({"rule-0-severity": ""}, "Gate rule 1: Severity"),
    ({"rule-0-joiner": "none"}, "Gate rule 1: It hits when"),
    ({"rule-0-0-what": ""}, "Comparison"),
    ({"rule-0-0-what": "order.secret|is|yes"}, "Comparison"),
    ({"rule-0-0-value": ""}, "Value"),
    ({"rule-0-0-value": "a lot"}, "Value"),
    ({"rule-0-0-unit": "XXX"}, "Currency"),
    ({"rule-0-kept": "{"}, "Gate rule 1:"),
    ({"rule-0-kept": "[1]"}, "Gate rule 1:"),
    ({"rule-0-kept": '{"all": []}'}, "Gate rule 1:"),
]


@pytest.mark.parametrize(("values", "field"), WRONG)
def test_wrong_forms_name_the_field(values, field):
    data = fields_of(content(rules=[rule("one", TOTAL)]))
    for name, value in values.items():
        data[name] = value
    editor = VersionEditor(data)
    assert not editor.is_valid()
    named = [f"{place} {problem}" for _id, place, problem in editor.problems]
    assert [text for text in named if text.startswith(field) or field in text], named


def test_two_rules_with_one_code_are_refused():
    data = fields_of(content(rules=[rule("one", TOTAL), rule("two", AGO)]))
    data["rule-1-code"] = "one"
    editor = VersionEditor(data)
    assert not editor.is_valid()
    assert "code of its own" in editor.problems[0][2]


@pytest.mark.parametrize("posted", [{}, {"checks": "nonsense", "rules": "-1"}, {"rules": "9" * 9}])
def test_forms_that_nobody_filled_in_are_refused_without_harm(posted):
    data = fields_of(content())
    data.clear()
    data.update(posted)
    assert not VersionEditor(data).is_valid()


def rows(data, name="rules"):
    return data.getlist(name)


def test_buttons_add_and_remove_rules_and_comparisons():
    data = rearranged(fields_of(content(rules=[rule("one", TOTAL)])), "add-rule")
    assert (rows(data), rows(data, "rule-1-rows")) == (["0", "1"], ["0"])
    data = rearranged(data, "add-1")
    assert rows(data, "rule-1-rows") == ["0", "1"]
    data = rearranged(data, "drop-1-0")
    assert rows(data, "rule-1-rows") == ["1"]
    assert rows(rearranged(data, "drop-rule-0")) == ["1"]


def test_a_condition_beyond_the_builder_is_kept_until_written_anew():
    data = fields_of(content(rules=[rule("one", NESTED)]))
    assert VersionEditor(data).rules[0].words.startswith("Order total is more than")
    again = VersionEditor(rearranged(data, "anew-0"))
    assert [form.row for form in again.rules[0].comparisons] == [0]


def test_rules_stop_at_the_most_a_policy_may_have():
    data = fields_of(content())
    for _ in range(40):
        data = rearranged(data, "add-rule")
    assert len(rows(data)) == 30


def test_saving_is_no_rearrangement():
    assert rearranged(fields_of(content()), "save") is None


def test_word_lists_are_chosen_by_name():
    before = content(rules=[rule("one", WORDS)])
    assert written(fields_of(before)) == before
