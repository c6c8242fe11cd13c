"""Requests that wait: their approvers are reminded, then somebody else is asked as well."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from approvals import notices
from approvals.eligible import candidates
from approvals.enums import ApprovalAction, SeatState
from approvals.lifecycle.parts import tell
from approvals.lifecycle.routing import escalate, lay, unfilled
from approvals.models import ApprovalRequest, Seat
from credit.days import company_day
from staff.hours.loading import load as load_hours


@dataclass
class Chased:
    """How many seats were reminded and how many escalated."""

    reminded: int = 0
    escalated: int = 0


def chase(*, at: datetime) -> Chased:
    """Remind and escalate what is due at `at`. Safe to run at any time, twice, or by two at once.

    A seat that nobody can fill any more, because its people left or are away without a
    substitute, is escalated at once.
    """
    done = Chased()
    asked = Q(seats__state=SeatState.ASKED, seats__escalated_at__isnull=True)
    nobody = Q(matrix_version__isnull=True)
    waiting = ApprovalRequest.objects.open().filter(asked | nobody).order_by("pk")
    for request_id in waiting.values_list("pk", flat=True).distinct():
        _chase(request_id, at, done)
    return done


@transaction.atomic
def _chase(request_id: int, at: datetime, done: Chased) -> None:
    found = ApprovalRequest.objects.open().filter(pk=request_id)
    # Somebody who decides right now holds it; what is still due then is found the next time.
    request = found.select_for_update(of=("self",), skip_locked=True).first()
    if request is None:
        return
    if request.matrix_version_id is None:
        lay(request, at)
        return
    seats = list(
        Seat.objects.filter(request=request, state=SeatState.ASKED, escalated_at__isnull=True)
    )
    able = candidates(request, seats, company_day(at))
    hours = load_hours()
    late = [seat for seat in seats if seat.due_at <= at]  # type: ignore[operator]
    if late := late or unfilled(request, able, seats):
        escalate(request, late, hours, at)
        done.escalated += len(late)
    for seat in seats:
        soon = seat.remind_at <= at and seat.reminded_at is None  # type: ignore[operator]
        if soon and seat not in late:
            seat.reminded_at = at
            seat.save(update_fields=["reminded_at"])
            tell(request, ApprovalAction.REMINDED, by=None, at=at, seat=seat.pk)
            notices.reminded(request, seat, able[seat.pk], at)
            done.reminded += 1
