import json

import pytest

from credit.checks import evaluate
from credit.enums import CheckCode
from tests.credit.unsaved import account, facts, late, limit, order, policy, rates, result

# For each check, facts that just hit it under `policy()`.
HITTING = {
    "blacklist": facts(customer={"status": "blacklisted", "status_reason": "fraud"}),
    "watch_list": facts(customer={"status": "watch", "status_reason": "slow"}),
    "rate": facts(order=order(currency="USD")),
    "limit": facts(order=order(total="100.01")),
    "group_limit": facts(groups=[{**account(), "name": "G", "used": "99.00", "members": {},
                                  "segment": {"kind": "none", "amount": None, "currency": ""}}]),
    "limit_expired": facts(account=account(limit("100.00", until="2026-03-01"))),
    "overdue": facts(overdue=late("0.01")),
    "oldest": facts(oldest={"days": 61, "number": "INV-1"}),
    "promises": facts(promises=1),
    "risk_class": facts(customer={"risk_class": "E"}),
    "document_value": facts(order=order(total="1000000.01")),
    "terms": facts(order=order(payment_days=31)),
    "review": facts(account=account(review_on="2026-03-01")),
    "first_order": facts(order=order(first=True)),
}  # fmt: skip


def verdict(check, known, **values):
    return result(check, known, policy(check, **values)).verdict


def test_hitting_covers_every_check():
    assert HITTING.keys() == set(CheckCode.values)


# A missing rate always blocks.
SEVERITIES = {"block": "blocked", "warn": "warned", "inform": "informed"}
MILDER = [(c, s) for c in HITTING for s in SEVERITIES if c != "rate" or s == "block"]


@pytest.mark.parametrize(("check", "severity"), MILDER)
def test_check_says_what_its_severity_makes_of_a_hit(check, severity):
    assert verdict(check, HITTING[check], severity=severity) == SEVERITIES[severity]


@pytest.mark.parametrize("check", sorted(HITTING.keys() - {"rate"}))
def test_check_that_is_off_is_skipped_and_shows_its_figures(check):
    off = result(check, HITTING[check], policy(check, severity="off"))
    assert (off.verdict, off.documents) == ("skipped", [])
    assert off.figures == result(check, HITTING[check]).figures


@pytest.mark.parametrize("check", HITTING)
def test_check_passes_or_misses_data_where_nothing_is_wrong(check):
    missing = {"risk_class"}
    assert result(check).verdict == ("unknown" if check in missing else "passed")


@pytest.mark.parametrize("check", HITTING)
def test_evaluate_is_pure_and_answers_in_json(check):
    known, content = json.dumps(HITTING[check]), policy()
    first = [each.as_json() for each in evaluate(HITTING[check], content)]
    assert json.dumps(HITTING[check]) == known
    assert json.loads(json.dumps(first)) == first
    assert first == [each.as_json() for each in evaluate(json.loads(known), policy())]


def test_evaluate_goes_on_after_a_block_in_the_policys_order():
    known = facts(
        customer={"status": "blacklisted", "status_reason": "-"},
        order=order(total="100.01", first=True),
        overdue=late("5.00"),
    )
    blocked = [each.code for each in evaluate(known, policy()) if each.verdict == "blocked"]
    assert blocked == ["blacklist", "limit", "overdue", "first_order"]


def test_overdue_names_the_invoices_it_counted():
    assert result("overdue", HITTING["overdue"]).documents == late("0.01")["invoices"]


@pytest.mark.parametrize(
    ("amount", "tolerated", "expected"),
    [
        ("0.00", "0.00", "passed"),
        ("0.01", "0.00", "blocked"),
        ("4.99", "5.00", "passed"),
        ("5.00", "5.00", "passed"),
        ("5.01", "5.00", "blocked"),
    ],
)
def test_overdue_hits_just_above_the_tolerated_amount(amount, tolerated, expected):
    assert verdict("overdue", facts(overdue=late(amount)), amount=tolerated) == expected


@pytest.mark.parametrize(
    ("days", "tolerated", "expected"),
    [(0, 0, "passed"), (1, 0, "blocked"), (60, 60, "passed"), (61, 60, "blocked")],
)
def test_oldest_hits_the_day_after_the_tolerated_ones(days, tolerated, expected):
    known = facts(oldest={"days": days, "number": "INV-1"})
    assert verdict("oldest", known, days=tolerated) == expected


@pytest.mark.parametrize(
    ("broken", "tolerated", "expected"),
    [(0, 0, "passed"), (1, 0, "blocked"), (2, 2, "passed"), (3, 2, "blocked")],
)
def test_promises_hit_above_the_tolerated_count(broken, tolerated, expected):
    assert verdict("promises", facts(promises=broken), count=tolerated) == expected


@pytest.mark.parametrize(
    ("status", "black", "watched"),
    [
        ("active", "passed", "passed"),
        ("watch", "passed", "blocked"),
        ("blacklisted", "blocked", "passed"),
    ],
)
def test_lists_hit_only_their_own_status(status, black, watched):
    known = facts(customer={"status": status, "status_reason": "fraud"})
    assert result("blacklist", known).verdict == black
    assert result("watch_list", known).verdict == watched


@pytest.mark.parametrize(
    ("observed", "worst", "expected"),
    [
        ("A", "A", "passed"),
        ("B", "A", "blocked"),
        ("C", "D", "passed"),
        ("D", "D", "passed"),
        ("E", "D", "blocked"),
        ("E", "E", "passed"),
    ],
)
def test_risk_class_hits_below_the_worst_that_passes(observed, worst, expected):
    known = facts(customer={"risk_class": observed})
    assert verdict("risk_class", known, worst=worst, unrated=True) == expected


@pytest.mark.parametrize(("unrated", "expected"), [(False, "unknown"), (True, "blocked")])
def test_risk_class_of_the_unrated_is_as_the_policy_says(unrated, expected):
    assert verdict("risk_class", facts(), unrated=unrated) == expected


@pytest.mark.parametrize(
    ("days", "own", "tolerated", "expected"),
    [
        (0, 0, 0, "passed"),
        (29, 30, 0, "passed"),
        (30, 30, 0, "passed"),
        (31, 30, 0, "blocked"),
        (40, 30, 10, "passed"),
        (41, 30, 10, "blocked"),
    ],
)
def test_terms_hit_beyond_the_customers_own(days, own, tolerated, expected):
    known = facts(order=order(payment_days=days), customer={"payment_days": own})
    assert verdict("terms", known, days=tolerated) == expected


@pytest.mark.parametrize(
    ("due", "tolerated", "expected"),
    [
        (None, 0, "passed"),
        ("2026-03-03", 0, "passed"),
        ("2026-03-02", 0, "passed"),
        ("2026-03-01", 0, "blocked"),
        ("2026-02-28", 2, "passed"),
        ("2026-02-27", 2, "blocked"),
    ],
)
def test_review_hits_the_day_after_it_was_due(due, tolerated, expected):
    known = facts(account=account(review_on=due))
    assert verdict("review", known, days=tolerated) == expected


@pytest.mark.parametrize(
    ("first", "expected"), [(True, "blocked"), (False, "passed"), (None, "unknown")]
)
def test_first_order_is_missing_data_where_nobody_looked(first, expected):
    assert result("first_order", facts(order=order(first=first))).verdict == expected


@pytest.mark.parametrize(
    ("total", "most", "expected"),
    [
        ("0.00", "0.00", "passed"),
        ("0.01", "0.00", "blocked"),
        ("99.99", "100.00", "passed"),
        ("100.00", "100.00", "passed"),
        ("100.01", "100.00", "blocked"),
    ],
)
def test_document_value_hits_just_above_the_largest_order(total, most, expected):
    paid = order(total=total, paid=total, need="0.00")
    assert verdict("document_value", facts(order=paid), amount=most) == expected


def test_document_value_is_converted_and_the_policys_amount_too():
    known = facts(
        order=order(total="100.00", currency="EUR"),
        account=account(currency="USD"),
        rates=rates(EUR_USD="1.1", CNY_USD="0.14"),
    )
    figures = result("document_value", known).figures
    assert figures == {"currency": "USD", "observed": "110.00", "threshold": "140000.00"}
