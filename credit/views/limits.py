"""Lowering limits, ending them, and setting the day of the credit review."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from credit import lifecycle
from credit.days import company_day
from credit.enums import LimitType
from credit.groups import rates_for
from credit.lifecycle.limits import limit_as_granted
from credit.limit_forms import EndForm, GrantForm, ReviewForm
from credit.models import CreditAccount, CreditLimit
from credit.raising import comes_to
from credit.views.seen import get_account
from staff.access import SignedInRequest, needs

# What an address can fill in of the form.
WANTED = ("type", "kind", "amount")


@needs("credit.change_limit")
@require_http_methods(["GET", "HEAD", "POST"])
def grant_limit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lower what the account may use, with the reason; the preview shows what it comes to.

    What would raise it is refused, and leads to requesting the change.
    """
    at = timezone.now()
    account, today = get_account(request, pk, at), company_day(at)
    account.rates = rates_for([account], today)
    form = GrantForm(request.POST or None, account=account, today=today)
    # A remedy of an order that waits leads here with the limit that it needs.
    form.initial.update({name: request.GET[name] for name in WANTED if name in request.GET})
    back = way_back(request) or reverse("credit:customer", args=[pk])
    context: dict[str, Any] = {"account": account, "customer": account.customer}
    context |= {"form": form, "back": back}
    if form.is_valid():
        if "preview" in request.POST:
            context |= preview(account, form.limit(), today)
        else:
            values = {"limit": form.limit(), "reason": form.cleaned_data["reason"]}
            try:
                lifecycle.grant_limit(account_id=account.pk, by=request.user, at=at, **values)
            except (lifecycle.CreditError, lifecycle.RaiseNeedsApproval) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The limit is lowered."))
                return redirect(back)
    return render(request, "credit/grant_limit.html", context, status=422 if form.errors else 200)


@needs("credit.change_limit")
@require_http_methods(["GET", "HEAD", "POST"])
def end_limit(request: SignedInRequest, pk: int) -> HttpResponse:
    """End a limit before its last day."""
    at = timezone.now()
    limit = get_object_or_404(CreditLimit.objects.select_related("account"), pk=pk)
    account = get_account(request, limit.account.customer_id, at)
    form = EndForm(request.POST or None)
    if form.is_valid():
        try:
            lifecycle.end_limit(limit_id=pk, by=request.user, at=at, **form.cleaned_data)
        except (lifecycle.CreditError, lifecycle.RaiseNeedsApproval) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The limit is ended."))
            return redirect("credit:customer", account.customer_id)
    text = ""
    if limit.type == LimitType.BASE:
        text = _("The base limit before it counts again; without one no credit is granted.")
    more = {"limit": limit, "text": text, "danger": True}
    return act_page(request, account, form, _("End limit"), more)


@needs("credit.change_limit")
@require_http_methods(["GET", "HEAD", "POST"])
def set_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Set the day by which the customer's credit is to be reviewed."""
    at = timezone.now()
    account = get_account(request, pk, at)
    form = ReviewForm(request.POST or None, initial={"review_on": account.review_on})
    if request.method == "POST" and form.is_valid():
        try:
            lifecycle.set_review(account_id=account.pk, by=request.user, at=at, **form.cleaned_data)
        except lifecycle.CreditError as error:
            form.add_error("reason", str(error))
        else:
            messages.success(request, _("The day of the credit review is set."))
            return redirect("credit:customer", pk)
    return act_page(request, account, form, _("Set review"))


def way_back(request: SignedInRequest) -> str:
    """The page within the product that the form was opened from; empty for none."""
    url = request.GET.get("next", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else ""


def act_page(
    request: SignedInRequest,
    account: CreditAccount,
    form: forms.Form,
    label: str,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """A page with one form about the account; `label` names the page and its button."""
    context = {"customer": account.customer, "account": account, "form": form, "label": label}
    status = 422 if form.errors else 200
    return render(request, "credit/act.html", context | (more or {}), status=status)


def preview(account: CreditAccount, limit: lifecycle.LimitInput, today: date) -> dict[str, Any]:
    """What the account may use on the first day of the limit, and whether it uses more already."""
    day = max(limit.valid_from or today, today)
    result = comes_to(account, day, added=limit_as_granted(account, limit, today))
    over = account.used - result.amount if result.amount is not None else None
    return {"preview": result, "preview_on": day, "over": over if over and over > 0 else None}
