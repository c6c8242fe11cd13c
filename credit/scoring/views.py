from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from credit.scoring.export import standing_lines
from credit.scoring.listing import listing, tabs
from staff.access import SignedInRequest, needs
from staff.keyset import page


@needs("credit.view_creditaccount")
@require_safe
def scores(request: SignedInRequest) -> HttpResponse:
    """Customers beside their recommended limits, the farthest from them first."""
    found = listing(request, request.user)
    context = {
        "tabs": tabs(found.code),
        "listing": found,
        "form": found.form,
        "page": page(found.rows, request, keys=found.keys),
    }
    return render(request, "credit/scores.html", context, status=400 if found.form.errors else 200)


@needs("credit.view_creditaccount")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a CSV file."""
    found = listing(request, request.user)
    if found.form.errors:
        return scores(request)
    lines = standing_lines(found.rows, found.keys, language=translation.get_language())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"recommended-limits-{timezone.localdate(timezone.now()):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
