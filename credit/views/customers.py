"""Customers as a list."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from credit.ageing import overdue_sum
from credit.days import company_day
from credit.enums import CustomerStatus
from credit.export import customer_sheet
from credit.forms import CustomerFilter
from credit.models import Customer
from credit.views.seen import accounts_with_limits
from staff.access import SignedInRequest, needs
from staff.downloads import download
from staff.keyset import page
from staff.models import User

VIEWS = {"all": "", "watch": CustomerStatus.WATCH, "blacklisted": CustomerStatus.BLACKLISTED}
SORTS = {"code": ("code", "pk"), "name": ("name", "pk")}


@needs("credit.view_customer")
@require_safe
def customers(request: SignedInRequest) -> HttpResponse:
    """The customers this user may see, with their credit at a glance."""
    user = request.user
    form, rows = _found(request)
    context = {
        "form": form,
        "tabs": _tabs(user, request.GET.get("view", "all")),
        "page": page(rows, request, keys=_keys(request.GET.get("sort", ""))),
        "sees_credit": user.has_perm("credit.view_creditaccount"),
    }
    return render(request, "credit/customers.html", context, status=400 if form.errors else 200)


@needs("credit.view_customer")
@require_safe
def export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Exactly what the list shows, all its pages, as a file."""
    form, rows = _found(request)
    if form.errors:
        return customers(request)
    credit = request.user.has_perm("credit.view_creditaccount")
    keys = _keys(request.GET.get("sort", ""))
    return download(request, customer_sheet(rows, keys, credit=credit))


def _found(request: SignedInRequest) -> tuple[CustomerFilter, QuerySet[Customer]]:
    """The customers that the address asks for, with what the list shows of each."""
    user, at = request.user, timezone.now()
    form = CustomerFilter(request.GET, user=user)
    view = request.GET.get("view", "all")
    rows = form.narrow(_in_view(Customer.objects.for_user(user), user, view))
    rows = rows.select_related("segment", "owner").prefetch_related(accounts_with_limits(at))
    return form, rows.annotate(overdue=overdue_sum(company_day(at)))


def _in_view(seen: Any, user: User, view: str) -> Any:
    if view == "mine":
        return seen.filter(owner=user)
    return seen.filter(status=VIEWS[view]) if VIEWS.get(view) else seen


def _keys(sort: str) -> tuple[str, ...]:
    columns = SORTS.get(sort.lstrip("-"), SORTS["code"])
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns


def _tabs(user: User, view: str) -> list[dict[str, Any]]:
    labels = {
        "all": _("All"),
        "mine": _("Mine"),
        "watch": _("Watch list"),
        "blacklisted": _("Blacklisted"),
    }
    # Salespeople see only their own anyway, and nobody else has any.
    if not (user.has_perm("credit.view_all_customers") and user.has_perm("orders.add_order")):
        del labels["mine"]
    shown = view if view in labels else "all"
    return [
        {"label": label, "url": f"?view={code}", "current": code == shown}
        for code, label in labels.items()
    ]
