"""The page of a request to change a limit."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from approvals import policies
from approvals.briefing import credit_of
from approvals.eligible import seat_for
from approvals.enums import RequestState, SeatState
from approvals.forms.deciding import AskForm, ReplyForm
from approvals.forms.limits import LimitDecideForm, WithdrawForm
from approvals.models import ApprovalRequest, LimitChange
from approvals.path import effect, path_of
from approvals.subjects import subject_of
from approvals.views.parts import level_of, next_request, thread_parts
from credit.days import company_day
from journal.attachments.shown import files_of
from staff.access import SignedInRequest
from staff.models import User

# How many earlier requests of the customer are shown.
EARLIER = 5


def show_limit(
    request: SignedInRequest,
    asked: ApprovalRequest,
    change: LimitChange,
    *,
    form: Any = None,
    ask: AskForm | None = None,
    reply: ReplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the forms as they were filled in."""
    user, at = request.user, timezone.now()
    today = company_day(at)
    earlier = ApprovalRequest.objects.for_user(user).filter(
        limit_change__account=change.account_id, pk__lt=asked.pk
    )
    sees = user.has_perm("credit.view_creditaccount")
    context = {
        "at": at,
        "asked": asked,
        "change": change,
        "account": change.account,
        "customer": change.account.customer,
        "credit": credit_of(change.account_id, today) if sees else None,
        "files": files_of(user, change),
        "path": path_of(asked, at),
        "earlier": earlier.with_subject().order_by("-pk")[:EARLIER],
        "own": user.pk in subject_of(asked).own,
        "next": next_request(asked, user, at),
        **_decision(asked, form, user, at),
        **thread_parts(asked, ask, reply, user),
    }
    return render(request, "approvals/limit_change.html", context, status=status)


def _decision(asked: ApprovalRequest, form: Any, user: User, at: datetime) -> dict[str, Any]:
    """The form for those who have a seat now, with what their answer would do."""
    subject = subject_of(asked)
    seen = {"seen_decision": subject.shown, "seen_level": level_of(asked)}
    context: dict[str, Any] = {"form": form or LimitDecideForm(initial=seen)}
    if asked.state != RequestState.OPEN:
        return context
    if policies.can_withdraw(user, asked):
        context["withdraw"] = WithdrawForm(auto_id="withdraw_%s")
    found = seat_for(asked, user, company_day(at)) if subject.can_see(user) else None
    if found is None:
        return context
    seat, absent = found
    asked_now = asked.seats.filter(state=SeatState.ASKED, round=asked.round)
    return context | {
        "may_decide": True,
        "instead_of": User.objects.get(pk=absent) if absent else None,
        "effect": effect(asked, asked_now.select_related("person"), seat),
    }
