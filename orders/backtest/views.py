"""Backtests of credit policies: which were made, asking for one, how far it is, what it found."""

from typing import Any

from django.contrib import messages
from django.db.models.fields.json import KT
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from credit.days import company_day
from orders import policies
from orders.backtest import lifecycle
from orders.backtest.enums import BacktestState
from orders.backtest.export import finding_sheet
from orders.backtest.forms import FindingFilter, StartForm
from orders.backtest.report import Report
from orders.errors import OrderError
from orders.models import BacktestFinding, BacktestRun
from orders.reasons import line
from orders.tasks import carry_out_backtest
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page


@needs("credit.view_policy")
@require_safe
def run_list(request: SignedInRequest) -> HttpResponse:
    """The runs, newest first, with what they held."""
    runs = BacktestRun.objects.select_related("created_by").defer("content", "compared_content")
    held = runs.annotate(held=KT("summary__versions__0__held__count"))
    context = {
        "page": page(held, request, keys=("-pk",)),
        "may_run": request.user.has_perm("orders.run_backtest"),
    }
    return render(request, "orders/backtests/list.html", context)


@needs("orders.run_backtest")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Choose version, time and basis; a worker does the rest."""
    at = timezone.now()
    form = StartForm(
        request.POST or None,
        today=company_day(at),
        version=_named(request, "version"),
        like=BacktestRun.objects.filter(pk=_named(request, "again") or 0).first(),
    )
    if form.is_valid():
        asked = form.cleaned_data
        try:
            run = lifecycle.start(
                version_id=asked["version"],
                compared_id=asked["compared"],
                since=asked["since"],
                until=asked["until"],
                basis=asked["basis"],
                by=request.user,
                at=at,
                hand_over=carry_out_backtest.delay,
            )
            return redirect("orders:backtest", run.pk)
        except OrderError as error:
            form.add_error(None, str(error))
    status = 422 if form.is_bound else 200
    return render(request, "orders/backtests/new.html", {"form": form}, status=status)


@needs("credit.view_policy")
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One run, as far as it is: how far, why it stopped, or what it found."""
    run = get_object_or_404(BacktestRun, pk=pk)
    context: dict[str, Any] = {
        "run": run,
        "may_run": request.user.has_perm("orders.run_backtest"),
        "may_cancel": run.busy and policies.can_cancel_backtest(request.user, run),
    }
    if run.state == BacktestState.DONE:
        form = FindingFilter(request.GET, run)
        found = page(_findings(request, run, form), request, keys=("-pk",))
        for finding in found.rows:
            finding.lines = [line(check, request.user) for check in finding.reasons]
        context |= {"report": Report(run), "form": form, "page": found}
    return render(request, "orders/backtests/detail.html", context)


@needs("orders.run_backtest")
@require_POST
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop a run that is one's own."""
    run = get_object_or_404(BacktestRun, pk=pk)
    try:
        lifecycle.cancel(run_id=run.pk, by=request.user, at=timezone.now())
        messages.success(request, _("The backtest is cancelled."))
    except OrderError as error:
        messages.warning(request, str(error))
    return redirect("orders:backtest", pk)


@needs("credit.view_policy")
@require_safe
def status(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a run is; the whole page again once it has ended."""
    run = get_object_or_404(BacktestRun, pk=pk)
    response = render(request, "orders/backtests/_progress.html", {"run": run})
    if not run.busy:
        response.headers["HX-Refresh"] = "true"
    return response


@needs("credit.view_policy")
@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Exactly the findings that the page shows, all its pages, as a file."""
    run = get_object_or_404(BacktestRun, pk=pk)
    found = _findings(request, run, FindingFilter(request.GET, run))
    return download(request, finding_sheet(run, found, user=request.user))


def _named(request: SignedInRequest, name: str) -> int | None:
    """A number that the address names, if it is one."""
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 19 else None


def _findings(request: SignedInRequest, run: BacktestRun, form: FindingFilter) -> Any:
    seen = BacktestFinding.objects.for_user(request.user).filter(run=run)
    return form.narrow(seen).select_related("customer")
