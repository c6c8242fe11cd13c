"""The route of a request: its levels, asked one after the other."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from approvals import notices
from approvals.eligible import Candidate, candidates
from approvals.enums import ApprovalAction, SeatState
from approvals.lifecycle.parts import spare, tell
from approvals.matrix.enums import Need
from approvals.matrix.governing import route_order
from approvals.matrix.routing import Row
from approvals.matrix.routing import Seat as MatrixSeat
from approvals.models import ApprovalRequest, Seat
from credit.days import company_day
from staff.hours.calendar import BusinessHours
from staff.hours.loading import load as load_hours
from staff.roles import Role

# The reminder comes when three quarters of the time are over.
REMIND_AFTER = 0.75
# Who is asked when nobody of a level can decide and the matrix names nobody else.
LAST_RESORT = Role.APPROVER_2


def lay(request: ApprovalRequest, at: datetime) -> None:
    """Choose the route by the matrix in force, make its seats, and ask the first level.

    Where the matrix names nobody the request is stuck until it does.
    """
    routed = route_order(request.order, request.decision, at)
    row = routed.row
    if row is None:
        _stuck(request, at)
        return
    request.matrix_version, request.stage = routed.version, 1
    request.route = _kept(row)
    request.save(update_fields=["matrix_version", "route", "stage", "round"])
    Seat.objects.bulk_create(
        Seat(
            request=request,
            round=request.round,
            stage=number,
            role=seat.role or "",
            person_id=seat.person_id,
        )
        for number, stage in enumerate(row.stages, start=1)
        for seat in stage.seats
    )
    call(request, at)


def call(request: ApprovalRequest, at: datetime) -> None:
    """Ask the seats of the level that the request has reached; escalate what nobody can fill."""
    hours = load_hours()
    seats = list(
        request.seats.filter(
            round=request.round, stage=request.stage, state=SeatState.WAITING
        )
    )  # fmt: skip
    for seat in seats:
        _ask(seat, hours, _stage(request)["hours"], at)
    Seat.objects.bulk_update(seats, ["state", "asked_at", "remind_at", "due_at"])
    able = candidates(request, seats, company_day(at))
    for seat in seats:
        if able[seat.pk]:
            notices.asked(request, seat, able[seat.pk], at)
    if empty := unfilled(request, able, seats):
        escalate(request, empty, hours, at)


def unfilled(
    request: ApprovalRequest, able: Mapping[int, Sequence[Candidate]], seats: Sequence[Seat]
) -> list[Seat]:
    """The seats that keep the level from its answer because nobody could give it from them.

    Where one answer is enough, one seat with somebody is enough.
    """
    empty = [seat for seat in seats if not able[seat.pk]]
    return [] if needs_one(request) and len(empty) < len(seats) else empty


def needs_one(request: ApprovalRequest) -> bool:
    """Whether one answer from the level that is asked is enough."""
    return bool(_stage(request)["need"] == Need.ANY)


def escalate(
    request: ApprovalRequest, seats: Sequence[Seat], hours: BusinessHours, at: datetime
) -> None:
    """Ask somebody else beside seats that are late or that nobody can fill.

    Whoever the matrix names for the level, else approvers of the second level. Where these cannot
    decide either, the request is stuck, which administrators are told.
    """
    request.seats.filter(pk__in=[seat.pk for seat in seats]).update(escalated_at=at)
    late = seats[:1] if needs_one(request) else seats
    added = [_deputy(request, seat, hours, at) for seat in late]
    Seat.objects.bulk_create(added)
    able = candidates(request, added, company_day(at))
    for seat in added:
        tell(request, ApprovalAction.ESCALATED, by=None, at=at, seat=seat.pk)
        if able[seat.pk]:
            notices.escalated(request, seat, able[seat.pk], at)
    if not all(able.values()) and not _anybody(request, at):
        _stuck(request, at)


def _deputy(request: ApprovalRequest, late: Seat, hours: BusinessHours, at: datetime) -> Seat:
    """A seat that stands in for a late one; nobody is asked beyond it."""
    named = _stage(request)["escalate"] or {"role": LAST_RESORT.value}
    seat = Seat(
        request=request,
        round=late.round,
        stage=late.stage,
        role=named.get("role", ""),
        person_id=named.get("person"),
        stands_in_for=late,
        escalated_at=at,
    )
    _ask(seat, hours, _stage(request)["hours"], at)
    return seat


def advance(request: ApprovalRequest, at: datetime) -> bool:
    """Go on to the next level where the one that is asked has answered; False after the last."""
    seats = list(request.seats.filter(round=request.round, stage=request.stage))
    given = {seat.pk for seat in seats if seat.state == SeatState.ANSWERED}
    given |= {s.stands_in_for_id for s in seats if s.pk in given and s.stands_in_for_id}
    asked = [seat.pk for seat in seats if seat.stands_in_for_id is None]
    enough = any if needs_one(request) else all
    if not enough(pk in given for pk in asked):
        return True
    spare(request, round=request.round, stage=request.stage)
    if request.stage == len(request.route["stages"]):
        return False
    request.stage += 1
    request.save(update_fields=["stage"])
    call(request, at)
    return True


def _kept(row: Row) -> dict[str, Any]:
    return {
        "row": row.code,
        "names": dict(row.names),
        "stages": [
            {
                "need": stage.need,
                "hours": stage.hours,
                "seats": [_seat(each) for each in stage.seats],
                "escalate": _seat(stage.escalate) if stage.escalate else None,
            }
            for stage in row.stages
        ],
    }


def _seat(seat: MatrixSeat) -> dict[str, Any]:
    return {"role": seat.role} if seat.role else {"person": seat.person_id}


def _ask(seat: Seat, hours: BusinessHours, within: int, at: datetime) -> None:
    minutes = within * 60
    seat.state, seat.asked_at = SeatState.ASKED, at
    seat.remind_at = hours.add(at, int(minutes * REMIND_AFTER))
    seat.due_at = hours.add(at, minutes)


def _stage(request: ApprovalRequest) -> dict[str, Any]:
    stage: dict[str, Any] = request.route["stages"][request.stage - 1]
    return stage


def _anybody(request: ApprovalRequest, at: datetime) -> bool:
    """Whether somebody can answer from any seat that is asked now."""
    asked = request.seats.filter(round=request.round, state=SeatState.ASKED)
    return any(candidates(request, asked, company_day(at)).values())


def _stuck(request: ApprovalRequest, at: datetime) -> None:
    if request.stuck_since is None:
        request.stuck_since = at
        request.save(update_fields=["stuck_since"])
        tell(request, ApprovalAction.STUCK, by=None, at=at)
        notices.stuck(request, at)
