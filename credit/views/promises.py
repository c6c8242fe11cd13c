"""Promises to pay."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from credit import lifecycle, policies
from credit.days import company_day
from credit.due_promises import listing
from credit.export import promise_sheet
from credit.limit_forms import PromiseForm
from credit.views.limits import act_page
from credit.views.seen import get_account
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page


@needs("credit.view_promise", "credit.record_promise")
@require_safe
def promises(request: SignedInRequest) -> HttpResponse:
    """Promises to pay that fall due soon, are overdue, or were not kept."""
    today = company_day(timezone.now())
    found = listing(request, today)
    shown = page(found.promises, request, keys=found.keys)
    context = {
        "listing": found,
        "form": found.form,
        "tabs": found.tabs,
        "page": shown,
        "rows": [(promise, (promise.due_on - today).days) for promise in shown.rows],
    }
    status = 400 if found.form.errors else 200
    return render(request, "credit/promises.html", context, status=status)


@needs("credit.view_promise", "credit.record_promise")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    today = company_day(timezone.now())
    found = listing(request, today)
    if found.form.errors:
        return promises(request)
    return download(request, promise_sheet(found.promises, found.keys, today=today))


@needs("credit.record_promise")
@require_http_methods(["GET", "HEAD", "POST"])
def record_promise(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down what the customer promised to pay."""
    at = timezone.now()
    account = get_account(request, pk, at)
    if not policies.can_record_promise(request.user, account):
        raise PermissionDenied
    form = PromiseForm(request.POST or None, account=account, today=company_day(at))
    if form.is_valid():
        try:
            lifecycle.record_promise(
                account_id=account.pk, by=request.user, at=at, **form.cleaned_data
            )
        except lifecycle.CreditError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The promise is recorded."))
            return redirect("credit:customer", pk)
    return act_page(request, account, form, _("Record promise"))
