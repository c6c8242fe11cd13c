"""Every write verb of an approval request."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from approvals import policies
from approvals.enums import ApprovalAction, RequestState
from approvals.models import ApprovalRequest
from journal.record import record
from orders import lifecycle as orders
from orders.lifecycle import steps
from orders.models import Decision, Order
from staff.models import User


class RequestError(ValueError):
    """The request cannot be answered now, or not like this; the message says what to do."""


@transaction.atomic
def open_request(*, order: Order, decision: Decision, by: User, at: datetime) -> ApprovalRequest:
    """Ask for the release of an order that failed the gate. The caller holds the order's lock."""
    request = ApprovalRequest.objects.create(
        order=order, decision=decision, opened_at=at, requested_by=by, order_owner=order.owner
    )
    record(
        action=ApprovalAction.OPENED,
        subject=request,
        order_id=order.pk,
        by=by,
        at=at,
        to_state=request.state,
        data={
            "decision": decision.pk,
            "excess": decision.excess,
            "currency": decision.currency,
            "reasons": sorted(decision.reason_codes),
        },
    )
    return request


@transaction.atomic
def approve(
    *, request_id: int, by: User, comment: str, at: datetime, seen_decision_id: int
) -> ApprovalRequest:
    """Release the order. `seen_decision_id` is the decision whose reasons the approver was shown.

    Raises PermissionDenied, RequestError for a missing comment or an answered request, and
    orders.errors.ReasonsChanged when the check now finds more than was shown.
    """
    request = _lock(request_id)
    _guard(request, request.to_approved, by, comment)
    orders.approve(
        order_id=request.order_id,
        by=by,
        reason=comment,
        at=at,
        seen_decision_id=seen_decision_id,
    )
    return _answer(request, request.to_approved, ApprovalAction.APPROVED, by, comment, at)


@transaction.atomic
def reject(*, request_id: int, by: User, comment: str, at: datetime) -> ApprovalRequest:
    """End the order. Raises PermissionDenied, or RequestError as `approve` does."""
    request = _lock(request_id)
    _guard(request, request.to_rejected, by, comment)
    orders.reject(order_id=request.order_id, by=by, reason=comment, at=at)
    return _answer(request, request.to_rejected, ApprovalAction.REJECTED, by, comment, at)


@transaction.atomic
def withdraw(*, order: Order, by: User | None, reason: str, at: datetime) -> ApprovalRequest:
    """Close the open request of an order that needs no answer any more.

    Its owner cancelled it or took it back, or the check passes now; `by` is None where nobody in
    particular brought that about.
    """
    request = ApprovalRequest.objects.locked().open().get(order=order)
    return _answer(request, request.to_withdrawn, ApprovalAction.WITHDRAWN, by, reason, at)


@transaction.atomic
def refresh(*, request_id: int, by: User, at: datetime) -> ApprovalRequest:
    """Check the order again, so that the request shows today's reasons and figures.

    Raises PermissionDenied, or RequestError when the request is answered.
    """
    request = _lock(request_id)
    if not policies.can_decide(by, request):
        raise PermissionDenied(_("You may not decide this request."))
    _guard_open(request)
    request.decision = orders.recheck(order_id=request.order_id, by=by, at=at)
    request.save(update_fields=["decision"])
    record(
        action=ApprovalAction.REFRESHED,
        subject=request,
        order_id=request.order_id,
        by=by,
        at=at,
        data={"decision": request.decision_id},
    )
    return request


def _lock(request_id: int) -> ApprovalRequest:
    """Account, order and request, locked in the order in which everybody locks."""
    order_id = ApprovalRequest.objects.values_list("order_id", flat=True).get(pk=request_id)
    steps.lock(order_id)
    return ApprovalRequest.objects.locked().select_related("order__customer").get(pk=request_id)


def _guard(request: ApprovalRequest, step: Callable[[], None], by: User, comment: str) -> None:
    if not policies.can_decide(by, request):
        raise PermissionDenied(_("You may not decide this request."))
    if not can_proceed(step):
        _guard_open(request)
    if not comment.strip():
        raise RequestError(_("Write a comment: it is kept with the decision."))


def _guard_open(request: ApprovalRequest) -> None:
    if request.state != RequestState.OPEN:
        raise RequestError(
            _("This request is %(state)s already.") % {"state": RequestState(request.state).label}
        )


def _answer(
    request: ApprovalRequest,
    step: Callable[[], None],
    action: ApprovalAction,
    by: User | None,
    comment: str,
    at: datetime,
) -> ApprovalRequest:
    was = request.state
    request.decided_at, request.decided_by, request.comment = at, by, comment
    step()
    request.save(update_fields=["state", "decided_at", "decided_by", "comment"])
    record(
        action=action,
        subject=request,
        order_id=request.order_id,
        by=by,
        at=at,
        from_state=was,
        to_state=request.state,
        reason=comment,
    )
    return request
