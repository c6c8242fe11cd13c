"""Holds: the list of them, and releasing one or many."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from orders import lifecycle, policies
from orders.errors import OrderError
from orders.export import MISJUDGED, hold_sheet, misjudgment_sheet
from orders.forms.acts import ReleaseForm
from orders.forms.holds import ReleaseManyForm
from orders.hold_listing import WRONG, hold_listing, misjudgments
from orders.models import Hold
from orders.views.answers import ask, cannot, done, fresh
from orders.views.detail import get_order
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page
from staff.models import User

_AT_ONCE = 200
_SHOWN = ("order__customer", "order__owner", "placed_by", "released_by", "misjudgment__by")


@needs("orders.view_order")
@require_safe
def hold_list(request: SignedInRequest) -> HttpResponse:
    """Holds with what they keep from shipping: those that stand, were released, were wrong."""
    at, user = timezone.now(), request.user
    found = hold_listing(request, at)
    if found.code == WRONG:
        return _wrong_list(request, {"at": at, "listing": found})
    shown = page(found.holds.with_others().select_related(*_SHOWN), request, keys=found.keys)
    for hold in shown.rows:
        hold.may_release = policies.can_release(user, hold)
    context = {
        "at": at,
        "listing": found,
        "form": found.form,
        "page": shown,
        "may_release_some": any(h.may_release and not h.released_at for h in shown.rows),
    }
    return render(request, "orders/holds.html", context, status=400 if found.form.errors else 200)


def _wrong_list(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    form, found = misjudgments(request)
    counts = [{"label": form.labels[row["code"]], **row} for row in found.counts()]
    rows = page(found.select_related(*MISJUDGED), request, keys=("-at", "-pk"))
    context |= {"form": form, "page": rows, "counts": counts}
    status = 400 if form.errors else 200
    return render(request, "orders/wrongly_held.html", context, status=status)


@needs("orders.view_order")
@require_safe
def hold_export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    found = hold_listing(request, timezone.now())
    if found.code == WRONG:
        form, rows = misjudgments(request)
        return hold_list(request) if form.errors else download(request, misjudgment_sheet(rows))
    if found.form.errors:
        return hold_list(request)
    return download(request, hold_sheet(found.holds, found.keys))


@needs("orders.release_hold", "orders.force_hold")
@require_http_methods(["GET", "HEAD", "POST"])
def release_hold(request: SignedInRequest, pk: int) -> HttpResponse:
    """Release one hold; the others on the order stay."""
    user, at, found = request.user, timezone.now(), get_hold(request.user, pk)
    order = get_order(request, found.order_id)
    form = ReleaseForm(request.POST or None, order=order, user=user, at=at)
    look = {"label": _("Release hold"), "hold": found, "url": request.path}
    if request.method != "POST":
        if found.released_at or not policies.can_release(user, found):
            return cannot(request, order, _("You cannot release this hold now."))
        return ask(request, order, fresh(form), look)
    if form.is_valid():
        try:
            lifecycle.release_hold(hold_id=pk, note=form.cleaned_data["note"], by=user, at=at)
        except OrderError as error:
            form.add_error(None, str(error))
        else:
            return done(request, order, _("The hold is released."), at)
    return ask(request, order, form, look, status=422)


@needs("orders.release_hold", "orders.force_hold")
@require_http_methods(["GET", "HEAD", "POST"])
def release_many(request: SignedInRequest) -> HttpResponse:
    """Release the chosen holds for one reason, each by itself; then what became of each."""
    given = request.POST if request.method == "POST" else request.GET
    chosen = [int(pk) for pk in given.getlist("pk") if pk.isascii() and pk.isdigit()]
    holds = list(
        Hold.objects.for_user(request.user)
        .filter(pk__in=[pk for pk in chosen if pk < 2**63][:_AT_ONCE])
        .with_others()
        .select_related("order__customer", "placed_by")
        .order_by("placed_at", "pk")
    )
    for hold in holds:
        hold.may_release = not hold.released_at and policies.can_release(request.user, hold)
    form = ReleaseManyForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "holds": holds, "at": timezone.now()}
    context["released"] = sum(hold.may_release for hold in holds)
    if request.method == "POST" and form.is_valid():
        context["results"] = _release_each(holds, form.cleaned_data["note"], request.user)
    return render(request, "orders/release_many.html", context, status=422 if form.errors else 200)


def _release_each(holds: list[Any], note: str, user: User) -> list[tuple[Any, str]]:
    """Each hold with why it still stands, nothing where it was released."""
    results, at = [], timezone.now()
    for hold in holds:
        problem = ""
        try:
            lifecycle.release_hold(hold_id=hold.pk, note=note, by=user, at=at)
        except (OrderError, PermissionDenied) as error:
            problem = str(error)
        results.append((hold, problem))
    return results


def get_hold(user: User, pk: int) -> Hold:
    """The hold, if on an order that this user may see. Raises Http404."""
    shown = Hold.objects.for_user(user).select_related(
        "order__customer", "placed_by", "misjudgment"
    )
    return get_object_or_404(shown, pk=pk)
