"""The parts that the verbs share: locking, guarding, telling the journal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django_fsm import can_proceed

from approvals import notices
from approvals.eligible import seat_for
from approvals.enums import ApprovalAction, RequestState, SeatState
from approvals.errors import RequestError
from approvals.models import ApprovalRequest, Seat
from approvals.subjects import subject_of
from credit.days import company_day
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


def lock(request_id: int) -> ApprovalRequest:
    """Account, order and request, locked in the order in which everybody locks."""
    subject_of(ApprovalRequest.objects.with_subject().get(pk=request_id)).lock()
    return ApprovalRequest.objects.locked().with_subject().get(pk=request_id)


def seat_of(request: ApprovalRequest, by: User, at: datetime) -> tuple[Seat, int | None]:
    """The seat from which `by` answers, and instead of whom.

    Raises RequestError for a request that is answered, PermissionDenied for who has no seat.
    """
    if subject_of(request).can_decide(by):
        guard_open(request)
        if seat := seat_for(request, by, company_day(at)):
            return seat
    raise PermissionDenied(_("You may not decide this request."))


def guard_open(request: ApprovalRequest) -> None:
    """Raises RequestError when the request is answered already."""
    if request.state != RequestState.OPEN:
        raise RequestError(
            _("This request is %(state)s already.") % {"state": RequestState(request.state).label}
        )


def guard_text(text: str) -> str:
    """The text without the space around it. Raises RequestError where nothing is said."""
    if not text.strip():
        raise RequestError(_("Write a comment: it is kept with the decision."))
    return text.strip()


def close(
    request: ApprovalRequest,
    step: Callable[[], None],
    action: ApprovalAction,
    *,
    by: User | None,
    comment: str,
    at: datetime,
) -> ApprovalRequest:
    """End an open request; nobody is asked any more. Raises RequestError for an ended one."""
    if not can_proceed(step):
        guard_open(request)
    was = request.state
    request.decided_at, request.decided_by, request.comment = at, by, comment
    request.stuck_since = None
    step()
    request.save(
        update_fields=[
            "state", "decided_at", "decided_by", "comment", "valid_until", "stuck_since"
        ]
    )  # fmt: skip
    spare(request, at)
    tell(request, action, by=by, at=at, was=was, reason=comment)
    return request


def spare(request: ApprovalRequest, at: datetime, **which: Any) -> None:
    """Ask no more from the seats that wait for an answer."""
    waiting = request.seats.filter(state__in=[SeatState.WAITING, SeatState.ASKED], **which)
    notices.answered(list(waiting), at)
    waiting.update(state=SeatState.SPARED)


def tell(
    request: ApprovalRequest,
    action: ApprovalAction,
    *,
    by: User | None,
    at: datetime,
    was: str | None = None,
    reason: str = "",
    **data: Any,
) -> None:
    """Write into the journal of the order what happened to its request.

    `was` is the state before a step, empty before the first; None where nothing about it changed.
    """
    record(
        action=action,
        subject=request,
        order_id=request.order_id,
        by=by,
        at=at,
        from_state=was or "",
        to_state="" if was is None else request.state,
        reason=reason,
        data=data,
    )
