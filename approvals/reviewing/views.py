"""The list of limits to be reviewed, and reviewing many of them together."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from approvals.reviewing.forms import PickForm, ReviewForm
from approvals.reviewing.listing import accounts_of, listing, reviewed
from approvals.reviewing.many import AT_ONCE, carry_out
from approvals.views.lists import numbers
from credit.days import company_day
from staff.access import SignedInRequest, needs
from staff.keyset import page


@needs("credit.view_creditlimit")
@require_safe
def reviews(request: SignedInRequest) -> HttpResponse:
    """Limits by when they are to be reviewed, each beside its recommendation."""
    today = company_day(timezone.now())
    found = listing(request, today)
    shown = page(found.accounts, request, keys=found.keys)
    context = {
        "today": today,
        "listing": found,
        "form": found.form,
        "page": shown,
        "rows": reviewed(shown.rows, today),
        "may_pick": request.user.has_perm("credit.change_limit"),
    }
    status = 400 if found.form.errors else 200
    return render(request, "approvals/reviewing/list.html", context, status=status)


@needs("credit.change_limit")
@require_http_methods(["GET", "HEAD", "POST"])
def review_many(request: SignedInRequest) -> HttpResponse:
    """Look at the chosen limits together, then confirm them or request their changes in one go."""
    at, user = timezone.now(), request.user
    today, posted = company_day(at), request.POST if request.method == "POST" else None
    picks = _picks(request, posted)
    form = ReviewForm(posted, today=today)
    context: dict[str, Any] = {"today": today, "form": form, "picks": picks}
    # Every part is asked, so that every fault is said at once.
    valid = [each.is_valid() for each in (form, *picks)]
    if posted is not None and all(valid) and picks:
        context["results"] = carry_out(picks, **form.cleaned_data, by=user, at=at)
    status = 422 if posted is not None and not all(valid) else 200
    return render(request, "approvals/reviewing/many.html", context, status=status)


def _picks(request: SignedInRequest, posted: QueryDict | None) -> list[PickForm]:
    given = request.GET if posted is None else posted
    today = company_day(timezone.now())
    accounts = accounts_of(request.user, today).filter(
        pk__in=numbers(given.getlist("pk"))[:AT_ONCE]
    )
    rows = reviewed(list(accounts.order_by("customer__name", "pk")), today)
    return [PickForm(posted, row=row) for row in rows]
