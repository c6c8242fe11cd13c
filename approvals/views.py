from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from approvals import lifecycle, policies
from approvals.briefing import brief
from approvals.enums import RequestState
from approvals.forms import APPROVE, DecideForm, FilterForm
from approvals.models import ApprovalRequest
from credit.days import company_day
from credit.models import CreditAccount
from orders.differences import differences
from orders.errors import OrderError, ReasonsChanged
from orders.remedies.offering import advise
from orders.versions import content_of, since_release
from orders.waiting import place
from staff.access import needs
from staff.keyset import page
from staff.models import User

# Each view of the list with what it is sorted by: what waits longest first, what was answered last.
VIEWS = {
    "mine": ("opened_at", "pk"),
    "open": ("opened_at", "pk"),
    "decided": ("-decided_at", "-pk"),
}


@needs("approvals.view_approvalrequest")
@require_GET
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests that wait for this user, all that wait, or those already answered."""
    user: User = request.user  # type: ignore[assignment]
    default = "mine" if user.has_perm("approvals.decide") else "open"
    view = request.GET.get("view", default)
    view = view if view in VIEWS else default
    found = {
        "mine": ApprovalRequest.objects.waiting_for(user, company_day(timezone.now())),
        "open": ApprovalRequest.objects.for_user(user).open(),
        "decided": ApprovalRequest.objects.for_user(user).exclude(state=RequestState.OPEN),
    }[view]
    form = FilterForm(request.GET)
    rows = form.narrow(found).select_related(
        "order__customer", "decision", "requested_by", "decided_by"
    )
    context = {
        "tabs": _tabs(user, view),
        "view": view,
        "form": form,
        "page": page(rows, request, keys=VIEWS[view]),
    }
    return render(request, "approvals/list.html", context)


@needs("approvals.view_approvalrequest")
@require_GET
def request_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One request on one screen: the facts, and the decision for those who may take it."""
    asked = _get(request, pk)
    return _show(request, asked, DecideForm(initial={"seen_decision": asked.decision_id}))


@needs("approvals.decide")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the decision. When the check finds more than was shown, show that and ask again."""
    asked = _get(request, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _show(request, asked, form, status=422)
    user: User = request.user  # type: ignore[assignment]
    answer: dict[str, Any] = {
        "request_id": pk,
        "by": user,
        "comment": form.cleaned_data["comment"],
        "at": timezone.now(),
    }
    try:
        if form.cleaned_data["answer"] == APPROVE:
            lifecycle.approve(**answer, seen_decision_id=form.cleaned_data["seen_decision"])
            messages.success(request, _("Order %(order)s is released.") % {"order": asked.order})
        else:
            lifecycle.reject(**answer)
            messages.success(request, _("Order %(order)s is rejected.") % {"order": asked.order})
    except ReasonsChanged as error:
        asked = lifecycle.refresh(request_id=pk, by=user, at=answer["at"])
        return _ask_again(request, asked, form, error)
    except (lifecycle.RequestError, OrderError) as error:
        form.add_error(None, str(error))
        return _show(request, _get(request, pk), form, status=409)
    return redirect("approvals:detail", pk)


def _ask_again(
    request: HttpRequest, asked: ApprovalRequest, form: DecideForm, error: ReasonsChanged
) -> HttpResponse:
    """The page with the new figures; the comment stays as it was typed."""
    fresh = DecideForm({**form.data, **form.cleaned_data, "seen_decision": asked.decision_id})
    fresh.full_clean()
    fresh.add_error(None, str(error))
    return _show(request, _get(request, asked.pk), fresh, status=409)


def _get(request: HttpRequest, pk: int) -> ApprovalRequest:
    user: User = request.user  # type: ignore[assignment]
    seen = ApprovalRequest.objects.for_user(user)
    people = ("requested_by", "order_owner", "decided_by")
    return get_object_or_404(
        seen.select_related("order__customer__segment", "order__owner", "decision", *people), pk=pk
    )


def _show(
    request: HttpRequest, asked: ApprovalRequest, form: DecideForm, status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    at = timezone.now()
    waiting = ApprovalRequest.objects.waiting_for(user, company_day(at)).exclude(pk=asked.pk)
    found = brief(asked, at, user)
    context = {
        "asked": asked,
        "order": asked.order,
        "decision": asked.decision,
        "brief": found,
        "lines": asked.order.lines.select_related("product"),
        "form": form,
        "may_decide": asked.state == RequestState.OPEN and policies.can_decide(user, asked, at),
        "own": user.pk in (asked.requested_by_id, asked.order_owner_id),
        # Once released, the order's amount is part of what is used.
        "extra": asked.order.unpaid if asked.state == RequestState.OPEN else None,
        **_ways_out(asked, found.account, user, at),
        "next": waiting.order_by("opened_at", "pk").first(),
    }
    return render(request, "approvals/detail.html", context, status=status)


def _ways_out(
    asked: ApprovalRequest, account: CreditAccount, user: User, at: datetime
) -> dict[str, Any]:
    """What would make the order pass, and what changed since it was released, if it was."""
    if asked.state != RequestState.OPEN:
        return {}
    order = asked.order
    before = since_release(order)
    sees_credit = user.has_perm("credit.view_creditaccount")
    return {
        "advice": advise(order, account, user, at) if sees_credit else None,
        "place": place(order),
        "changes": differences(before, content_of(order)) if before else [],
    }


def _tabs(user: User, view: str) -> list[dict[str, Any]]:
    labels = {"mine": _("Waiting for me"), "open": _("All waiting"), "decided": _("Answered")}
    if not user.has_perm("approvals.decide"):
        del labels["mine"]
    return [
        {"label": label, "url": f"?view={code}", "current": code == view}
        for code, label in labels.items()
    ]
