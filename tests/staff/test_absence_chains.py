from datetime import date, timedelta
from random import Random

import pytest

from staff.absence.chains import Leg, circle

A, B, C, D = range(1, 5)


def day(number):
    return date(2026, 3, 1) + timedelta(days=number)


def leg(user, substitute, first=1, last=10):
    return Leg(user, substitute, day(first), day(last))


@pytest.mark.parametrize(
    ("new", "known", "people"),
    [
        (leg(A, B), [], None),
        (leg(A, B), [leg(B, C)], None),
        (leg(A, B), [leg(B, A)], (A, B)),
        (leg(A, B), [leg(B, C), leg(C, A)], (A, B, C)),
        (leg(A, B), [leg(B, None)], None),
        (leg(A, None), [leg(B, A)], None),
        (leg(A, B), [leg(B, C), leg(C, B)], None),  # a circle of others is not this one's
        (leg(A, B, 1, 4), [leg(B, A, 5, 9)], None),  # one returns before the other leaves
        (leg(A, B, 1, 5), [leg(B, A, 5, 9)], (A, B)),  # both days count
        (leg(A, B), [leg(B, C, 1, 5), leg(C, A, 6, 10)], None),
    ],
)
def test_circle_is_found_on_a_day_on_which_all_are_away(new, known, people):
    found = circle(new, known)
    assert (found and found.people) == people


def test_circle_names_its_first_day():
    found = circle(leg(A, B, 1, 20), [leg(B, C, 3, 15), leg(C, A, 8, 12), leg(D, A, 2, 3)])
    assert (found.day, found.people) == (day(8), (A, B, C))


def test_circle_agrees_with_looking_at_every_day():
    dice = Random(4)
    for _ in range(500):
        legs = [
            leg(user, dice.choice([None, A, B, C, D]), first, first + dice.randint(0, 6))
            for user in (A, B, C, D)
            for first in (dice.randint(0, 5), dice.randint(13, 18))
        ]
        new, *known = (each for each in legs if each.user != each.substitute)
        expected = [number for number in range(30) if _returns(new, known, day(number))]
        found = circle(new, known)
        assert (found and found.day) == (day(expected[0]) if expected else None)


def _returns(new, known, when):
    if not new.covers(when):
        return False
    away = {each.user: each.substitute for each in known if each.covers(when)}
    away[new.user], person = new.substitute, new.user
    for _ in range(10):
        person = away.get(person)
        if person == new.user:
            return True
    return False
