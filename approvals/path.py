"""The route of a request as its page shows it: level by level, who is asked, who said what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from approvals.clocks import Clock, clock, why
from approvals.eligible import Candidate, candidates
from approvals.enums import RequestState, SeatState
from approvals.matrix.enums import Need
from approvals.matrix.wording import people_words
from approvals.models import Answer, ApprovalRequest, Seat
from approvals.subjects import subject_of
from credit.days import company_day
from orders.conditions import recorded_demand
from staff import roles
from staff.hours.calendar import BusinessHours, Stretch
from staff.hours.loading import load as load_hours
from staff.models import User

DONE, NOW, LATER, SPARED = "done", "now", "later", "spared"


@dataclass(frozen=True)
class Said:
    """An answer with its conditions in words."""

    answer: Answer
    conditions: list[str]


@dataclass(frozen=True)
class Place:
    """A seat: whom it belongs to, who can answer from it today, by when and why then."""

    seat: Seat
    label: str
    people: str
    said: Said | None
    clock: Clock | None
    why: list[Stretch]


@dataclass(frozen=True)
class Step:
    """One level of the route; with several seats, `need` says whether one answer is enough."""

    number: int
    state: str
    need: str
    hours: int
    places: list[Place]


@dataclass(frozen=True)
class Path:
    """All levels of the round that counts, and what was answered in rounds before it."""

    steps: list[Step]
    before: list[Said] = field(default_factory=list)


def path_of(request: ApprovalRequest, at: datetime) -> Path:
    """The route of a request at `at`, in a fixed number of queries."""
    said = [_said(each, request) for each in _answers(request)]
    seats = list(request.seats.filter(round=request.round).select_related("person"))
    asked = [seat for seat in seats if seat.state in (SeatState.ASKED, SeatState.WAITING)]
    able = candidates(request, asked, company_day(at)) if asked else {}
    names = _names(able)
    hours = load_hours() if asked else None
    given = {each.answer.seat_id: each for each in said}
    steps = []
    for number, stage in enumerate(request.route.get("stages", []), start=1):
        mine = [seat for seat in seats if seat.stage == number]
        places = [
            _place(seat, stage, given.get(seat.pk), able.get(seat.pk), names, hours, at)
            for seat in mine
        ]
        need = stage["need"] if len(stage["seats"]) > 1 else ""
        steps.append(Step(number, _state(request, number), need, stage["hours"], places))
    return Path(steps, [each for each in said if each.answer.round < request.round])


def seat_label(seat: Seat) -> str:
    """Whom a seat belongs to: a role, or a person by name."""
    return roles.label(seat.role) if seat.role else str(seat.person)


def effect(request: ApprovalRequest, seats: Iterable[Seat], answering: Seat | None = None) -> str:
    """What approving would do, as a sentence. `seats` are those asked now.

    Without `answering`, any one of them is taken.
    """
    left = _left(request, seats, answering)
    if left:
        text = _("Approving counts as one answer; %(others)s must approve as well.")
        return text % {"others": together(seat_label(seat) for seat in left)}
    stages = request.route.get("stages", [])
    if request.stage < len(stages):
        text = _("Approving asks level %(level)s next: %(who)s.")
        return text % {"level": request.stage + 1, "who": _who(stages[request.stage])}
    return subject_of(request).effect


def _left(
    request: ApprovalRequest, seats: Iterable[Seat], answering: Seat | None
) -> Sequence[Seat]:
    """The seats without whose answer the level would not be done after this one."""
    stages = request.route.get("stages", [])
    if not stages or stages[request.stage - 1]["need"] == Need.ANY:
        return []
    asked = [seat for seat in seats if seat.stands_in_for_id is None]
    done = answering or next(iter(asked), None)
    if done is None:
        return []
    filled = {done.pk, done.stands_in_for_id}
    return [seat for seat in asked if seat.pk not in filled]


def together(parts: Iterable[str]) -> str:
    """Things that all count, side by side."""
    text = ""
    for part in parts:
        words = {"first": text, "second": part}
        text = pgettext("list", "%(first)s and %(second)s") % words if text else part
    return text


def _who(stage: Mapping[str, Any]) -> str:
    people = {each["person"] for each in stage["seats"] if each.get("person")}
    names = {user.pk: user.display_name for user in User.objects.filter(pk__in=people)}
    return together(
        roles.label(each["role"]) if each.get("role") else names.get(each["person"], "")
        for each in stage["seats"]
    )


def _answers(request: ApprovalRequest) -> Iterable[Answer]:
    return request.answers.select_related("by", "instead_of", "seat__person").order_by("pk")


def _said(answer: Answer, request: ApprovalRequest) -> Said:
    currency = {"currency": request.currency or (request.order and request.order.currency)}
    return Said(answer, [recorded_demand(row | currency) for row in answer.conditions])


def _place(
    seat: Seat,
    stage: Mapping[str, Any],
    said: Said | None,
    able: list[Candidate] | None,
    names: Mapping[int, str],
    hours: BusinessHours | None,
    at: datetime,
) -> Place:
    asked = seat.state == SeatState.ASKED
    return Place(
        seat=seat,
        label=seat_label(seat),
        people="" if able is None else people_words([_named(each, names) for each in able]),
        said=said,
        clock=clock(seat.due_at, seat.remind_at, at) if asked else None,
        why=why(seat, stage["hours"], hours) if asked and hours else [],
    )


def _named(one: Candidate, names: Mapping[int, str]) -> str:
    if one.instead_of_id is None:
        return names[one.user_id]
    words = {"person": names[one.user_id], "absent": names[one.instead_of_id]}
    return _("%(person)s instead of %(absent)s") % words


def _names(able: Mapping[int, list[Candidate]]) -> dict[int, str]:
    every = [each for found in able.values() for each in found]
    absent = {each.instead_of_id for each in every if each.instead_of_id is not None}
    people = User.objects.filter(pk__in=absent | {each.user_id for each in every})
    return {user.pk: user.display_name for user in people}


def _state(request: ApprovalRequest, number: int) -> str:
    if number < request.stage:
        return DONE
    if request.state == RequestState.OPEN:
        return NOW if number == request.stage else LATER
    reached = number == request.stage and request.answers.filter(round=request.round).exists()
    return DONE if reached else SPARED
