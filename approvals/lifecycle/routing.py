"""The route of a request: its levels, asked one after the other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from approvals import notices
from approvals.eligible import candidates
from approvals.enums import ApprovalAction, SeatState
from approvals.lifecycle.levels import Level, level_of, needs_one, seats_of
from approvals.lifecycle.parts import spare, tell
from approvals.matrix.routing import Row
from approvals.matrix.routing import Seat as MatrixSeat
from approvals.models import ApprovalRequest, Seat
from approvals.subjects import subject_of
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
    routed = subject_of(request).route(at)
    row = routed.row
    request.matrix_version = routed.version if row else None
    request.stage, request.route = 1, _kept(row) if row else {}
    request.save(update_fields=["matrix_version", "route", "stage", "round"])
    if row is None:
        _stuck(request, at)
        return
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
    waiting = request.seats.filter(round=request.round, stage=request.stage)
    seats = list(waiting.filter(state=SeatState.WAITING))
    for seat in seats:
        _ask(seat, hours, request.level["hours"], at)
    Seat.objects.bulk_update(seats, ["state", "asked_at", "remind_at", "due_at"])
    level = level_of(request, at)
    for seat in seats:
        notices.asked(request, seat, level.able[seat.pk], at)
    attend(request, level, level.unfilled, at)


def attend(request: ApprovalRequest, level: Level, late: Sequence[Seat], at: datetime) -> None:
    """Escalate the seats that are late or cannot be filled, and keep note of a request that is
    stuck: its level waits for an answer that nobody can give.
    """
    if late:
        escalate(request, late, at)
        level = level_of(request, at)
    if level.hopeless:
        _stuck(request, at)
    elif request.stuck_since:
        request.stuck_since = None
        request.save(update_fields=["stuck_since"])
        tell(request, ApprovalAction.FREED, by=None, at=at)


def escalate(request: ApprovalRequest, late: Sequence[Seat], at: datetime) -> None:
    """Ask somebody else beside seats that are late or that nobody can fill.

    Whoever the matrix names for the level, else approvers of the second level.
    """
    request.seats.filter(pk__in=[seat.pk for seat in late]).update(escalated_at=at)
    hours = load_hours()
    added = [
        _deputy(request, seat, hours, at) for seat in (late[:1] if needs_one(request) else late)
    ]
    Seat.objects.bulk_create(added)
    able = candidates(request, added, company_day(at))
    for seat in added:
        tell(request, ApprovalAction.ESCALATED, by=None, at=at, seat=seat.pk)
        notices.escalated(request, seat, able[seat.pk], at)


def has_next(request: ApprovalRequest) -> bool:
    """Whether more answers are needed than were given, of this level or of another."""
    last = request.stage == len(request.route["stages"])
    return not last or not Level(needs_one(request), seats_of(request), {}).complete


def advance(request: ApprovalRequest, at: datetime) -> None:
    """Go on to the next level where the one that is asked has given its answer."""
    level = level_of(request, at)
    if not level.complete:
        # Whoever answered can take no other seat of the level: nobody may be left for one.
        attend(request, level, level.unfilled, at)
        return
    spare(request, at, round=request.round, stage=request.stage)
    request.stage += 1
    request.save(update_fields=["stage"])
    call(request, at)


def _deputy(request: ApprovalRequest, late: Seat, hours: BusinessHours, at: datetime) -> Seat:
    """A seat that stands in for a late one; nobody is asked beyond it."""
    named = request.level["escalate"] or {"role": LAST_RESORT.value}
    seat = Seat(
        request=request,
        round=late.round,
        stage=late.stage,
        role=named.get("role", ""),
        person_id=named.get("person"),
        stands_in_for=late,
        escalated_at=at,
    )
    _ask(seat, hours, request.level["hours"], at)
    return seat


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


def _stuck(request: ApprovalRequest, at: datetime) -> None:
    if request.stuck_since is None:
        request.stuck_since = at
        request.save(update_fields=["stuck_since"])
        tell(request, ApprovalAction.STUCK, by=None, at=at)
        notices.stuck(request, at)
