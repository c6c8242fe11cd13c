"""Requesting a change of a limit, taking it back, and its part on the page of the customer."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from approvals import lifecycle, policies
from approvals.enums import RequestState
from approvals.forms.limits import RequestForm, WithdrawForm
from approvals.models import ApprovalRequest
from approvals.views.shown import get_request
from credit.days import company_day
from credit.errors import CreditError
from credit.groups import rates_for
from credit.views.limits import WANTED, preview, way_back
from credit.views.seen import get_account
from journal.attachments.views import attach_each
from staff.access import SignedInRequest, needs


@needs("approvals.request_limit_change")
@require_http_methods(["GET", "HEAD", "POST"])
def request_limit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for a change of what a customer may use; the preview shows what it comes to."""
    at = timezone.now()
    account, today = get_account(request, pk, at), company_day(at)
    account.rates = rates_for([account], today)
    form = RequestForm(request.POST or None, request.FILES or None, account=account, today=today)
    # A remedy of an order that waits leads here with the limit that it needs.
    form.initial.update({name: request.GET[name] for name in WANTED if name in request.GET})
    context: dict[str, Any] = {"account": account, "customer": account.customer, "form": form}
    if form.is_valid():
        if "preview" in request.POST:
            context |= preview(account, form.limit(), today)
        elif _requested(request, account.pk, form):
            return redirect(way_back(request) or reverse("credit:customer", args=[pk]))
    context["open_request"] = _of_account(account.pk).open().first()
    context["back"] = way_back(request) or reverse("credit:customer", args=[pk])
    status = 422 if form.errors else 200
    return render(request, "approvals/request_limit.html", context, status=status)


def _requested(request: SignedInRequest, account_id: int, form: RequestForm) -> bool:
    """Whether the change is requested; what keeps it from that stands on the form."""
    try:
        asked = lifecycle.request_limit(
            account_id=account_id,
            limit=form.limit(),
            justification=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except (lifecycle.RequestError, CreditError) as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The change is requested. You are told how it is decided."))
    assert asked.limit_change is not None  # noqa: S101 - it was requested just now
    attach_each(request, asked.limit_change, form.cleaned_data["documents"])
    return True


@needs("approvals.request_limit_change")
@require_POST
def withdraw_limit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a requested change back."""
    asked, form = get_request(request, pk), WithdrawForm(request.POST)
    if not policies.can_withdraw(request.user, asked):
        raise PermissionDenied
    if form.is_valid():
        reason, at = form.cleaned_data["reason"], timezone.now()
        try:
            lifecycle.withdraw_limit(request_id=pk, by=request.user, reason=reason, at=at)
        except lifecycle.RequestError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The request is withdrawn."))
    else:
        messages.error(request, _("Say why you withdraw it."))
    return redirect("approvals:detail", pk)


@needs("approvals.view_approvalrequest")
@require_safe
def of_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    """The latest request to change the customer's limit, as a part of the customer's page."""
    account = get_account(request, pk, timezone.now())
    asked = _of_account(account.pk).order_by("pk").last()
    if asked is None:
        return HttpResponse(status=204)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("approvals:detail", asked.pk)
    context = {"asked": asked, "change": asked.limit_change, "open": RequestState.OPEN}
    return render(request, "approvals/_of_customer.html", context)


def _of_account(account_id: int) -> Any:
    found = ApprovalRequest.objects.filter(limit_change__account=account_id)
    return found.with_subject()
