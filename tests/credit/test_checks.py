from datetime import date, timedelta
from decimal import Decimal

import pytest

from credit.checks import STRICT, Overdue, Tolerance, evaluate, gather, overdue
from credit.enums import CheckCode, CustomerStatus, LimitKind
from credit.models import CheckSetting, Segment
from credit.money import CurrencyMismatch, Money
from tests.credit.unsaved import account, facts
from tests.factories import credit
from tests.factories.moments import DAY, NOW

TODAY = date(2026, 3, 2)  # the day of NOW in Shanghai


def check(code, account, order="0.00", known=None):
    results = evaluate(known or facts(), account, Money(Decimal(order), "CNY"))
    assert [result.code for result in results] == ["limit", "overdue", "blacklist"]
    return next(result for result in results if result.code == code)


@pytest.mark.parametrize(
    ("used", "order", "tolerated", "verdict"),
    [
        ("0", "99.99", "0", "passed"),
        ("0", "100.00", "0", "passed"),
        ("0", "100.01", "0", "blocked"),
        ("60", "40.00", "0", "passed"),
        ("60", "40.01", "0", "blocked"),
        ("0", "105.00", "5", "passed"),
        ("0", "105.01", "5", "blocked"),
        ("100", "0.01", "0", "blocked"),
        ("500", "0.00", "0", "passed"),
    ],
)
def test_limit_blocks_just_above_limit_and_tolerance(used, order, tolerated, verdict):
    known = facts(limit=Tolerance(True, Decimal(tolerated), 0))
    assert check("limit", account("100", used=used), order, known).verdict == verdict


def test_limit_shows_its_arithmetic():
    figures = check("limit", account("100.00", used="70.00"), "50.00").figures
    assert (figures["used"], figures["order"], figures["observed"]) == ("70.00", "50.00", "120.00")
    assert (figures["threshold"], figures["excess"]) == ("100.00", "20.00")
    assert (figures["headroom"], figures["receivable"]) == ("-20.00", "70.00")


@pytest.mark.parametrize(
    ("kind", "order", "verdict"),
    [
        (LimitKind.NONE, "0.01", "blocked"),
        (LimitKind.NONE, "0.00", "passed"),
        (LimitKind.UNLIMITED, "9999999999999999.99", "passed"),
    ],
)
def test_limit_without_an_amount_is_no_credit_or_no_limit(kind, order, verdict):
    assert check("limit", account(kind=kind), order).verdict == verdict


@pytest.mark.parametrize(
    ("segment", "verdict"),
    [
        ({"limit_kind": "amount", "limit_amount": 100, "limit_currency": "CNY"}, "passed"),
        ({"limit_kind": "amount", "limit_amount": 99, "limit_currency": "CNY"}, "blocked"),
        ({"limit_kind": "amount", "limit_amount": 999, "limit_currency": "USD"}, "blocked"),
        ({"limit_kind": "unlimited"}, "passed"),
        ({"limit_kind": "none"}, "blocked"),
    ],
)
def test_limit_that_inherits_is_the_segments_in_the_same_currency(segment, verdict):
    inheriting = account(kind=LimitKind.INHERIT, segment=Segment(**segment))
    assert check("limit", inheriting, "100.00").verdict == verdict


def test_limit_of_zero_is_an_amount_like_any_other():
    result = check("limit", account("0.00"), "0.01")
    assert (result.verdict, result.figures["kind"]) == ("blocked", "amount")


@pytest.mark.parametrize(
    ("amount", "tolerated", "verdict"),
    [
        ("0", "0", "passed"),
        ("0.01", "0", "blocked"),
        ("5", "5", "passed"),
        ("6", "5", "blocked"),
    ],
)
def test_overdue_blocks_just_above_the_tolerated_amount(amount, tolerated, verdict):
    late = Overdue(amount=Decimal(amount), days=1, count=1)
    known = facts(late, overdue=Tolerance(True, Decimal(tolerated), 0))
    assert check("overdue", account("100"), known=known).verdict == verdict


@pytest.mark.parametrize(
    ("status", "verdict"), [("active", "passed"), ("watch", "passed"), ("blacklisted", "blocked")]
)
def test_blacklist_blocks_only_the_blacklisted(status, verdict):
    result = check("blacklist", account("100", status=status, status_reason="fraud"))
    assert (result.verdict, result.figures["reason"]) == (verdict, "fraud")


@pytest.mark.parametrize("code", CheckCode.values)
def test_check_that_is_switched_off_never_blocks(code):
    bad = account("0", status=CustomerStatus.BLACKLISTED, status_reason="fraud")
    known = facts(Overdue(Decimal(9), 9, 1), **{code: Tolerance(False, Decimal(0), 0)})
    verdicts = {r.code: r.verdict for r in evaluate(known, bad, Money(Decimal(9), "CNY"))}
    assert verdicts == dict.fromkeys(CheckCode.values, "blocked") | {code: "skipped"}


def test_evaluate_refuses_another_currency_than_the_accounts():
    with pytest.raises(CurrencyMismatch):
        evaluate(facts(), account("100"), Money(Decimal(1), "USD"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "tolerated_days", "late"),
    [(0, 0, 0), (1, 0, 10), (1, 1, 0), (2, 1, 10), (400, 365, 10)],
)
def test_overdue_counts_from_the_day_after_the_due_date(due, tolerated_days, late):
    holder = credit.account()
    credit.invoice(holder, Decimal(10), TODAY - timedelta(due))
    assert overdue(holder.pk, NOW, tolerated_days).amount == late


@pytest.mark.django_db
def test_overdue_turns_at_midnight_in_the_servers_zone():
    holder = credit.account()
    credit.invoice(holder, Decimal(10), TODAY)
    midnight = NOW.replace(hour=16, minute=0)  # in Shanghai
    assert overdue(holder.pk, midnight - timedelta(seconds=1)).amount == 0
    assert overdue(holder.pk, midnight).amount == 10


@pytest.mark.django_db
def test_overdue_sums_all_and_names_the_oldest():
    holder = credit.account()
    for days in range(1, 13):
        credit.invoice(holder, Decimal(10), TODAY - timedelta(days))
    credit.invoice(holder, Decimal(0), TODAY - 99 * DAY, amount=Decimal(10))
    credit.invoice(credit.account(), Decimal(10), TODAY - 99 * DAY)
    late = overdue(holder.pk, NOW)
    assert (late.amount, late.count, late.days) == (120, 12, 12)
    assert len(late.invoices) == 10 and late.invoices[0]["days"] == "12"


@pytest.mark.django_db
def test_gather_reads_the_settings_and_no_history(django_assert_num_queries):
    holder = credit.account()
    CheckSetting.objects.filter(code="overdue").update(tolerance_days=3, tolerance_amount=7)
    with django_assert_num_queries(2):
        known = gather(account_id=holder.pk, at=NOW)
    assert known.tolerances["overdue"] == Tolerance(True, Decimal(7), 3)


@pytest.mark.django_db
def test_gather_is_strict_where_a_setting_is_missing():
    CheckSetting.objects.all().delete()
    known = gather(account_id=credit.account().pk, at=NOW)
    assert known.tolerances == dict.fromkeys(CheckCode.values, STRICT)
