"""What approvers answer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from approvals import notices
from approvals.conditions import as_json, of_json, together
from approvals.enums import AnswerKind, ApprovalAction, SeatState
from approvals.lifecycle.parts import close, guard_open, guard_text, lock, seat_of, spare, tell
from approvals.lifecycle.routing import advance, has_next, lay
from approvals.models import Answer, ApprovalRequest, Seat
from orders import lifecycle as orders
from orders.conditions import ConditionInput, checked
from orders.errors import ReasonsChanged
from orders.models import Decision
from staff.models import User


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

    `seen_decision_id` is the decision whose reasons the approver was shown. Raises
    PermissionDenied, RequestError for a missing comment or an answered request, OrderError for a
    condition that makes no sense, and orders.errors.ReasonsChanged when there is more against the
    order than was shown.
    """
    request = lock(request_id)
    seat, instead_of = seat_of(request, by, at)
    comment = guard_text(comment)
    if seen_decision_id != request.decision_id:
        raise ReasonsChanged(
            _("The figures changed meanwhile. Look at the new ones and decide again.")
        )
    given = [as_json(each) for each in checked(conditions, request.order)]
    _keep(request, seat, AnswerKind.APPROVE, by, instead_of, comment, at, given)
    if has_next(request):
        tell(request, ApprovalAction.ENDORSED, by=by, at=at, reason=comment, level=seat.stage)
        advance(request, at)
        return request
    order = orders.approve(
        order_id=request.order_id,
        by=by,
        reason=comment,
        at=at,
        seen_decision_id=seen_decision_id,
        conditions=_conditions(request),
    )
    request.valid_until = order.released_until
    close(request, request.to_approved, ApprovalAction.APPROVED, by=by, comment=comment, at=at)
    notices.decided(request, at)
    return request


@transaction.atomic
def reject(*, request_id: int, by: User, comment: str, at: datetime) -> ApprovalRequest:
    """End the order, at whichever level. Raises PermissionDenied, or RequestError as `approve`."""
    request = lock(request_id)
    seat, instead_of = seat_of(request, by, at)
    comment = guard_text(comment)
    orders.reject(order_id=request.order_id, by=by, reason=comment, at=at)
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
    orders.send_back(order_id=request.order_id, by=by, reason=comment, at=at)
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
    before = request.decision
    request.decision = orders.recheck(order_id=request.order_id, by=by, at=at)
    request.save(update_fields=["decision"])
    tell(request, ApprovalAction.REFRESHED, by=by, at=at, decision=request.decision_id)
    if _worse(request.decision, before):
        spare(request)
        request.round += 1
        tell(request, ApprovalAction.REROUTED, by=None, at=at, round=request.round)
        lay(request, at)
    return request


def _worse(now: Decision, before: Decision) -> bool:
    return bool(now.reason_codes - before.reason_codes) or now.excess > before.excess


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
    beside.update(state=SeatState.SPARED)


def _conditions(request: ApprovalRequest) -> list[ConditionInput]:
    """What all levels of the round ask for together."""
    answers = request.answers.filter(round=request.round)
    return together(of_json(row) for answer in answers for row in answer.conditions)
