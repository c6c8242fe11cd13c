"""What approvers answer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from approvals import notices
from approvals.conditions import as_json, of_json, together
from approvals.enums import AnswerKind, ApprovalAction, SeatState
from approvals.lifecycle.parts import close, guard_open, guard_text, lock, seat_of, spare, tell
from approvals.lifecycle.routing import advance, has_next, lay
from approvals.models import Answer, ApprovalRequest, Seat
from approvals.subjects import subject_of
from orders.conditions import ConditionInput
from orders.errors import ReasonsChanged
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def approve(
    *,
    request_id: int,
    by: User,
    comment: str,
    at: datetime,
    seen_decision_id: int,
    conditions: Sequence[ConditionInput] = (),
) -> ApprovalRequest:
    """Approve from one's seat; the last level releases the order, under all conditions given.

    Of a change of a limit, it grants that. `seen_decision_id` is the decision whose reasons the
    approver was shown; of a limit, the round. Raises PermissionDenied, RequestError for a missing
    comment or an answered request, OrderError for a condition that makes no sense, and
    orders.errors.ReasonsChanged when there is more against the order than was shown.
    """
    request = lock(request_id)
    seat, instead_of = seat_of(request, by, at)
    comment = guard_text(comment)
    subject = subject_of(request)
    if seen_decision_id != subject.shown:
        raise ReasonsChanged(
            _("The figures changed meanwhile. Look at the new ones and decide again.")
        )
    given = [as_json(each) for each in subject.checked(conditions)]
    _keep(request, seat, AnswerKind.APPROVE, by, instead_of, comment, at, given)
    if has_next(request):
        tell(request, ApprovalAction.ENDORSED, by=by, at=at, reason=comment, level=seat.stage)
        advance(request, at)
    else:
        _release(request, by, comment, at)
    return request


def _release(request: ApprovalRequest, by: User, comment: str, at: datetime) -> None:
    """Carry out what all levels approved, under all conditions of the round."""
    request.valid_until = subject_of(request).release(
        by=by, reason=comment, at=at, conditions=_conditions(request)
    )
    close(request, request.to_approved, ApprovalAction.APPROVED, by=by, comment=comment, at=at)
    notices.decided(request, at)


@transaction.atomic
def reject(*, request_id: int, by: User, comment: str, at: datetime) -> ApprovalRequest:
    """End the order or the change, at whichever level.

    Raises PermissionDenied, or RequestError as `approve`.
    """
    request = lock(request_id)
    seat, instead_of = seat_of(request, by, at)
    comment = guard_text(comment)
    subject_of(request).refuse(by=by, reason=comment, at=at)
    _keep(request, seat, AnswerKind.REJECT, by, instead_of, comment, at)
    close(request, request.to_rejected, ApprovalAction.REJECTED, by=by, comment=comment, at=at)
    notices.decided(request, at)
    return request


@transaction.atomic
def send_back(*, request_id: int, by: User, comment: str, at: datetime) -> ApprovalRequest:
    """Return the order to its salesperson as a draft, saying what should change.

    Raises PermissionDenied, RequestError as `approve`, or OrderError for an order that cannot be
    a draft again.
    """
    request = lock(request_id)
    seat, instead_of = seat_of(request, by, at)
    comment = guard_text(comment)
    subject_of(request).send_back(by=by, reason=comment, at=at)
    _keep(request, seat, AnswerKind.RETURN, by, instead_of, comment, at)
    close(request, request.to_returned, ApprovalAction.RETURNED, by=by, comment=comment, at=at)
    notices.decided(request, at)
    return request


@transaction.atomic
def refresh(*, request_id: int, by: User, at: datetime) -> ApprovalRequest:
    """Check the order again, so that the request shows today's reasons and figures.

    Where there is more against the order than before, the route begins anew: earlier levels
    approved something smaller. Raises PermissionDenied, or RequestError when it is answered.
    """
    request = lock(request_id)
    guard_open(request)
    seat_of(request, by, at)
    worse = subject_of(request).recheck(by=by, at=at)
    tell(request, ApprovalAction.REFRESHED, by=by, at=at, decision=request.decision_id)
    if worse:
        spare(request, at)
        request.round += 1
        tell(request, ApprovalAction.REROUTED, by=None, at=at, round=request.round)
        lay(request, at)
    return request


def _keep(
    request: ApprovalRequest,
    seat: Seat,
    kind: AnswerKind,
    by: User,
    instead_of_id: int | None,
    comment: str,
    at: datetime,
    conditions: Sequence[dict[str, str]] = (),
) -> None:
    """Append the answer; its seat is answered, and those beside it need not answer any more."""
    Answer.objects.create(
        request=request,
        seat=seat,
        round=request.round,
        by=by,
        instead_of_id=instead_of_id,
        kind=kind,
        comment=comment,
        conditions=list(conditions),
        decision_id=request.decision_id,
        at=at,
    )
    seat.state = SeatState.ANSWERED
    seat.save(update_fields=["state"])
    place = seat.stands_in_for_id or seat.pk
    beside = request.seats.filter(Q(pk=place) | Q(stands_in_for=place), state=SeatState.ASKED)
    notices.answered([seat, *beside], at)
    beside.update(state=SeatState.SPARED)


def _conditions(request: ApprovalRequest) -> list[ConditionInput]:
    """What all levels of the round ask for together."""
    answers = request.answers.filter(round=request.round)
    return together(of_json(row) for answer in answers for row in answer.conditions)
