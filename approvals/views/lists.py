"""The list of requests, and deciding several of them at once."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from approvals.bulk import decide_each, preview
from approvals.export import request_sheet
from approvals.forms.deciding import BulkForm
from approvals.listing import MINE, dressed, listing
from approvals.models import ApprovalRequest
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page

# How many requests that nobody can decide the notice names.
NAMED = 5


@needs("approvals.view_approvalrequest")
@require_GET
def request_list(request: SignedInRequest) -> HttpResponse:
    """Requests that wait for this user, all that wait, those answered, those that lapsed."""
    at, user = timezone.now(), request.user
    found = listing(request, at)
    shown = page(found.requests, request, keys=found.keys)
    context = {
        "at": at,
        "listing": found,
        "form": found.form,
        "page": shown,
        "rows": dressed(shown.rows, at),
        "may_pick": found.code == MINE and user.has_perm("approvals.decide"),
        "stuck": _stuck(request),
    }
    return render(request, "approvals/list.html", context, status=400 if found.form.errors else 200)


@needs("approvals.view_approvalrequest")
@require_GET
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    found = listing(request, timezone.now())
    if found.form.errors:
        return request_list(request)
    return download(request, request_sheet(found.requests, found.keys))


def _stuck(request: SignedInRequest) -> Any:
    """Requests nobody can decide, for those who can do something about it."""
    user = request.user
    if not user.has_perm("approvals.decide") and not user.has_perm("approvals.change_matrix"):
        return []
    seen = ApprovalRequest.objects.for_user(user).stuck()
    return list(seen.with_subject().order_by("stuck_since", "pk")[: NAMED + 1])


@needs("approvals.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def decide_many(request: SignedInRequest) -> HttpResponse:
    """Look at the chosen requests together, then decide them with one comment, each by itself."""
    given = request.POST if request.method == "POST" else request.GET
    at, user = timezone.now(), request.user
    picks = preview(numbers(given.getlist("pk")), user, at)
    taken = [pick.request for pick in picks if not pick.problem]
    form = BulkForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "at": at,
        "picks": picks,
        "taken": taken,
        "left": [pick for pick in picks if pick.problem],
        "form": form,
    }
    if request.method == "POST" and form.is_valid():
        seen = {each.pk: _number(given.get(f"seen_{each.pk}", "")) for each in taken}
        context["results"] = decide_each(taken, **form.cleaned_data, seen=seen, by=user, at=at)
    return render(request, "approvals/many.html", context, status=422 if form.errors else 200)


def numbers(texts: list[str]) -> list[int]:
    """The numbers of objects that an address lists, without what is none."""
    return [number for text in texts if (number := _number(text))]


def _number(text: str) -> int:
    """The number of an object; 0, which none has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and int(text) < 2**63 else 0
