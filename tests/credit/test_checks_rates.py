"""What happens to the checks where a rate is missing, and which orders are spared of them."""

import pytest

from credit.content import clean_content
from tests.credit.unsaved import (
    account,
    facts,
    group,
    late,
    limit,
    order,
    policy,
    rates,
    result,
    segment,
)

CASH = {"exemption": "cash", "skips": ["limit", "overdue"]}


def missing(known, content=None):
    found = result("rate", known, content)
    assert found.verdict == ("blocked" if found.figures["missing"] else "passed")
    return found.figures["missing"]


def of_policy(currency, **severities):
    """A policy in that currency whose only amounts are those of the checks that are named."""
    content = policy()
    for row in content["checks"]:
        row["severity"] = severities.get(row["check"], "off" if row["check"] != "rate" else "block")
        row |= {"tolerance": "5.00"} if "tolerance" in row else {}
        row |= {"amount": "5.00"} if "amount" in row else {}
    return clean_content(content | {"currency": currency})


@pytest.mark.parametrize("check", ["limit", "group_limit", "document_value"])
def test_amounts_of_an_order_without_a_rate_are_missing_data(check):
    known = facts(order=order(currency="USD"), groups=[group()])
    assert result(check, known).verdict == "unknown"
    assert missing(known) == ["USD/CNY"]


def test_rate_that_was_used_is_told_with_its_day():
    known = facts(order=order(currency="USD"), rates=rates(USD_CNY="7.1"))
    figures = result("rate", known).figures
    assert figures == {
        "missing": [], "currency": "CNY", "pair": "USD/CNY", "rate": "7.1", "on": "2026-03-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("of_group", "pairs"),
    [
        (group(currency="EUR"), ["CNY/EUR"]),
        (group(members={"USD": "1.00"}), ["USD/CNY"]),
        (group(limit(kind="inherit"), segment=segment("amount", "9.00", "HKD")), ["HKD/CNY"]),
        (group(limit(kind="inherit"), segment=segment("unlimited")), []),
        (group(members={"CNY": "1.00"}), []),
    ],
)
def test_rate_that_a_group_needs_blocks_where_it_is_missing(of_group, pairs):
    known = facts(groups=[of_group])
    assert missing(known) == pairs
    assert result("group_limit", known).verdict == ("unknown" if pairs else "passed")


def test_group_limit_that_is_passed_anyhow_outweighs_one_that_is_not_known():
    known = facts(groups=[group(currency="EUR"), group(limit("1.00"), name="Top")])
    found = result("group_limit", known)
    assert (found.verdict, found.figures["group"]) == ("blocked", "Top")


@pytest.mark.parametrize(
    ("severities", "pairs"),
    [
        ({"limit": "block"}, ["USD/CNY"]),
        ({"overdue": "warn"}, ["USD/CNY"]),
        ({"document_value": "inform"}, ["USD/CNY"]),
        ({"group_limit": "block"}, ["USD/EUR"]),
        ({}, []),
        ({"terms": "block"}, []),
    ],
)
def test_rate_of_the_policy_is_needed_by_checks_that_are_on(severities, pairs):
    known = facts(groups=[group(currency="EUR")], rates=rates(CNY_EUR="0.125"))
    assert missing(known, of_policy("USD", **severities)) == pairs


def test_tolerance_without_a_rate_tolerates_nothing():
    content = of_policy("USD", limit="block", overdue="block", document_value="block")
    known = facts(order=order(total="100.01"), overdue=late("0.01"))
    found = {code: result(code, known, content) for code in ("limit", "overdue", "document_value")}
    assert [each.verdict for each in found.values()] == ["blocked", "blocked", "unknown"]
    assert found["document_value"].figures["threshold"] is None


def test_tolerance_is_converted_at_the_rate():
    content = of_policy("USD", limit="block", overdue="block")
    known = {"overdue": late("35.51"), "rates": rates(USD_CNY="7.1")}
    for total, expected in (("135.50", "passed"), ("135.51", "blocked")):
        of_order = facts(order=order(total=total), **known)
        assert result("limit", of_order, content).verdict == expected
        assert result("overdue", of_order, content).verdict == "blocked"


def test_tolerance_of_zero_needs_no_rate():
    content = policy("document_value", severity="off") | {"currency": "USD"}
    assert missing(facts(overdue=late("0.01")), content) == []


@pytest.mark.parametrize(("days", "expected"), [(0, "exempt"), (1, "blocked")])
def test_cash_on_order_is_spared_and_the_sparing_recorded(days, expected):
    known = facts(order=order(total="100.01", payment_days=days), overdue=late("5.00"))
    for check in CASH["skips"]:
        found = result(check, known, policy(exemptions=[CASH]))
        assert found.verdict == expected
        assert found.figures.get("exemption") == ("cash" if expected == "exempt" else None)
        assert found.figures["observed"] in ("100.01", "5.00")


@pytest.mark.parametrize(
    ("percent", "paid", "expected"),
    [
        ("100", "199.98", "blocked"),
        ("100", "200.00", "exempt"),
        ("100", "200.01", "exempt"),
        ("99.99", "199.97", "blocked"),
        ("99.99", "199.98", "exempt"),
        ("30", "59.99", "blocked"),
        ("30", "60.00", "exempt"),
        ("0", "0.00", "blocked"),
        ("0", "0.01", "exempt"),
    ],
)
def test_prepaid_is_spared_from_the_percentage_on(percent, paid, expected):
    exemption = {"exemption": "prepaid", "percent": percent, "skips": ["overdue"]}
    known = facts(order=order(total="200.00", paid=paid), overdue=late("5.00"))
    assert result("overdue", known, policy(exemptions=[exemption])).verdict == expected


@pytest.mark.parametrize("check", ["blacklist", "limit"])
def test_exemption_spares_only_of_what_it_names(check):
    known = facts(
        order=order(total="100.01", payment_days=0),
        customer={"status": "blacklisted", "status_reason": "-"},
    )
    exempt = policy(exemptions=[CASH | {"skips": ["overdue"]}])
    assert result(check, known, exempt).verdict == "blocked"


@pytest.mark.parametrize("turned", [False, True])
def test_cash_counts_where_an_order_is_prepaid_too(turned):
    prepaid = {"exemption": "prepaid", "percent": "50", "skips": ["limit", "oldest"]}
    both = [prepaid, CASH] if turned else [CASH, prepaid]
    known = facts(order=order(payment_days=0, paid="25.00"), account=account(limit("1.00")))
    found = {check: result(check, known, policy(exemptions=both)) for check in ("limit", "oldest")}
    assert found["limit"].figures["exemption"] == "cash"
    assert found["oldest"].figures["exemption"] == "prepaid"
