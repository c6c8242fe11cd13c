import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from journal.models import Entry
from staff.absence.enums import AbsenceState
from staff.absence.errors import AbsenceError
from staff.absence.lifecycle import end_absence
from staff.absence.models import Absence
from staff.absence.policies import substitutes_for
from staff.days import company_day
from tests.factories.moments import DAY, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import absence, person, superuser

pytestmark = pytest.mark.django_db
TODAY = company_day(NOW)


@pytest.fixture
def pair():
    return person(full_name="Ann"), person(full_name="Bo")


def refused(words, *args, **values):
    before = Absence.objects.count()
    with pytest.raises(AbsenceError, match=words) as caught, transaction.atomic():
        absence(*args, **values)
    assert Absence.objects.count() == before
    return caught.value.field


def test_set_absence_keeps_the_days_and_tells_the_journal(pair):
    a, b = pair
    made = absence(a, b, 1, 3, note=" Trip ")
    entry = Entry.objects.about(made).get()
    assert (made.note, made.made_by, made.made_at) == ("Trip", a, NOW)
    assert (entry.action, entry.by, entry.at, entry.reason) == ("absence.set", a, NOW, "Trip")
    assert entry.data == {
        "person": a.pk,
        "substitute": b.pk,
        "first_day": "2026-03-03",
        "last_day": "2026-03-05",
    }


def test_end_absence_while_away_brings_the_person_back_today(pair):
    a, b = pair
    made = absence(a, b, 0, 5)
    ended = end_absence(absence_id=made.pk, by=a, at=NOW + 2 * DAY)
    assert (ended.back_on, ended.ended_at) == (TODAY + 2 * DAY, NOW + 2 * DAY)
    assert ended.last_away == TODAY + DAY
    entry = Entry.objects.about(made).first()
    assert (entry.action, entry.data["back_on"]) == ("absence.ended", "2026-03-04")
    absence(a, b, 2, 5)  # the days are free again


def test_end_absence_before_it_begins_makes_it_never_happen(pair):
    a, b = pair
    made = absence(a, b, 3, 5)
    ended = end_absence(absence_id=made.pk, by=a, at=NOW)
    assert ended.back_on == ended.first_day == TODAY + 3 * DAY
    absence(a, b, 3, 5)


def test_end_absence_refuses_what_is_over(pair):
    a, b = pair
    over, ended = absence(a, b, 0, 0), absence(a, b, 1, 5)
    end_absence(absence_id=ended.pk, by=a, at=NOW)
    for made in (over, ended):
        with pytest.raises(AbsenceError, match="over already"):
            end_absence(absence_id=made.pk, by=a, at=NOW + DAY)
    assert Entry.objects.filter(action="absence.ended").count() == 1


def test_state_on_follows_the_days(pair):
    made = absence(*pair, 1, 2)
    states = [made.state_on(TODAY + n * DAY) for n in range(4)]
    S = AbsenceState
    assert states == [S.PLANNED, S.AWAY, S.AWAY, S.OVER]


def test_set_absence_refuses_impossible_days(pair):
    assert refused("before the first", *pair, 3, 2) == "last_day"
    assert refused("today or on a later day", *pair, -1, 2) == "first_day"
    assert refused("within three years", *pair, 0, 5000) == "last_day"


@pytest.mark.parametrize(("first", "last"), [(2, 4), (5, 9), (0, 2), (3, 3)])
def test_set_absence_refuses_days_of_another_absence(pair, first, last):
    absence(*pair, 2, 5)
    refused("from 4 Mar 2026 to 7 Mar 2026 already", *pair, first, last)


def test_set_absence_takes_days_right_beside_another(pair):
    absence(*pair, 2, 5)
    absence(*pair, 6, 7)
    absence(*pair, 0, 1)


def test_database_refuses_overlaps_and_oneself(pair):
    a, b = pair
    kept = absence(a, b, 2, 5)
    values = {"user": a, "made_by": a, "made_at": NOW, "first_day": kept.last_day}
    for wrong in (
        {"substitute": b, "last_day": kept.last_day},
        {"substitute": a, "first_day": TODAY, "last_day": TODAY},
        {"substitute": b, "first_day": TODAY + DAY, "last_day": TODAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(**values | wrong)
    never = {"back_on": TODAY + 20 * DAY, "ended_at": NOW}
    for values in ({"back_on": kept.last_day}, {"ended_at": NOW}, never):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.filter(pk=kept.pk).update(**values)


def test_set_absence_refuses_oneself_and_closed_accounts(pair):
    a, b = pair
    assert refused("stands in for themselves", a, a) == "substitute"
    b.is_active = False
    b.save()
    assert refused("account of Bo is closed", a, b) == "substitute"


def test_set_absence_refuses_a_substitute_who_may_not_decide():
    approver, seller = person("approver_1", full_name="Ann"), person("sales", full_name="Bo")
    assert refused("Bo may not decide about approvals, which Ann does", approver, seller)
    absence(approver, person("approver_2"))
    absence(seller, person())


def test_substitutes_for_offers_who_can_stand_in():
    approver, seller, closed = person("approver_1"), person("sales"), person(is_active=False)
    other, root = person("credit_analyst"), superuser()
    assert {*substitutes_for(approver)} >= {other, root}
    assert {*substitutes_for(approver)}.isdisjoint({approver, seller, closed})
    assert {approver, other} <= {*substitutes_for(seller)}
    assert {seller, closed}.isdisjoint(substitutes_for(seller))


def test_set_absence_refuses_circles_of_any_length(pair):
    a, b = pair
    c = person(full_name="Cai")
    absence(b, c, 2, 9)
    absence(c, a, 4, 5)
    words = "6 Mar 2026 these people .*: Ann → Bo → Cai → Ann"
    assert refused(words, a, b, 0, 9) == "substitute"
    absence(a, b, 0, 3)
    refused("Cai → Ann → Bo → Cai", c, a, 2, 3)


def test_set_absence_takes_what_was_a_circle_once_one_is_back(pair):
    a, b = pair
    kept = absence(b, a, 0, 9)
    refused("circle", a, b, 5, 6)
    end_absence(absence_id=kept.pk, by=b, at=NOW + DAY)
    absence(a, b, 5, 6)
    refused("circle", b, a, 6, 6)


def test_absences_of_others_are_for_those_who_look_after_people(pair):
    a, b = pair
    stranger, administrator = person("sales_manager"), person("administrator")
    with pytest.raises(PermissionDenied):
        absence(a, b, by=stranger)
    made = absence(a, b, by=administrator)
    assert made.made_by == administrator
    with pytest.raises(PermissionDenied):
        end_absence(absence_id=made.pk, by=stranger, at=NOW)
    assert Absence.objects.get().ended_at is None
    end_absence(absence_id=made.pk, by=administrator, at=NOW)


def test_set_absence_happens_with_its_entry_or_not_at_all(pair):
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        absence(*pair)
    assert not Absence.objects.exists()
