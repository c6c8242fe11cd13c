"""Who may answer from which seat: whoever holds its role or is its person, or acts for them.

Nobody answers about an order of their own, nobody takes the place of somebody whose order it is,
and nobody answers twice in a round. Only those with the right to decide can leave their place to a
substitute, who needs the right as well.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from approvals.enums import SeatState
from approvals.matrix.enums import Need
from approvals.models import Answer, ApprovalRequest, Seat
from approvals.subjects import subject_of
from staff.absence.acting import acting_for, standing_in
from staff.models import User
from staff.roles import Role


@dataclass(frozen=True)
class Hat:
    """As whom somebody may answer: themselves, or a colleague who is away, with their roles."""

    user_id: int
    roles: frozenset[str]

    def fits(self, seat: Seat) -> bool:
        return seat.role in self.roles if seat.role else seat.person_id == self.user_id


@dataclass(frozen=True)
class Candidate:
    """Somebody who may answer from a seat, for themselves or instead of a colleague."""

    user_id: int
    instead_of_id: int | None


def in_place_of(user: User, day: date) -> list[int]:
    """As whom `user` may answer on a company day: themselves first, then absent colleagues.

    One query, and two more where colleagues are away.
    """
    absent = [each.user_id for each in standing_in(user.pk, day)]
    return [user.pk, *sorted(_deciders(absent))] if absent else [user.pk]


def hats(user: User, day: date) -> list[Hat]:
    """The same with everybody's roles."""
    people = in_place_of(user, day)
    roles: dict[int, set[str]] = defaultdict(set)
    links = User.groups.through.objects.filter(user_id__in=people)
    for user_id, role in links.values_list("user_id", "group__name"):
        roles[user_id].add(role)
    if user.is_superuser:
        roles[user.pk] |= set(Role.values)
    return [Hat(pk, frozenset(roles[pk])) for pk in people]


def own(request: ApprovalRequest) -> set[int | None]:
    """Whose request it is: nobody of them answers it, nor does anybody in their place."""
    return subject_of(request).own


def seat_for(request: ApprovalRequest, user: User, day: date) -> tuple[Seat, int | None] | None:
    """The seat from which `user` may answer now, and instead of whom; None where there is none.

    A seat of their own comes before one they take for somebody else. Where every seat has to
    answer, one that few others can take comes first, so that the others can still be filled.
    """
    out = own(request)
    may = user.has_perm("approvals.decide") and user.pk not in out
    if not may or request.answers.filter(round=request.round, by=user).exists():
        return None
    asked = list(request.seats.filter(state=SeatState.ASKED, round=request.round))
    worn = [hat for hat in hats(user, day) if hat.user_id not in out]
    found: dict[Seat, int | None] = {}
    for seat in asked:
        fitting = [hat.user_id for hat in worn if hat.fits(seat)]
        if fitting:
            found[seat] = None if fitting[0] == user.pk else fitting[0]
    if not found:
        return None
    others = _others(request, list(found), day)
    best = min(found, key=lambda seat: (others[seat.pk], found[seat] is not None, seat.pk))
    return best, found[best]


def _others(request: ApprovalRequest, seats: Sequence[Seat], day: date) -> Mapping[int, int]:
    """By seat, how many can take it; nothing to tell them apart where one answer is enough."""
    if len(seats) == 1 or request.level["need"] == Need.ANY:
        return dict.fromkeys((seat.pk for seat in seats), 0)
    return {pk: len(people) for pk, people in candidates(request, seats, day).items()}


def candidates(
    request: ApprovalRequest, seats: Iterable[Seat], day: date
) -> dict[int, list[Candidate]]:
    """By seat, everybody who may answer from it on that day; nobody twice, in order of their ids.

    Four queries, however many seats.
    """
    return candidates_of_all([(request, list(seats))], day)


def candidates_of_all(
    asked: Sequence[tuple[ApprovalRequest, Sequence[Seat]]], day: date
) -> dict[int, list[Candidate]]:
    """The same for the seats of many requests, in as many queries; their orders are loaded."""
    members = _members([seat for _request, seats in asked for seat in seats])
    acting = acting_for({pk for people in members.values() for pk in people}, day)
    deciders = _deciders({*acting, *(pk for pk in acting.values() if pk is not None)})
    answered = _answered([request for request, _seats in asked])
    found = {}
    for request, seats in asked:
        out = own(request)
        for seat in seats:
            pairs = [
                (member, acting[member])
                for member in members[seat.pk]
                if member in deciders and member not in out
            ]
            found[seat.pk] = _able(pairs, deciders - out - answered[request.pk])
    return found


def _able(pairs: Iterable[tuple[int, int | None]], free: Collection[int]) -> list[Candidate]:
    """Who of `free` acts for whom; for themselves rather than for a colleague."""
    able: dict[int, Candidate] = {}
    for member, actor in pairs:
        if actor is not None and actor in free and (actor == member or actor not in able):
            able[actor] = Candidate(actor, None if actor == member else member)
    return [able[pk] for pk in sorted(able)]


def _members(seats: Sequence[Seat]) -> dict[int, list[int]]:
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


def _deciders(user_ids: Iterable[int]) -> set[int]:
    """Those of the people who have the right to decide."""
    right = {"codename": "decide", "content_type__app_label": "approvals"}
    by_role = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    by_name = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    people = User.objects.filter(pk__in=list(user_ids), is_active=True)
    holders = people.filter(by_role | by_name | Q(is_superuser=True))
    return set(holders.values_list("pk", flat=True))


def _answered(requests: Sequence[ApprovalRequest]) -> dict[int, set[int]]:
    """By request, who has answered in its round."""
    rounds = {request.pk: request.round for request in requests}
    found: dict[int, set[int]] = defaultdict(set)
    given = Answer.objects.filter(request__in=list(rounds)).order_by()
    for request_id, round_, user_id in given.values_list("request", "round", "by"):
        if rounds[request_id] == round_:
            found[request_id].add(user_id)
    return found
