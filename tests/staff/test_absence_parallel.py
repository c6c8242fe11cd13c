"""Two people who enter absences at the same instant, each on a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from staff.absence import lifecycle
from staff.absence.errors import AbsenceError
from staff.absence.models import Absence
from tests.factories.moments import NOW
from tests.factories.staff import absence, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*calls):
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        except AbsenceError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [*pool.map(run, calls)]


@pytest.mark.parametrize("round_", range(5))
def test_set_absence_at_the_same_instant_closes_no_circle(round_):
    people = [person(full_name=name) for name in ("Ann", "Bo", "Cai")]
    pairs = zip(people, people[1:] + people[:1], strict=True)
    results = at_once(*(lambda a=a, b=b: absence(a, b) for a, b in pairs))
    refusals = [result for result in results if isinstance(result, AbsenceError)]
    assert len(refusals) == 1
    assert "circle" in str(refusals[0])
    assert Absence.objects.count() == 2


def test_set_absence_without_turns_would_close_a_circle(monkeypatch):
    # Proves that the proof above proves something.
    met = Barrier(2, timeout=10)
    check = lifecycle.check_absence

    def meet(**values):
        check(**values)
        met.wait()

    monkeypatch.setattr(lifecycle, "take_turn", lambda: None)
    monkeypatch.setattr(lifecycle, "check_absence", meet)
    a, b = person(), person()
    at_once(lambda: absence(a, b), lambda: absence(b, a))
    assert {(row.user, row.substitute) for row in Absence.objects.all()} == {(a, b), (b, a)}


def test_set_absence_twice_at_once_is_kept_once():
    a, b = person(), person()
    results = at_once(*[lambda: absence(a, b, at=NOW)] * 4)
    assert sum(isinstance(result, Absence) for result in results) == 1
    assert sum("already" in str(result) for result in results) == 3
