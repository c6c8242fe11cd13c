from datetime import UTC, datetime

import pytest

from orders.imports.fields import field
from orders.imports.moments import MomentReader, canonical
from orders.imports.options import Options
from orders.imports.problems import BadValue, Notes
from orders.imports.values import ValueReader
from tests.factories.moments import NOW


def value(kind, code, text, **options):
    return ValueReader(Options(**options), NOW, Notes()).read(field(kind, code), text)


@pytest.mark.parametrize(
    ("text", "comma", "read"),
    [
        ("1234.50", False, "1234.50"),
        ("1,234.50", False, "1234.50"),
        ("¥1,234", False, "1234"),
        ("R$ 12.30", False, "12.30"),
        ("12元", False, "12"),
        ("0", False, "0"),
        ("1.234,50", True, "1234.50"),
        ("12,5", True, "12.5"),
    ],
)
def test_read_takes_amounts_as_people_write_them(text, comma, read):
    assert value("orders", "total", text, decimal_comma=comma) == read


@pytest.mark.parametrize(
    ("kind", "code", "text", "problem"),
    [
        ("orders", "total", "-5", "negative"),
        ("orders", "total", "12,5", "comma_number"),
        ("orders", "total", "1e30", "bad_number"),
        ("orders", "total", "1" * 31, "too_big"),
        ("orders", "total", "NaN", "bad_number"),
        ("orders", "total", "1.234", "decimals"),
        ("orders", "total", "twelve", "bad_number"),
        ("lines", "quantity", "-3", "not_positive"),
        ("lines", "quantity", "0", "not_positive"),
        ("lines", "quantity", "1.0001", "decimals"),
        ("lines", "discount_percent", "101", "too_big"),
        ("customers", "payment_days", "30.5", "not_whole"),
        ("customers", "payment_days", "400", "too_big"),
        ("customers", "code", "a b", "bad_code"),
        ("customers", "code", "", "missing_value"),
        ("customers", "email", "nobody", "bad_email"),
        ("customers", "name", "x" * 201, "too_long"),
        ("orders", "currency", "XYZ", "bad_currency"),
        ("orders", "status", "lost", "unknown_status"),
        ("orders", "submitted_at", "2099-01-01", "future"),
        ("orders", "submitted_at", "1969-01-01", "too_old"),
        ("orders", "submitted_at", "2026-02-30", "no_such_date"),
        ("orders", "submitted_at", "2026-01-05 25:00", "no_such_date"),
        ("orders", "submitted_at", "10/2/2017", "date_unchosen"),
        ("orders", "submitted_at", "yesterday", "bad_date"),
    ],
)
def test_read_says_what_is_wrong(kind, code, text, problem):
    with pytest.raises(BadValue) as refusal:
        value(kind, code, text)
    assert refusal.value.code == problem


def moment(text, form, zone="UTC", **how):
    skipped = []
    return MomentReader(form, zone, NOW, skipped.append).read(text, **how), skipped


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("", "2017-10-02 10:56:00"),
        ("", "2017/10/2 10:56"),
        ("", "2017年10月2日 10:56"),
        ("Y-m-d", "2017-10-02T10:56:00Z"),
        ("Y-m-d", "2017-10-02 18:56:00+08:00"),
        ("m/d/Y", "10/2/2017 10:56"),
        ("m/d/Y", "10/02/2017 10:56 AM"),
        ("d/m/Y", "2/10/2017 10:56"),
        ("d/m/y", "2/10/17 10:56"),
        ("m/d/y", "10/2/17 10:56"),
        ("d.m.Y", "2.10.2017 10:56"),
    ],
)
def test_moment_reads_each_form(form, text):
    assert moment(text, form)[0] == datetime(2017, 10, 2, 10, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour"), [("Asia/Shanghai", 2), ("UTC", 10), ("America/New_York", 14)]
)
def test_moment_is_read_in_the_chosen_zone(zone, hour):
    assert moment("2017-10-02 10:00", "", zone)[0] == datetime(2017, 10, 2, hour, tzinfo=UTC)


def test_moment_skipped_by_the_clock_is_an_hour_later_and_noted():
    read, skipped = moment("2017-10-15 00:30", "", "America/Sao_Paulo")
    assert read == datetime(2017, 10, 15, 3, 30, tzinfo=UTC)
    assert skipped == ["2017-10-15 00:30"]


def test_moment_half_day_is_read():
    assert moment("10/2/2017 12:05 am", "m/d/Y")[0].hour == 0
    assert moment("10/2/2017 1:05 PM", "m/d/Y")[0].hour == 13


def test_moment_may_lie_in_the_future_where_it_is_a_promise():
    assert moment("2099-01-01", "", future=True)[0].year == 2099


@pytest.mark.parametrize("form", ["m/d/Y H:M", "%m/%d/%Y", "m/d/Y"])
def test_canonical_takes_forms_as_people_write_them(form):
    assert canonical(form) == "m/d/Y"


def test_canonical_refuses_other_forms():
    with pytest.raises(BadValue):
        canonical("d-Y-m")
