import re

import pytest
from django.utils import translation

from credit.checks import evaluate
from credit.enums import CheckCode
from credit.sentences import label, sentence
from tests.credit.test_checks import HITTING
from tests.credit.unsaved import account, facts, group, late, limit, order, policy, rates, result

CASH = {"exemption": "cash", "skips": ["limit"]}
PREPAID = {"exemption": "prepaid", "percent": "50", "skips": ["limit"]}
USED = {"receivable": "70.00"}
LATE = late("1200.50", count=2, days=9)


def whole(known, content=None):
    return {each.code: each for each in evaluate(known, content or policy())}


def kind(name, **values):
    return facts(account=account(limit(kind=name), **values), groups=[group()])


def hitting(check, severity):
    return whole(HITTING[check], policy(check, severity=severity))


SITUATIONS = {
    "nothing": whole(facts()),
    "no rate": whole(facts(order=order(currency="USD", first=None), groups=[group()])),
    "cash": whole(facts(order=order(payment_days=0)), policy(exemptions=[CASH])),
    "prepaid": whole(facts(order=order(paid="25.00")), policy(exemptions=[PREPAID])),
    **{
        f"{check} {severity}": hitting(check, severity)
        for check in HITTING
        for severity in ("block", "warn", "inform", "off")
        if check != "rate" or severity == "block"
    },
}


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_sentence_is_complete_in_every_language(situation, language):
    with translation.override(language):
        for each in SITUATIONS[situation].values():
            text = sentence(each.as_json())
            assert text and not re.search(r"%[(%]|None|[{}]", text)
            assert label(each.as_json())


def test_situations_show_every_verdict_of_every_check():
    seen = {(c, each.verdict) for found in SITUATIONS.values() for c, each in found.items()}
    for check in set(CheckCode.values) - {"rate"}:
        assert {(check, v) for v in ("blocked", "warned", "informed", "skipped")} <= seen
    assert {(check, "passed") for check in CheckCode.values} - seen == {
        ("risk_class", "passed"),
    }  # fmt: skip
    unknown = {"limit", "group_limit", "document_value", "risk_class", "first_order"}
    assert {check for check, verdict in seen if verdict == "unknown"} == unknown


def told(check, known, **values):
    with translation.override("en"):
        return sentence(result(check, known, policy(check, **values)).as_json())


@pytest.mark.parametrize(
    ("known", "values", "text"),
    [
        (
            facts(account=account(limit("5000.00"), **USED), order=order(total="1234.50")),
            {},
            "Used 70.00 + this order 1,234.50 = 1,304.50 CNY, 3,695.50 below the limit of "
            "5,000.00.",
        ),
        (
            facts(account=account(**USED)),
            {},
            "Used 70.00 + this order 50.00 = 120.00 CNY, 20.00 over the limit of 100.00.",
        ),
        (
            facts(account=account(**USED)),
            {"tolerance": "20.00"},
            "Used 70.00 + this order 50.00 = 120.00 CNY, 20.00 over the limit of 100.00, within "
            "the tolerated 20.00.",
        ),
        (
            facts(account=account(**USED)),
            {"percent": "110"},
            "Used 70.00 + this order 50.00 = 120.00 CNY, 10.00 over 110.00, which is 110 % of the "
            "limit of 100.00.",
        ),
        (
            facts(account=account(**USED)),
            {"percent": "110", "tolerance": "10.00"},
            "Used 70.00 + this order 50.00 = 120.00 CNY, 10.00 over 110.00, which is 110 % of the "
            "limit of 100.00, within the tolerated 10.00.",
        ),
        (
            facts(),
            {"percent": "62.5"},
            "Used 0.00 + this order 50.00 = 50.00 CNY; up to 62.50 is allowed, which is 62.5 % of "
            "the limit of 100.00.",
        ),
        (
            kind("none", **USED),
            {},
            "No credit is granted to this customer: this order needs 50.00 CNY, with 70.00 "
            "already used.",
        ),
        (
            kind("unlimited", **USED),
            {},
            "Used 70.00 + this order 50.00 = 120.00 CNY; there is no limit.",
        ),
        (
            kind("group", **USED),
            {},
            "Used 70.00 + this order 50.00 = 120.00 CNY; the limit of the group applies.",
        ),
        (
            facts(order=order(need="0.00"), account=account(**USED)),
            {},
            "This order is paid in advance and needs no credit.",
        ),
        (facts(order=order(currency="USD")), {}, "Not known without an exchange rate."),
        (facts(), {"severity": "off"}, "Not applied: the policy has switched this check off."),
    ],
)
def test_sentence_of_the_limit_is_its_arithmetic(known, values, text):
    assert told("limit", known, **values) == text


@pytest.mark.parametrize(
    ("known", "values", "text"),
    [
        (facts(overdue=LATE), {}, "1,200.50 CNY is overdue on 2 invoices, the oldest by 9 days."),
        (facts(overdue=late("5.00")), {}, "5.00 CNY is overdue on 1 invoice, by 1 day."),
        (
            facts(overdue=LATE),
            {"amount": "900.00"},
            "1,200.50 CNY is overdue on 2 invoices, the oldest by 9 days; up to 900.00 is "
            "tolerated.",
        ),
        (
            facts(overdue=LATE),
            {"amount": "1200.50"},
            "1,200.50 CNY is overdue, within the tolerated 1,200.50.",
        ),
        (facts(), {}, "Nothing is overdue."),
        (facts(), {"days": 5}, "Nothing is overdue by more than the tolerated 5 days."),
    ],
)
def test_sentence_about_overdue_money_says_how_much_and_how_long(known, values, text):
    assert told("overdue", known, **values) == text


@pytest.mark.parametrize(
    ("check", "known", "text"),
    [
        ("blacklist", {"customer": {"status": "blacklisted", "status_reason": "50%"}},
         "The customer is blacklisted: 50%"),
        ("blacklist", {}, "The customer is not blacklisted."),
        ("watch_list", {"customer": {"status": "watch", "status_reason": "slow"}},
         "The customer is on the watch list: slow"),
        ("watch_list", {"customer": {"status": "blacklisted", "status_reason": "-"}},
         "The customer is blacklisted, which another check says."),
        ("rate", {"order": order(currency="USD"), "groups": [group(currency="EUR")]},
         "There is no exchange rate for CNY/EUR, USD/CNY. Ask an administrator to enter it, then "
         "submit again."),
        ("rate", {"order": order(currency="USD"), "rates": rates(USD_CNY="7.1")},
         "Converted at USD/CNY 7.1 of 1 Mar 2026."),
        ("rate", {}, "The order is in the account's currency."),
        ("group_limit", {}, "The customer belongs to no group."),
        ("group_limit", {"groups": [group(limit("40.00"))]},
         "Group Holding: Used 0.00 + this order 50.00 = 50.00 CNY, 10.00 over the limit of 40.00."),
        ("group_limit", {"groups": [group(limit(kind="none"))]},
         "No credit is granted to the group Holding: this order needs 50.00 CNY, with 0.00 "
         "already used."),
        ("limit_expired", {"account": account(limit("100.00", until="2026-03-01"))},
         "The credit limit expired on 1 Mar 2026."),
        ("limit_expired", {"groups": [group(limit("100.00", until="2026-03-01"))]},
         "The limit of the group Holding expired on 1 Mar 2026."),
        ("oldest", {"oldest": {"days": 61, "number": "INV-7"}},
         "The oldest open item, invoice INV-7, is 61 days overdue; up to 60 is tolerated."),
        ("oldest", {"oldest": {"days": 1, "number": "INV-7"}},
         "The oldest open item, invoice INV-7, is 1 day overdue; up to 60 is tolerated."),
        ("promises", {"promises": 1},
         "1 promise to pay was broken within 180 days; none is tolerated."),
        ("risk_class", {"customer": {"risk_class": "E"}},
         "The customer's risk class is E: very high risk; the worst that passes is D: high risk."),
        ("document_value", {"order": order(total="1000000.01")},
         "The order comes to 1,000,000.01 CNY; one order may come to 1,000,000.00."),
        ("terms", {"order": order(payment_days=31)},
         "Payment terms of the order: 31 days; the customer's own: 30 days."),
        ("review", {"account": account(review_on="2026-03-01")},
         "The review of this credit was due on 1 Mar 2026."),
        ("first_order", {"order": order(first=True)},
         "No order of this customer was released before."),
        ("first_order", {"order": order(first=None)},
         "Whether it is the first order is not known."),
    ],
)  # fmt: skip
def test_sentence_says_the_figures(check, known, text):
    assert told(check, facts(**known)) == text
