from copy import deepcopy

import pytest
from django.utils import translation

from credit.content import clean_content, default_content
from credit.differences import differences
from credit.wording import check_lines, exemption_lines, release_lines, rule_lines
from tests.factories.policies import changed, rule

LARGE = {"fact": "order.total", "op": "more_than", "value": {"amount": "5", "currency": "CNY"}}
LOSS = {"fact": "order.margin", "op": "less_than", "value": "0"}


def base(**parts):
    return clean_content(default_content() | parts)


def told(before, after):
    return [str(change) for change in differences(before, clean_content(after))]


def test_differences_of_the_same_content_are_none():
    assert differences(base(), base()) == []


@pytest.mark.parametrize(
    ("check", "values", "sentence"),
    [
        ("overdue", {"days": 7}, "Overdue receivables: tolerated days 0 → 7"),
        ("overdue", {"amount": "1200"}, "tolerated amount 0.00 CNY → 1,200.00 CNY"),
        ("overdue", {"disputed": True}, "count disputed invoices too no → yes"),
        ("overdue", {"severity": "warn"}, "Overdue receivables: severity block → warn"),
        ("limit", {"percent": "90"}, "share of the limit that may be used 100 % → 90 %"),
        ("risk_class", {"worst": "B"}, "worst class that passes D: high risk → B: low risk"),
    ],
)
def test_differences_name_check_value_before_and_after(check, values, sentence):
    (change,) = told(base(), changed(check, base(), **values))
    assert sentence in change


def test_differences_name_only_the_checks_that_moved():
    after = base()
    after["checks"].insert(0, after["checks"].pop(6))
    assert told(base(), after) == ["Overdue receivables: moved from place 7 to place 1"]


def test_differences_tell_of_gate_rules_that_come_go_and_change():
    large, loss = rule("large", LARGE, en="Large"), rule("loss", LOSS, "warn", en="Loss")
    with_large, with_loss = base(rules=[large]), base(rules=[loss])
    assert told(with_large, with_loss) == [
        "Gate rule “Loss” added (warn): Margin is less than 0 %",
        "Gate rule “Large” removed (block): Order total is more than 5.00 CNY",
    ]
    more = deepcopy(large) | {"severity": "inform", "names": {"en": "Big"}}
    more["condition"]["value"]["amount"] = "6"
    assert told(with_large, base(rules=[more])) == [
        "Gate rule “Big”: name Large → Big",
        "Gate rule “Big”: severity block → inform",
        "Gate rule “Big”: “Order total is more than 5.00 CNY” → "
        "“Order total is more than 6.00 CNY”",
    ]


def test_differences_tell_of_the_order_of_gate_rules():
    rules = [rule("large", LARGE), rule("loss", LOSS)]
    (change,) = told(base(rules=rules), base(rules=rules[::-1]))
    assert "another order" in change


def test_differences_take_a_group_of_one_for_its_part():
    alone, grouped = rule("large", LARGE), rule("large", {"all": [LARGE]})
    assert told(base(rules=[alone]), base(rules=[grouped])) == []


def test_differences_tell_of_exemptions_release_and_currency():
    cash = {"exemption": "cash", "skips": ["limit"]}
    paid = {"exemption": "prepaid", "percent": "50", "skips": ["limit"]}
    after = base(exemptions=[cash, paid], release={"valid_days": 10}, currency="USD")
    assert told(base(), after) == [
        "Currency of the amounts: CNY → USD",
        "Exemption “Cash on order” added; skips: Credit limit",
        "Exemption “Paid in advance” added; skips: Credit limit",
        "Release of orders: a release is good for so many days 30 → 10",
    ]
    less = base(exemptions=[paid | {"percent": "80", "skips": ["overdue"]}])
    changes = told(base(exemptions=[cash, paid]), less)
    assert changes[0] == "Exemption “Cash on order” removed"
    assert changes[1].endswith("50 % → 80 %")
    assert changes[2].endswith("skips Credit limit → Overdue receivables")


def test_differences_are_read_in_the_language_of_the_moment():
    names = {"en": "Large", "zh-hans": "大额"}
    large = rule("large", LARGE) | {"names": names}
    (change,) = differences(base(), base(rules=[large]))
    with translation.override("zh-hans"):
        assert "大额" in str(change)
    assert "Large" in str(change)


def test_wording_says_every_check_of_a_version():
    content = changed("overdue", base(), days=7, amount="100", disputed=True)
    lines = check_lines(clean_content(content))
    assert [line.severity for line in lines[:3]] == ["block", "inform", "block"]
    assert lines[6].text == (
        "More than 100.00 CNY is overdue; invoices up to 7 days late do not count. "
        "Disputed invoices count too."
    )
    assert not [line for line in lines if "%(" in line.text]


def test_wording_says_rules_exemptions_and_release():
    cash = {"exemption": "cash", "skips": ["limit", "overdue"]}
    release = {"valid_days": 1, "growth_percent": "5", "growth_amount": "100"}
    content = base(rules=[rule("large", LARGE)], exemptions=[cash], release=release)
    assert rule_lines(content)[0].text == "Order total is more than 5.00 CNY"
    assert exemption_lines(content) == [
        "An order due at once skips: Credit limit, Overdue receivables."
    ]
    assert release_lines(content) == [
        "An order that passes its checks is released at once.",
        "A release is good for 1 day.",
        "A released order may grow by 5 %, but by no more than 100.00 CNY.",
    ]
