"""The page of one request: what every view of it shows."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from approvals.briefing import brief
from approvals.eligible import seat_for
from approvals.enums import RequestState, SeatState
from approvals.forms.deciding import AskForm, DecideForm, ReplyForm
from approvals.models import ApprovalRequest
from approvals.path import effect, path_of
from approvals.precedents import precedents
from approvals.subjects import about_order
from approvals.views.parts import level_of, next_request, thread_parts
from approvals.views.shown_limit import show_limit
from credit.days import company_day
from credit.models import CreditAccount
from journal.attachments.shown import files_of
from orders.conditional import conditions_of
from orders.differences import differences
from orders.enums import OrderState
from orders.policies import can_see
from orders.remedies.offering import advise
from orders.versions import content_of, since_release
from orders.waiting import place
from staff.access import SignedInRequest
from staff.models import User

_LIMIT = ("limit_change__account__customer__segment", "limit_change__requested_by")


def get_request(request: SignedInRequest, pk: int) -> ApprovalRequest:
    """The request with what its page shows of it. Raises Http404 for one of others."""
    seen = ApprovalRequest.objects.for_user(request.user).with_percent()
    people = ("requested_by", "order_owner", "decided_by")
    order = ("order__customer__segment", "order__owner", "decision")
    related = (*order, "decision__policy_version", *_LIMIT, "matrix_version", *people)
    return get_object_or_404(seen.select_related(*related), pk=pk)


def show(
    request: SignedInRequest,
    asked: ApprovalRequest,
    *,
    form: Any = None,
    ask: AskForm | None = None,
    reply: ReplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the forms as they were filled in."""
    if change := asked.limit_change:
        forms = {"form": form, "ask": ask, "reply": reply}
        return show_limit(request, asked, change, status=status, **forms)
    user, at = request.user, timezone.now()
    found, order = brief(asked, at, user), about_order(asked).order
    context = {
        "at": at,
        "asked": asked,
        "order": order,
        "decision": asked.decision,
        "brief": found,
        "lines": order.lines.select_related("product"),
        "files": files_of(user, order),
        "path": path_of(asked, at),
        "precedents": precedents(asked, user, at),
        "newer": order.approval_requests.filter(pk__gt=asked.pk).order_by("pk").last(),
        "own": user.pk in (asked.requested_by_id, asked.order_owner_id),
        # Once released, the order's amount is part of what is used.
        "extra": order.unpaid if asked.state == RequestState.OPEN else None,
        "next": next_request(asked, user, at),
        **_decision(asked, form, user, at),
        **thread_parts(asked, ask, reply, user),
        **_ways_out(asked, found.credit.account if found.credit else None, user, at),
    }
    return render(request, "approvals/detail.html", context, status=status)


def _decision(
    asked: ApprovalRequest, form: DecideForm | None, user: User, at: datetime
) -> dict[str, Any]:
    """The form for those who have a seat now, with what their answer would do."""
    seen = {"seen_decision": asked.decision_id, "seen_level": level_of(asked)}
    context: dict[str, Any] = {"form": form or DecideForm(initial=seen)}
    order = about_order(asked).order
    if asked.state != RequestState.OPEN:
        return context | {"conditions": conditions_of(user, order)}
    found = seat_for(asked, user, company_day(at)) if can_see(user, order) else None
    if found is None:
        return context
    seat, absent = found
    asked_now = asked.seats.filter(state=SeatState.ASKED, round=asked.round)
    return context | {
        "may_decide": True,
        "instead_of": User.objects.get(pk=absent) if absent else None,
        "effect": effect(asked, asked_now.select_related("person"), seat),
    }


def _ways_out(
    asked: ApprovalRequest, account: CreditAccount | None, user: User, at: datetime
) -> dict[str, Any]:
    """What would make the order pass, and what changed since it was released, if it was."""
    if asked.state != RequestState.OPEN:
        return {}
    order = about_order(asked).order
    before = since_release(order)
    # An order that passed and waits for a person lacks nothing.
    failed = order.state == OrderState.CREDIT_FAILED
    return {
        "advice": advise(order, account, user, at) if account and failed else None,
        "place": place(order),
        "changes": differences(before, content_of(order)) if before else [],
    }
