from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staff.hours.calendar import BusinessHours, Special
from staff.hours.intervals import HoursError, Interval, parse

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
OFFICE = parse("9:00–12:00, 13:00–18:00")
WEEK = dict.fromkeys(range(5), OFFICE)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Days around which clocks change: by an hour, by half an hour, at midnight, back over midnight.
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 29)),
    "Asia/Shanghai": (date(2026, 2, 17),),
}


def hours(zone=SHANGHAI, week=WEEK, **special):
    days = {date.fromisoformat(day[1:].replace("_", "-")): s for day, s in special.items()}
    return BusinessHours(week=week, zone=zone, special=days)


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-03-02 09:00", 60, "2026-03-02 10:00"),
        ("2026-03-02 09:00", 180, "2026-03-02 12:00"),  # not one o'clock
        ("2026-03-02 09:00", 181, "2026-03-02 13:01"),
        ("2026-03-02 12:30", 10, "2026-03-02 13:10"),
        ("2026-03-02 07:00", 10, "2026-03-02 09:10"),
        ("2026-03-02 17:30", 60, "2026-03-03 09:30"),
        ("2026-03-06 17:30:20", 60, "2026-03-09 09:30:20"),
        ("2026-03-07 11:00", 480, "2026-03-09 18:00"),
        ("2026-03-07 11:00", 0, "2026-03-07 11:00"),
        ("2026-03-02 09:00", 480 * 5 * 52, "2027-02-26 18:00"),
    ],
)
def test_add_counts_what_the_week_allows(start, minutes, end):
    assert hours().add(at(start), minutes) == at(end)
    assert hours().minutes_between(at(start), at(end)) == minutes


def test_add_skips_holidays_and_uses_make_up_workdays():
    holiday, saturday = Special("National Day"), Special("Make-up", parse("10:00–11:00"))
    calendar = hours(_2026_10_01=holiday, _2026_10_02=holiday, _2026_10_03=saturday)
    assert calendar.add(at("2026-09-30 17:30"), 75) == at("2026-10-03 10:45")
    assert calendar.add(at("2026-09-30 17:30"), 100) == at("2026-10-05 09:10")


def test_add_goes_through_midnight():
    calendar = hours(week=dict.fromkeys(range(7), parse("22:00-24:00, 0:00-6:00")))
    assert calendar.add(at("2026-03-02 23:00"), 120) == at("2026-03-03 01:00")
    assert calendar.add(at("2026-03-02 05:00"), 90) == at("2026-03-02 22:30")


@pytest.mark.parametrize(
    ("day", "end"),
    [("2026-03-29", "07:00"), ("2026-10-25", "05:00"), ("2026-06-07", "06:00")],
)
def test_add_counts_time_that_passes_when_the_clock_is_changed(day, end):
    night = hours(BERLIN, dict.fromkeys(range(7), parse("0:00–24:00")))
    start = at(f"{day} 00:00", BERLIN)
    assert night.add(start, 360) == at(f"{day} {end}", BERLIN)
    assert night.minutes_between(start, start + DAY) in (1440 - 60, 1440, 1440 + 60)


def test_minutes_between_is_negative_backwards_and_leaves_out_parts_of_minutes():
    early, late = at("2026-03-02 11:59:30"), at("2026-03-02 13:01")
    assert hours().minutes_between(early, late) == 1
    assert hours().minutes_between(late, early) == -1


def test_explain_tells_what_counted_and_what_was_closed():
    calendar = hours(_2026_03_09=Special("Founders' Day"))
    lines = calendar.explain(at("2026-03-06 17:30"), 40)
    assert [(str(line.day), line.minutes, line.name) for line in lines] == [
        ("2026-03-06", 30, ""),
        ("2026-03-07", 0, ""),
        ("2026-03-08", 0, ""),
        ("2026-03-09", 0, "Founders' Day"),
        ("2026-03-10", 10, ""),
    ]
    assert (lines[0].begins, lines[0].ends) == (at("2026-03-06 17:30"), at("2026-03-06 18:00"))
    assert (lines[1].begins, lines[1].ends) == (None, None)
    assert str(lines[4].ends) == "2026-03-10 09:10:00+08:00"


def test_calendar_without_hours_is_refused():
    for week in ({}, {0: ()}):
        with pytest.raises(HoursError, match="no business hours"):
            hours(week=week)


@pytest.mark.parametrize(
    "wrong", [((540, 720), (700, 800)), ((540, 540),), ((600, 540),), ((0, 1441),), ((-1, 5),)]
)
def test_calendar_refuses_intervals_that_are_none(wrong):
    intervals = tuple(Interval(*each) for each in wrong)
    with pytest.raises(HoursError):
        hours(week={0: intervals})
    with pytest.raises(HoursError):
        hours(_2026_03_02=Special("", intervals))


def test_calendar_refuses_moments_without_a_zone_and_negative_minutes():
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        hours().add(naive, 1)
    with pytest.raises(ValueError, match="zone"):
        hours().minutes_between(naive, at("2026-03-02 09:00"))
    with pytest.raises(ValueError, match="before its start"):
        hours().add(at("2026-03-02 09:00"), -1)


@st.composite
def days_hours(draw):
    cuts = draw(st.lists(st.integers(0, 1440), unique=True, max_size=6).map(sorted))
    return tuple(Interval(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def cases(draw):
    zone = draw(st.sampled_from(sorted(CHANGES)))
    near = draw(st.sampled_from(CHANGES[zone]))
    week = {day: draw(days_hours()) for day in range(7)}
    week[draw(st.integers(0, 6))] = (Interval(0, 300), Interval(480, 1440))
    special = draw(st.dictionaries(st.integers(-3, 3).map(lambda n: near + n * DAY), days_hours()))
    calendar = BusinessHours(
        week, ZoneInfo(zone), {day: Special("", own) for day, own in special.items()}
    )
    midnight = datetime(near.year, near.month, near.day, tzinfo=UTC)
    return calendar, midnight + draw(st.integers(-4000, 3000)) * MINUTE


def open_at(calendar, moment):
    """The definition itself: what the clock on the wall shows."""
    local = moment.astimezone(calendar.zone)
    special = calendar.special.get(local.date())
    intervals = special.intervals if special else calendar.week.get(local.weekday(), ())
    shown = local.hour * 60 + local.minute
    return any(each.begins <= shown < each.ends for each in intervals)


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(0, 2500))
def test_add_agrees_with_counting_minute_by_minute(case, minutes):
    calendar, start = case
    moment, left = start, minutes
    while left:
        left -= open_at(calendar, moment)
        moment += MINUTE
    assert calendar.add(start, minutes) == moment


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(0, 6000))
def test_minutes_between_agrees_with_counting_minute_by_minute(case, length):
    calendar, start = case
    counted = sum(open_at(calendar, start + n * MINUTE) for n in range(length))
    assert calendar.minutes_between(start, start + length * MINUTE) == counted


@settings(max_examples=150, deadline=None)
@given(cases(), st.integers(0, 4000), st.integers(0, 59_999_999))
def test_explain_adds_up_to_the_deadline_from_any_second(case, minutes, offset):
    calendar, start = case
    start += timedelta(microseconds=offset)
    end = calendar.add(start, minutes)
    lines = [line for line in calendar.explain(start, minutes) if line.begins]
    assert calendar.minutes_between(start, end) == sum(line.minutes for line in lines) == minutes
    # In UTC: moments of a repeated hour do not compare otherwise.
    moments = [m.astimezone(UTC) for line in lines for m in (line.begins, line.ends)]
    assert moments == sorted(moments)
    assert (moments or [end])[-1] == end
