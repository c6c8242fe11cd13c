"""Who may answer from which seat: whoever holds its role or is its person, or acts for them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from approvals.enums import SeatState
from approvals.models import Answer, ApprovalRequest, Seat
from staff.absence.acting import acting_for, standing_in
from staff.models import User
from staff.roles import Role


@dataclass(frozen=True)
class Hats:
    """In whose place somebody may answer: by role and by person; None where it is their own."""

    roles: Mapping[str, int | None]
    people: Mapping[int, int | None]


@dataclass(frozen=True)
class Candidate:
    """Somebody who may answer from a seat, for themselves or instead of a colleague."""

    user_id: int
    instead_of_id: int | None


def hats(user: User, day: date) -> Hats:
    """What `user` may answer as on a company day: their own roles, and those of absent colleagues.

    Three queries at most.
    """
    absent = [each.user_id for each in standing_in(user.pk, day)]
    roles: dict[str, int | None] = {}
    links = User.groups.through.objects.filter(user_id__in=absent)
    for user_id, role in links.values_list("user_id", "group__name").order_by("user_id"):
        roles.setdefault(role, user_id)
    own = Role.values if user.is_superuser else user.groups.values_list("name", flat=True)
    roles |= dict.fromkeys(own)
    return Hats(roles, dict.fromkeys([user.pk]) | {pk: pk for pk in absent})


def seat_for(request: ApprovalRequest, user: User, day: date) -> tuple[Seat, int | None] | None:
    """The seat from which `user` may answer now, and instead of whom; None where there is none.

    A seat of their own comes before one they take for somebody else.
    """
    own = (request.requested_by_id, request.order_owner_id)
    may = user.has_perm("approvals.decide") and user.pk not in own
    if not may or _answered(request, user.pk):
        return None
    worn = hats(user, day)
    found = []
    for seat in request.seats.filter(state=SeatState.ASKED, round=request.round):
        places: Mapping[Any, int | None] = worn.roles if seat.role else worn.people
        key = seat.role or seat.person_id
        if key in places and places[key] not in own:
            found.append((seat, places[key]))
    found.sort(key=lambda pair: (pair[1] is not None, pair[0].pk))
    return found[0] if found else None


def candidates(
    request: ApprovalRequest, seats: Iterable[Seat], day: date
) -> dict[int, list[Candidate]]:
    """By seat, everybody who may answer from it on that day; nobody twice, in order of their ids.

    Nobody answers about an order of their own, and nobody answers twice in a round.
    """
    seats = list(seats)
    members = _members(seats)
    acting = acting_for({pk for people in members.values() for pk in people}, day)
    deciders = set(_deciders(pk for pk in acting.values() if pk is not None))
    out = {request.requested_by_id, request.order_owner_id}
    out |= set(
        Answer.objects.filter(request=request, round=request.round).values_list("by", flat=True)
    )
    found: dict[int, list[Candidate]] = {}
    for seat in seats:
        able: dict[int, Candidate] = {}
        for member in members[seat.pk]:
            actor = acting.get(member)
            if actor is None or actor not in deciders or {actor, member} & out:
                continue
            one = Candidate(actor, None if actor == member else member)
            if one.instead_of_id is None or actor not in able:
                able[actor] = one
        found[seat.pk] = [able[pk] for pk in sorted(able)]
    return found


def _members(seats: list[Seat]) -> dict[int, list[int]]:
    """By seat, the people of its role or its one person, whether they are there or not."""
    links = User.groups.through.objects.filter(
        group__name__in={seat.role for seat in seats if seat.role}, user__is_active=True
    )
    of_role: dict[str, list[int]] = defaultdict(list)
    for role, user_id in links.values_list("group__name", "user_id").order_by("user_id"):
        of_role[role].append(user_id)
    return {
        seat.pk: of_role[seat.role] if seat.role else [seat.person_id]  # type: ignore[list-item]
        for seat in seats
    }


def _deciders(user_ids: Iterable[int]) -> Iterable[int]:
    people = User.objects.filter(pk__in=list(user_ids), is_active=True)
    holders = people.filter(groups__permissions__codename="decide") | people.filter(
        user_permissions__codename="decide"
    )
    return (holders | people.filter(is_superuser=True)).values_list("pk", flat=True).distinct()


def _answered(request: ApprovalRequest, user_id: int) -> bool:
    return request.answers.filter(round=request.round, by=user_id).exists()
