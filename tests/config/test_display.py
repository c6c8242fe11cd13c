from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from django.utils import timezone, translation

from config import display

AT = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(D("0"), "0.00"), (D("1234.5"), "1,234.50"), (D("-1234567.891"), "−1,234,567.89")],
)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_amount_groups_by_thousands_in_every_language(language, value, shown):
    with translation.override(language):
        assert display.amount(value) == shown


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (D("950.4"), "950", "950"),
        (D("9999"), "9,999", "9,999"),
        (D("12345"), "12.3 k", "1.23 万"),
        (D("1200000"), "1.2 M", "120 万"),
        (D("99999999"), "100 M", "1 亿"),
        (D("999999"), "1 M", "100 万"),
        (D("82345678"), "82.3 M", "8,230 万"),
        (D("123456789"), "123 M", "1.23 亿"),
        (D("-4500000"), "−4.5 M", "−450 万"),
    ],
)
def test_compact_counts_in_the_units_of_the_language(value, english, chinese):
    with translation.override("en"):
        assert display.compact(value) == english
    with translation.override("zh-hans"):
        assert display.compact(value) == chinese


def test_compact_writes_traditional_characters():
    with translation.override("zh-hant"):
        assert display.compact(D("1200000")) == "120 萬"


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(seconds=20), "under 1 min"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=3, hours=4, minutes=50), "3 d 4 h"),
        (-timedelta(hours=1, minutes=1), "1 h 1 min"),
    ],
)
def test_duration_shows_the_two_largest_units(span, shown):
    with translation.override("en"):
        assert display.duration(span) == shown


@pytest.mark.parametrize(
    ("away", "shown"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(days=-2), "2 d ago"),
        (timedelta(days=-60), "9 Jan 2025"),
    ],
)
def test_relative_speaks_of_the_largest_unit(away, shown):
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert display.relative(AT + away, AT) == shown


def test_exact_is_in_the_zone_of_the_reader():
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert display.exact(AT) == "10 Mar 2025, 16:00 CST"


def test_credit_bar_ends_at_the_limit_while_there_is_room():
    bar = display.credit_bar({"receivable": D(30), "reserved": D(20)}, D(100))
    assert [(s.start, s.width) for s in bar.segments] == [(0, 30), (30, 20)]
    assert (bar.used, bar.available, bar.mark) == (50, 50, 100)


def test_credit_bar_marks_the_limit_inside_what_exceeds_it():
    bar = display.credit_bar({"receivable": D(150), "reserved": D(50)}, D(100))
    assert sum(s.width for s in bar.segments) == 100
    assert (bar.available, bar.mark) == (-100, 50)


def test_credit_bar_of_an_unlimited_account_is_never_full():
    bar = display.credit_bar({"receivable": D(80)}, None)
    assert bar.segments[0].width < 100
    assert (bar.available, bar.mark) == (None, None)


def test_credit_bar_of_an_empty_account_has_no_width():
    assert display.credit_bar({"receivable": D(0)}, D(0)).segments[0].width == 0


def test_credit_bar_counts_a_balance_in_favour_without_drawing_it():
    bar = display.credit_bar({"receivable": D(-20), "reserved": D(50)}, D(100))
    assert (bar.used, bar.segments[0].width) == (30, 0)
