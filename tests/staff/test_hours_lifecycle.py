from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from journal.models import Entry
from staff.hours.intervals import HoursError, parse
from staff.hours.lifecycle import SpecialDayInput, remove_special_day, set_special_day, set_week
from staff.hours.loading import load, weekly
from staff.hours.models import SpecialDay, WorkInterval
from staff.hours.seed import SEEDED, seed_after_migrate
from tests.factories.moments import NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)
HALF = parse("9:00–12:00")


@pytest.fixture
def by():
    return person("administrator")


def special(by, kind="holiday", hours="", pk=None, day=DAY, name="National Day"):
    entered = SpecialDayInput(day=day, kind=kind, name_en=name, intervals=parse(hours))
    return set_special_day(pk=pk, entered=entered, by=by, at=NOW)


def test_installation_starts_with_the_usual_week():
    assert weekly() == SEEDED | {5: (), 6: ()}
    assert load().week == SEEDED


def test_seed_leaves_the_hours_of_the_company_alone(by):
    set_week(week={5: HALF}, by=by, at=NOW)
    seed_after_migrate(using="default")
    assert load().week == {5: HALF}


def test_load_takes_two_queries_however_many_days(by, django_assert_num_queries):
    special(by)
    special(by, "workday", "10:00–12:00, 12:30–24:00", day=date(2026, 10, 3), name="Make-up")
    with django_assert_num_queries(2):
        calendar = load()
    assert {day: (s.name, len(s.intervals)) for day, s in calendar.special.items()} == {
        DAY: ("National Day", 0),
        date(2026, 10, 3): ("Make-up", 2),
    }


def test_set_week_replaces_the_hours_and_tells_the_journal(by):
    set_week(week={0: parse("8:00–9:00, 13:00–24:00"), 5: HALF}, by=by, at=NOW)
    assert {day: hours for day, hours in weekly().items() if hours} == {
        0: parse("8:00–9:00, 13:00–24:00"),
        5: HALF,
    }
    entry = Entry.objects.get(action="hours.changed")
    assert (entry.by, entry.at) == (by, NOW)
    assert (entry.data["before"]["0"], entry.data["after"]["0"]) == (
        "9:00–12:00, 13:00–18:00",
        "8:00–9:00, 13:00–24:00",
    )


def test_set_week_that_changes_nothing_tells_nothing(by):
    set_week(week=SEEDED, by=by, at=NOW)
    assert not Entry.objects.exists()


@pytest.mark.parametrize("week", [{}, {3: ()}, {0: (HALF[0], HALF[0])}])
def test_set_week_refuses_what_is_no_week(by, week):
    with pytest.raises(HoursError):
        set_week(week=week, by=by, at=NOW)
    assert weekly() == SEEDED | {5: (), 6: ()}


def test_hours_are_changed_by_those_who_look_after_them_only(by):
    kept, finance = special(by), person("finance")
    for call in (
        lambda: set_week(week={5: HALF}, by=finance, at=NOW),
        lambda: special(finance, day=date(2026, 5, 1)),
        lambda: remove_special_day(pk=kept.pk, by=finance, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            call()
    assert (SpecialDay.objects.count(), weekly()[5]) == (1, ())


def test_set_special_day_changes_one_and_tells_both_sides(by):
    made = special(by)
    changed = special(by, "workday", "9:00–12:00", pk=made.pk, name="Half day")
    assert (changed.pk, changed.hours, changed.name) == (made.pk, HALF, "Half day")
    entry = Entry.objects.about(made).first()
    assert (entry.data["before"]["hours"], entry.data["after"]["hours"]) == ("", "9:00–12:00")
    assert entry.data["before"]["name_en"] == "National Day"


def test_remove_special_day_makes_it_ordinary_again(by):
    made = special(by, "workday", "9:00–12:00")
    remove_special_day(pk=made.pk, by=by, at=NOW)
    assert DAY not in load().special
    assert Entry.objects.about(made).first().data["after"] == {}
    assert not WorkInterval.objects.exclude(special_day=None).exists()


@pytest.mark.parametrize(
    ("kind", "hours", "words"),
    [("workday", "", "Write the hours"), ("holiday", "9–12", "A holiday has no hours")],
)
def test_set_special_day_refuses_what_contradicts_itself(by, kind, hours, words):
    with pytest.raises(HoursError, match=words):
        special(by, kind, hours)


def test_set_special_day_refuses_a_day_twice(by):
    special(by)
    with pytest.raises(HoursError, match="in the list already"):
        special(by, name="Again")


def test_set_week_happens_with_its_entry_or_not_at_all(by):
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        set_week(week={5: HALF}, by=by, at=NOW)
    assert weekly() == SEEDED | {5: (), 6: ()}


def test_database_refuses_overlaps_and_intervals_of_nobody(by):
    made = special(by, "workday", "9:00–12:00")
    for wrong in (
        {"weekday": 0, "begins": 700, "ends": 790},
        {"special_day": made, "begins": 700, "ends": 790},
        {"weekday": 5, "begins": 700, "ends": 1441},
        {"weekday": 5, "begins": 700, "ends": 700},
        {"weekday": 7, "begins": 700, "ends": 790},
        {"begins": 700, "ends": 790},
        {"weekday": 5, "special_day": made, "begins": 10, "ends": 20},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkInterval.objects.create(**wrong)
