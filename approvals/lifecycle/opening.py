"""Requests that open, and requests that nobody needs any more."""

from datetime import datetime

from django.db import transaction

from approvals import notices
from approvals.enums import ApprovalAction, LapseReason, RequestState
from approvals.lifecycle.parts import close, tell
from approvals.lifecycle.routing import lay
from approvals.models import ApprovalRequest
from orders.models import Decision, Order
from staff.models import User


@transaction.atomic
def open_request(*, order: Order, decision: Decision, by: User, at: datetime) -> ApprovalRequest:
    """Ask for the release of an order that failed the gate. The caller holds the order's lock.

    The matrix in force says who is asked, one level after the other.
    """
    request = ApprovalRequest.objects.create(
        order=order,
        decision=decision,
        opened_at=at,
        requested_by=by,
        order_owner=order.owner,
        order_version=order.version,
        amount=order.total,
        currency=order.currency,
    )
    tell(
        request,
        ApprovalAction.OPENED,
        by=by,
        at=at,
        was="",
        decision=decision.pk,
        excess=decision.excess,
        currency=decision.currency,
        reasons=sorted(decision.reason_codes),
    )
    lay(request, at)
    return request


@transaction.atomic
def withdraw(*, order: Order, by: User | None, reason: str, at: datetime) -> ApprovalRequest:
    """Close the open request of an order that needs no answer any more.

    Its owner cancelled it or took it back, or the check passes now; `by` is None where nobody in
    particular brought that about.
    """
    request = ApprovalRequest.objects.locked().open().get(order=order)
    return close(
        request, request.to_withdrawn, ApprovalAction.WITHDRAWN, by=by, comment=reason, at=at
    )


@transaction.atomic
def lapse(*, order: Order, reason: LapseReason, at: datetime) -> None:
    """Mark the order's approval as lapsed, if one stood. The caller holds the order's lock."""
    standing = ApprovalRequest.objects.locked().filter(order=order, state=RequestState.APPROVED)
    for request in standing:
        request.lapsed_at, request.lapse_reason = at, reason
        request.to_lapsed()
        request.save(update_fields=["state", "lapsed_at", "lapse_reason"])
        tell(request, ApprovalAction.LAPSED, by=None, at=at, was=RequestState.APPROVED, why=reason)
        notices.lapsed(request, at)
