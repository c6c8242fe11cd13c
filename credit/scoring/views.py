from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from credit.scoring.export import standing_sheet
from credit.scoring.listing import listing, tabs
from staff.access import SignedInRequest, needs
from staff.downloads import download
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
    """Exactly what the list shows, all its pages, as a file."""
    found = listing(request, request.user)
    if found.form.errors:
        return scores(request)
    return download(request, standing_sheet(found.rows, found.keys))
