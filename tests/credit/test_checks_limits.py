from decimal import Decimal

import pytest

from tests.credit.unsaved import (
    account,
    facts,
    group,
    limit,
    order,
    policy,
    rates,
    result,
    segment,
)


def verdict(known, check="limit", **values):
    return result(check, known, policy(check, **values)).verdict


@pytest.mark.parametrize(
    ("used", "need", "tolerance", "expected"),
    [
        ("0.00", "99.99", "0.00", "passed"),
        ("0.00", "100.00", "0.00", "passed"),
        ("0.00", "100.01", "0.00", "blocked"),
        ("60.00", "40.00", "0.00", "passed"),
        ("60.00", "40.01", "0.00", "blocked"),
        ("0.00", "105.00", "5.00", "passed"),
        ("0.00", "105.01", "5.00", "blocked"),
        ("100.00", "0.01", "0.00", "blocked"),
        ("500.00", "0.00", "0.00", "passed"),
    ],
)
def test_limit_hits_just_above_limit_and_tolerance(used, need, tolerance, expected):
    known = facts(account=account(receivable=used), order=order(total=need))
    assert verdict(known, tolerance=tolerance) == expected


@pytest.mark.parametrize(
    ("percent", "need", "expected"),
    [
        ("80", "80.00", "passed"),
        ("80", "80.01", "blocked"),
        ("120", "120.00", "passed"),
        ("120", "120.01", "blocked"),
        ("99.99", "99.99", "passed"),
        ("99.99", "100.00", "blocked"),
        ("0", "0.00", "passed"),
        ("0", "0.01", "blocked"),
    ],
)
def test_limit_hits_just_above_its_percentage(percent, need, expected):
    assert verdict(facts(order=order(total=need)), percent=percent) == expected


def test_limit_shows_its_arithmetic():
    buckets = {"reserved": "10.00", "delivered": "20.00", "receivable": "40.00"}
    figures = result("limit", facts(account=account(**buckets))).figures
    assert buckets.items() <= figures.items()
    assert (figures["used"], figures["order"], figures["observed"]) == ("70.00", "50.00", "120.00")
    assert (figures["limit"], figures["threshold"]) == ("100.00", "100.00")
    assert (figures["excess"], figures["headroom"]) == ("20.00", "-20.00")


def test_limit_leaves_out_what_the_order_itself_holds():
    known = facts(account=account(reserved="100.00"), order=order(total="100.00", held="100.00"))
    assert result("limit", known).figures["used"] == "0.00"
    assert verdict(known) == "passed"


@pytest.mark.parametrize(
    ("kind", "need", "expected"),
    [
        ("none", "0.01", "blocked"),
        ("none", "0.00", "passed"),
        ("unlimited", "9999999999999999.99", "passed"),
        ("group", "0.01", "blocked"),
    ],
)
def test_limit_without_an_amount_is_no_credit_or_no_limit(kind, need, expected):
    known = facts(account=account(limit(kind=kind)), order=order(total=need))
    assert verdict(known) == expected


def test_limit_of_an_account_without_any_is_no_credit():
    known = facts(account=account(limits=[]))
    assert verdict(known) == "blocked"
    assert result("limit", known).figures["kind"] == "none"


def test_limit_of_zero_is_an_amount_like_any_other():
    found = result("limit", facts(account=account(limit("0.00"))))
    assert (found.verdict, found.figures["kind"]) == ("blocked", "amount")


@pytest.mark.parametrize(
    ("added", "need", "expected"),
    [
        (limit("20.00", type="temporary"), "120.00", "passed"),
        (limit("20.00", type="temporary"), "120.01", "blocked"),
        (limit("33.33", type="secured", percent="50.00"), "116.67", "passed"),
        (limit("33.33", type="secured", percent="50.00"), "116.68", "blocked"),
        (limit("20.00", type="secured", percent="0.00"), "100.01", "blocked"),
        (limit("20.00", type="secured", percent="100.00"), "120.00", "passed"),
    ],
)
def test_limit_adds_temporary_and_the_covered_part_of_secured(added, need, expected):
    known = facts(account=account(limit("100.00"), added), order=order(total=need))
    assert verdict(known) == expected


@pytest.mark.parametrize(
    ("of_segment", "expected"),
    [
        (segment("amount", "50.00", "CNY"), "passed"),
        (segment("amount", "49.99", "CNY"), "blocked"),
        (segment("amount", "7.05", "USD"), "passed"),
        (segment("amount", "7.03", "USD"), "blocked"),
        (segment("amount", "999.00", "EUR"), "unknown"),
        (segment("unlimited"), "passed"),
        (segment("none"), "blocked"),
    ],
)
def test_limit_that_inherits_is_the_segments_converted(of_segment, expected):
    inheriting = facts(
        account=account(limit(kind="inherit")), segment=of_segment, rates=rates(USD_CNY="7.1")
    )
    assert verdict(inheriting) == expected
    missing = result("rate", inheriting).figures["missing"]
    assert missing == (["EUR/CNY"] if expected == "unknown" else [])


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, "passed"),
        ("2026-03-03", "passed"),
        ("2026-03-02", "passed"),
        ("2026-03-01", "blocked"),
    ],
)
def test_limit_expired_hits_the_day_after_the_last(until, expected):
    known = facts(account=account(limit("100.00", until=until)))
    assert verdict(known, "limit_expired") == expected
    assert verdict(known) == "passed"  # it goes on counting; its expiry is a check of its own


def test_limit_expired_tells_of_a_groups_limit_too():
    known = facts(groups=[group(), group(limit("9.00", until="2026-03-01"), name="Top")])
    found = result("limit_expired", known)
    assert (found.verdict, found.figures) == (
        "blocked",
        {"observed": "2026-03-01", "group": "Top"},
    )


@pytest.mark.parametrize(
    ("used", "members", "tolerance", "expected"),
    [
        ("0.00", {"CNY": "950.00"}, "0.00", "passed"),
        ("0.00", {"CNY": "950.01"}, "0.00", "blocked"),
        ("0.01", {"CNY": "950.00"}, "0.00", "blocked"),
        ("0.00", {"CNY": "955.00"}, "5.00", "passed"),
        ("0.00", {"CNY": "955.01"}, "5.00", "blocked"),
        ("240.00", {"CNY": "0.00", "USD": "100.00"}, "0.00", "passed"),
        ("240.01", {"CNY": "0.00", "USD": "100.00"}, "0.00", "blocked"),
        ("0.00", {}, "0.00", "passed"),
    ],
)
def test_group_limit_counts_the_group_and_its_members(used, members, tolerance, expected):
    known = facts(groups=[group(used=used, members=members)], rates=rates(USD_CNY="7.1"))
    assert verdict(known, "group_limit", tolerance=tolerance) == expected


@pytest.mark.parametrize(("percent", "expected"), [("5", "passed"), ("4.99", "blocked")])
def test_group_limit_allows_its_percentage(percent, expected):
    assert verdict(facts(groups=[group()]), "group_limit", percent=percent) == expected


def test_group_limit_asks_every_group_and_tells_of_the_one_with_the_least_left():
    chain = [group(name="Near"), group(limit("60.00"), name="Middle"), group(name="Top")]
    found = result("group_limit", facts(groups=chain))
    assert (found.verdict, found.figures["group"]) == ("passed", "Middle")
    assert [each["headroom"] for each in found.figures["groups"]] == ["950.00", "10.00", "950.00"]


@pytest.mark.parametrize("level", [0, 1, 2])
def test_group_limit_of_any_level_blocks(level):
    chain = [group(name=str(each)) for each in range(3)]
    chain[level]["limits"] = [limit("49.99")]
    found = result("group_limit", facts(groups=chain))
    assert (found.verdict, found.figures["group"]) == ("blocked", str(level))
    assert found.figures["excess"] == "0.01"


@pytest.mark.parametrize(
    ("kind", "own", "groups", "expected"),
    [
        ("none", "limit", [group(limit(kind="none"))], ("passed", "blocked")),
        ("unlimited", "limit", [group(limit(kind="unlimited"))], ("passed", "passed")),
        ("as group", "group", [group(limit("49.99"))], ("passed", "blocked")),
        ("as group", "group", [group(limit("50.00"))], ("passed", "passed")),
        ("top as group", "limit", [group(limit(kind="group"))], ("passed", "blocked")),
        ("both", "group", [group(limit(kind="group")), group()], ("passed", "passed")),
    ],
)
def test_group_limit_follows_the_kinds_of_both(kind, own, groups, expected):
    mine = account(limit(kind="group")) if own == "group" else account()
    known = facts(account=mine, groups=groups)
    assert (verdict(known), verdict(known, "group_limit")) == expected


def test_group_limit_leaves_out_what_the_order_itself_holds():
    held = facts(
        order=order(total="900.00", held="100.00"),
        account=account(currency="USD", reserved="100.00"),
        groups=[group(members={"USD": "100.00"})],
        rates=rates(CNY_USD="0.125", USD_CNY="8"),
    )
    figures = result("group_limit", held).figures
    assert (figures["used"], figures["order"]) == ("0.00", "900.00")


@pytest.mark.parametrize(("own", "expected"), [("30.00", "limit"), ("70.00", "group_limit")])
def test_the_lower_headroom_wins(own, expected):
    known = facts(
        order=order(total="60.00"),
        account=account(limit(own)),
        groups=[group(limit("40.00" if own == "70.00" else "70.00"))],
    )
    hit = [code for code in ("limit", "group_limit") if verdict(known, code) == "blocked"]
    assert hit == [expected]


def test_limit_counts_in_the_accounts_currency_rounded_half_up():
    known = facts(order=order(total="0.05", currency="USD"), rates=rates(USD_CNY="7.1"))
    figures = result("limit", known).figures
    assert figures["order"] == "0.36"  # 0.355
    assert Decimal(figures["headroom"]) == Decimal("99.64")


@pytest.mark.parametrize(
    ("of_members", "held", "expected"),
    [
        ({}, "0.00", "passed"),
        ({"CNY": "30.00"}, "0.00", "passed"),
        ({"CNY": "30.01"}, "0.00", "blocked"),
        ({"CNY": "30.01"}, "0.01", "passed"),
        ({"USD": "3.00"}, "0.00", "passed"),
        ({"USD": "3.01"}, "0.00", "blocked"),
    ],
)
def test_group_limit_counts_its_members_when_the_head_of_the_group_orders(
    of_members, held, expected
):
    head = account(name="Head", members=of_members, reserved="20.00")
    known = facts(account=head, order=order(held=held), rates=rates(USD_CNY="10"))
    found = result("group_limit", known)
    assert (found.verdict, verdict(known)) == (expected, "passed")
    assert found.figures.get("group") == ("Head" if of_members else None)
