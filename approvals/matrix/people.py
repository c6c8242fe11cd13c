"""Who can fill the seats of a matrix."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from approvals.matrix.routing import Seat
from staff.models import User

DECIDE = "approvals.decide"


@dataclass(frozen=True, slots=True)
class Deciders:
    """The active people who may decide, by number, and those of them who hold each role."""

    names: Mapping[int, str]
    roles: Mapping[str, tuple[int, ...]]

    def of(self, seat: Seat) -> tuple[int, ...]:
        """The people who can fill the seat; nobody where the tuple is empty."""
        if seat.role is not None:
            return self.roles.get(seat.role, ())
        person = seat.person_id or 0
        return (person,) if person in self.names else ()

    def named(self, seat: Seat) -> list[str]:
        """The same people by name."""
        return [self.names[person] for person in self.of(seat)]


def deciders() -> Deciders:
    """Everybody who may decide as of now, in two queries. Superusers count only by their role."""
    people = User.objects.with_perm(
        DECIDE, include_superusers=False, backend="django.contrib.auth.backends.ModelBackend"
    )
    names = {person.pk: person.display_name for person in people.order_by("full_name", "username")}
    held = User.groups.through.objects.filter(user_id__in=names)
    return Deciders(names, _by_role(held.values_list("group__name", "user_id"), list(names)))


def _by_role(held: Iterable[tuple[str, int]], order: list[int]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for role, person in held:
        found.setdefault(role, []).append(person)
    return {role: tuple(sorted(people, key=order.index)) for role, people in found.items()}
