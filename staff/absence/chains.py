"""Whether substitutes would stand in for each other in a circle. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Leg:
    """Somebody is away from the first to the last day, both included; who stands in, if anybody."""

    user: int
    substitute: int | None
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the person is away on that day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Circle:
    """The first day on which everybody of `people` is away and stands in for another of them."""

    day: date
    people: tuple[int, ...]


def circle(new: Leg, others: Iterable[Leg]) -> Circle | None:
    """The circle that `new` would close together with the absences known already, if any.

    Who stands in for whom changes only where an absence begins or ends, and a circle is there from
    the day on which the last of its absences begins: those are the only days to look at.
    """
    known = [leg for leg in others if leg.first <= new.last and leg.last >= new.first]
    for day in sorted({new.first, *(leg.first for leg in known if leg.first > new.first)}):
        away = {leg.user: leg.substitute for leg in known if leg.covers(day)}
        people = [new.user]
        person = new.substitute
        while person is not None and person not in people:
            people.append(person)
            person = away.get(person)
        if person == new.user:
            return Circle(day, tuple(people))
    return None
