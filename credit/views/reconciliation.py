"""Whether the balances are what the ledger says, as found by the latest comparisons."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from credit import lifecycle
from credit.models import ReconciliationRun
from credit.reconciling import read
from staff.access import SignedInRequest, needs

RUNS_SHOWN = 30


@needs("credit.view_reconciliationrun")
@require_safe
def reconciliation(request: SignedInRequest) -> HttpResponse:
    """The latest comparisons, and what the one that was chosen found."""
    runs = list(ReconciliationRun.objects.select_related("by").order_by("-at", "-pk")[:RUNS_SHOWN])
    wanted = request.GET.get("run", "")
    shown = runs[0] if runs else None
    if wanted.isascii() and wanted.isdigit():
        shown = get_object_or_404(ReconciliationRun, pk=int(wanted[:18]))
    found = [read(row) for row in shown.differences] if shown else []
    context = {
        "runs": runs,
        "shown": shown,
        "differences": [(each, each.found - each.expected) for each in found],
        "may_run": request.user.has_perm("credit.reconcile"),
    }
    return render(request, "credit/reconciliation.html", context)


@needs("credit.reconcile")
@require_POST
def reconcile_now(request: SignedInRequest) -> HttpResponse:
    """Compare everything at once."""
    run = lifecycle.reconcile(by=request.user, at=timezone.now())
    if run.found:
        told = ngettext(
            "%(count)s amount differs. A ticket is open about it.",
            "%(count)s amounts differ. A ticket is open about them.",
            run.found,
        )
        messages.warning(request, told % {"count": run.found})
    else:
        messages.success(request, _("Everything agrees with the ledger."))
    return redirect("credit:reconciliation")
