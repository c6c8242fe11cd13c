from decimal import Decimal

import pytest
from django.utils import translation

from credit.checks import Overdue, Tolerance, evaluate
from credit.enums import CustomerStatus, LimitKind
from credit.money import Money
from credit.sentences import sentence
from tests.credit.unsaved import account, facts

LATE = Overdue(Decimal("1200.50"), days=9, count=2)
SITUATIONS = {
    "within": (account("5000", used="70"), "1234.50", facts()),
    "over": (account("100", used="70"), "50", facts()),
    "tolerated": (account("100", used="70"), "31", facts(limit=Tolerance(True, Decimal(5), 0))),
    "none": (account(kind=LimitKind.NONE), "50", facts()),
    "unlimited": (account(kind=LimitKind.UNLIMITED), "50", facts()),
    "advance": (account("100", used="500"), "0", facts()),
    "late": (account("100"), "50", facts(LATE)),
    "one late": (account("100"), "50", facts(Overdue(Decimal(5), 1, 1))),
    "late tolerated": (
        account("100"),
        "50",
        facts(LATE, overdue=Tolerance(True, Decimal(2000), 0)),
    ),
    "late beyond": (account("100"), "50", facts(LATE, overdue=Tolerance(True, Decimal(900), 0))),
    "watch": (account("100", status=CustomerStatus.WATCH, status_reason="slow"), "5", facts()),
    "black": (account("1", status=CustomerStatus.BLACKLISTED, status_reason="50%"), "5", facts()),
    "off": (account("1"), "5", facts(limit=Tolerance(False, Decimal(0), 0))),
}


def sentences(situation):
    holder, order, known = SITUATIONS[situation]
    results = evaluate(known, holder, Money(Decimal(order), "CNY"))
    return {result.code: sentence(result.as_json()) for result in results}


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_sentence_is_complete_in_every_language(situation, language):
    with translation.override(language):
        for text in sentences(situation).values():
            assert text and "%(" not in text


@pytest.mark.parametrize(
    ("situation", "code", "text"),
    [
        ("within", "limit", "Used 70.00 + this order 1,234.50 = 1,304.50 CNY, 3,695.50 below"),
        ("over", "limit", "Used 70.00 + this order 50.00 = 120.00 CNY, 20.00 over the limit of"),
        ("tolerated", "limit", "1.00 over the limit of 100.00, within the tolerated 5.00."),
        ("none", "limit", "No credit is granted to this customer: this order needs 50.00 CNY"),
        ("unlimited", "limit", "there is no limit."),
        ("advance", "limit", "This order is paid in advance and needs no credit."),
        ("late", "overdue", "1,200.50 CNY is overdue on 2 invoices, the oldest by 9 days."),
        ("late beyond", "overdue", "the oldest by 9 days; up to 900.00 is tolerated."),
        ("one late", "overdue", "5.00 CNY is overdue on 1 invoice, by 1 day"),
        ("late tolerated", "overdue", "1,200.50 CNY is overdue, within the tolerated 2,000.00."),
        ("within", "overdue", "Nothing is overdue."),
        ("watch", "blacklist", "Not blacklisted, but on the watch list: slow"),
        ("black", "blacklist", "The customer is blacklisted: 50%"),
        ("within", "blacklist", "The customer is not blacklisted."),
        ("off", "limit", "Not applied: the administrator has switched this check off."),
    ],
)
def test_sentence_says_what_was_found(situation, code, text):
    with translation.override("en"):
        assert text in sentences(situation)[code]
