from datetime import timedelta

import pytest

from staff.absence.acting import acting_for, standing_in
from staff.absence.lifecycle import end_absence
from staff.absence.models import Absence
from staff.days import company_day
from tests.factories.moments import DAY, NOW
from tests.factories.staff import absence, person

pytestmark = pytest.mark.django_db
TODAY = company_day(NOW)


@pytest.fixture
def people():
    return [person(full_name=name) for name in ("Ann", "Bo", "Cai", "Dora")]


def acting(user, day=TODAY):
    return acting_for([user.pk], day)[user.pk]


def stands_in(user, day=TODAY):
    return [(one.name, (one.until - TODAY).days) for one in standing_in(user.pk, day)]


def test_acting_for_is_oneself_while_there(people):
    assert acting_for([p.pk for p in people], TODAY) == {p.pk: p.pk for p in people}
    assert acting_for([], TODAY) == {}
    assert acting_for([0], TODAY) == {0: None}


def test_acting_for_follows_the_chain_in_one_query(people, django_assert_num_queries):
    a, b, c, d = people
    absence(a, b, 0, 9)
    absence(b, c, 0, 3)
    absence(c, d, 0, 1)
    with django_assert_num_queries(1):
        assert acting_for([a.pk, b.pk, d.pk], TODAY) == {a.pk: d.pk, b.pk: d.pk, d.pk: d.pk}
    assert [acting(a, TODAY + n * DAY) for n in (1, 2, 3, 4)] == [d.pk, c.pk, c.pk, b.pk]


def test_acting_for_counts_first_and_last_day(people):
    a, b, *_ = people
    absence(a, b, 2, 4)
    seen = [acting(a, TODAY + n * DAY) == b.pk for n in range(6)]
    assert seen == [False, False, True, True, True, False]


def test_days_are_those_of_the_company(people):
    a, b, *_ = people
    late = NOW.replace(hour=17)  # one in the morning of the next day in Shanghai
    assert company_day(late) == TODAY + DAY
    made = absence(a, b, 0, 0, at=late)
    assert (made.first_day, acting(a, TODAY), acting(a, TODAY + DAY)) == (TODAY + DAY, a.pk, b.pk)


def test_acting_for_is_nobody_at_the_end_of_the_chain(people):
    a, b, c, _ = people
    absence(a, b)
    absence(b, None)
    assert (acting(a), acting(b), acting(c)) == (None, None, c.pk)


def test_acting_for_takes_closed_accounts_for_absent_without_substitute(people):
    a, b, c, _ = people
    absence(a, b)
    absence(b, c)
    b.is_active = False
    b.save()
    assert (acting(a), acting(b)) == (None, None)
    a.is_active = False
    a.save()
    assert acting(a) is None


def test_acting_for_ends_even_in_a_circle(people):
    a, b, *_ = people
    absence(a, b)
    days = {"first_day": TODAY, "last_day": TODAY}
    Absence.objects.create(user=b, substitute=a, made_by=b, made_at=NOW, **days)
    assert acting_for([a.pk, b.pk], TODAY) == {a.pk: None, b.pk: None}
    assert standing_in(a.pk, TODAY) == []


def test_acting_for_forgets_absences_that_ended(people):
    a, b, *_ = people
    made = absence(a, b, 0, 5)
    end_absence(absence_id=made.pk, by=a, at=NOW + 2 * DAY)
    assert [acting(a, TODAY + n * DAY) for n in (1, 2, 3)] == [b.pk, a.pk, a.pk]


def test_standing_in_names_everybody_behind_and_until_when(people, django_assert_num_queries):
    a, b, c, d = people
    absence(a, b, 0, 9)
    absence(b, c, 0, 3)
    absence(d, c, 0, 1)
    with django_assert_num_queries(1):
        assert stands_in(c) == [("Dora", 1), ("Ann", 3), ("Bo", 3)]
    assert stands_in(b) == []  # away as well
    assert stands_in(b, TODAY + timedelta(days=4)) == [("Ann", 9)]


def test_standing_in_is_the_other_direction_of_acting_for(people):
    a, b, c, d = people
    absence(a, b, 0, 6)
    absence(b, c, 2, 8)
    absence(d, a, 1, 4)
    for number in range(10):
        day = TODAY + number * DAY
        forward = {
            (pk, who) for pk, who in acting_for([p.pk for p in people], day).items() if pk != who
        }
        backward = {(one.user_id, p.pk) for p in people for one in standing_in(p.pk, day)}
        assert forward == backward
