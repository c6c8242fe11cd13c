"""Limits that end soon or have ended."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from credit import expiring as reading
from credit.days import company_day
from credit.export import limit_sheet
from credit.views.seen import days_until
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page


@needs("credit.view_creditlimit")
@require_safe
def expiring(request: SignedInRequest) -> HttpResponse:
    """Limits that end within 30 days, or ended and were not renewed."""
    today = company_day(timezone.now())
    found = reading.listing(request, today)
    shown = page(found.limits, request, keys=found.keys)
    context = {
        "listing": found,
        "form": found.form,
        "tabs": found.tabs,
        "page": shown,
        "rows": [(limit, days_until(limit.valid_until, today)) for limit in shown.rows],
        "may_limit": request.user.has_perm("approvals.request_limit_change"),
    }
    status = 400 if found.form.errors else 200
    return render(request, "credit/expiring.html", context, status=status)


@needs("credit.view_creditlimit")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    today = company_day(timezone.now())
    found = reading.listing(request, today)
    if found.form.errors:
        return expiring(request)
    name = f"limits-{found.code}"
    return download(request, limit_sheet(found.limits, found.keys, name=name, today=today))
