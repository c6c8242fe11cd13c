from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from approvals.calibration.arithmetic import ENOUGH
from approvals.calibration.enums import Outcome
from approvals.calibration.export import case_sheet, report_sheet
from approvals.calibration.figures import count
from approvals.calibration.forms import CasesFilter, PeriodFilter
from approvals.calibration.naming import sees_everybody
from approvals.calibration.report import Report, report
from staff.access import SignedInRequest, needs
from staff.days import company_day
from staff.downloads import download
from staff.keyset import page

# The latest orders first. Read along the primary key, a page needs no look at all of them.
KEYS = ("-pk",)


@needs("approvals.view_calibration", "approvals.decide")
@require_safe
def calibration(request: SignedInRequest) -> HttpResponse:
    """How approved orders were paid, by approver, reason and excess, beside those without."""
    form, found = _report(request, timezone.now())
    context = {
        "form": form,
        "report": found,
        "sees_everybody": sees_everybody(request.user),
        "enough": ENOUGH,
    }
    status = 400 if form.errors else 200
    return render(request, "approvals/calibration/report.html", context, status=status)


@needs("approvals.view_calibration", "approvals.decide")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """The figures that the page shows, as a file."""
    form, found = _report(request, timezone.now())
    if form.errors:
        return calibration(request)
    return download(request, report_sheet(found))


@needs("approvals.view_calibration", "approvals.decide")
@require_safe
def cases(request: SignedInRequest) -> HttpResponse:
    """The orders behind a figure."""
    form = CasesFilter(request.GET, user=request.user, day=company_day(timezone.now()))
    orders = form.narrowed().select_related("customer", "owner")
    found = page(orders, request, keys=KEYS)
    for order in found.rows:
        order.payment = Outcome(order.outcome)
    context = {"form": form, "page": found, "back": urlencode(form.query)}
    status = 400 if form.errors else 200
    return render(request, "approvals/calibration/cases.html", context, status=status)


@needs("approvals.view_calibration", "approvals.decide")
@require_safe
def cases_export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly the orders that the list shows, all its pages, as a file."""
    form = CasesFilter(request.GET, user=request.user, day=company_day(timezone.now()))
    orders = form.narrowed()
    if form.errors:
        return cases(request)
    return download(request, case_sheet(orders, KEYS))


def _report(request: SignedInRequest, at: datetime) -> tuple[PeriodFilter, Report]:
    """What the address asks for, of the approvers whose figures this user may see."""
    user, day = request.user, company_day(at)
    form = PeriodFilter(request.GET, user=user, day=day)
    released = form.released()
    only = None if sees_everybody(user) else user.pk
    least = 1 if form.errors else form.least_days
    figures = count(released, day=day, least=least, only_approver=only)
    return form, report(figures, form.query, user)
