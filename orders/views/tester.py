"""Trying credit policies out: on one order, and on every order while in the shadow."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from credit.enums import CreditAction, VersionState
from credit.models import Customer, PolicyVersion
from credit.money import ZERO
from journal.models import Entry
from orders.errors import OrderError
from orders.forms.filters import midnight, next_midnight
from orders.forms.tester import ShadowFilter, TesterForm
from orders.models import Order, ShadowDecision
from orders.reasons import in_words
from orders.shadow import blocked_by_shadow, changed_reasons, differing, passed_by_shadow
from orders.trial import Trial, imagined, try_version
from staff.access import SignedInRequest, needs
from staff.keyset import page
from staff.models import User

SUGGESTED = 12
SHADOW_SIZE = 25
_LONGEST_NUMBER = 19  # digits that surely fit into a number of the database


@needs("credit.view_policy")
@require_safe
def tester(request: SignedInRequest) -> HttpResponse:
    """What one or two versions would say about an order; changes nothing."""
    if request.htmx:  # type: ignore[attr-defined]
        return _customers(request)
    form = TesterForm(request.GET or None, user=request.user)
    trials: list[Trial] = []
    if form.is_bound and form.asked and form.is_valid():
        trials = _trials(form, timezone.now(), request.user)
    elif form.is_bound and not form.asked:
        # An address that only fills the form in is no question yet.
        form = _filled(request)
    context = {
        "form": form,
        "trials": trials,
        "order": getattr(form, "cleaned_data", {}).get("order"),
    }
    return render(request, "orders/tester.html", context, status=400 if form.errors else 200)


@needs("credit.view_policy")
@require_safe
def shadow(request: SignedInRequest) -> HttpResponse:
    """How a version in the shadow would have decided, beside what was decided."""
    versions = _tried(request.GET.get("version", ""))
    form = ShadowFilter(request.GET or None, versions=versions)
    valid = not form.is_bound or form.is_valid()
    version = _chosen(versions, request.GET.get("version", ""))
    found = _narrowed(request, form) if valid else ShadowDecision.objects.none()
    found = found.filter(policy_version=version)
    counts = found.aggregate(
        decisions=Count("pk"),
        more=Count("pk", filter=blocked_by_shadow()),
        fewer=Count("pk", filter=passed_by_shadow()),
        reasons=Count("pk", filter=differing("reasons")),
        same=Count("pk", filter=differing("same")),
    )
    rows = found.filter(differing(request.GET.get("difference", "")))
    rows = rows.select_related("decision__order__customer")
    shown = page(rows, request, keys=("-pk",), size=SHADOW_SIZE)
    for row in shown.rows:
        row.real_reasons = [line for line in in_words(row.decision, request.user) if line.blocks]
        row.added, row.dropped = changed_reasons(row)
        row.shadow_reasons = [line for line in in_words(row, request.user) if line.blocks]
    context = {"form": form, "version": version, "page": shown, "began": _began(version), **counts}
    return render(request, "orders/shadow.html", context, status=200 if valid else 400)


def _customers(request: SignedInRequest) -> HttpResponse:
    """Suggestions for the customer field: a part of the page."""
    words = request.GET.get("customer", "").replace("\x00", "").strip()[:80]
    found = Customer.objects.for_user(request.user).search(words).order_by("code")[:SUGGESTED]
    return render(request, "orders/_tester_customers.html", {"customers": found if words else []})


def _filled(request: SignedInRequest) -> TesterForm:
    form = TesterForm(None, user=request.user)
    form.initial = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return form


def _trials(form: TesterForm, at: datetime, reader: User) -> list[Trial]:
    values, account = form.cleaned_data, form.account(at)
    if account is None:
        form.add_error("customer", _("This customer has no credit account yet."))
        return []
    days = values["days"]
    order = values["order"] or imagined(
        account,
        total=values["amount"],
        currency=values["currency"] or account.currency,
        payment_days=account.customer.payment_days if days is None else days,
        paid=values["paid"] or ZERO,
    )
    try:
        return [try_version(version, account, order, at, reader) for version in values["versions"]]
    except OrderError as error:
        form.add_error("amount", str(error))
        return []


def _tried(code: str) -> list[PolicyVersion]:
    """The versions that are or were in the shadow, the one that is there now first.

    Beside them the one that the address names, which may have judged nothing yet.
    """
    used = ShadowDecision.objects.filter(policy_version=OuterRef("pk"))
    wanted = Q(state=VersionState.SHADOW) | Q(Exists(used))
    if code.isdecimal() and len(code) < _LONGEST_NUMBER:
        wanted |= Q(pk=int(code))
    versions = PolicyVersion.objects.filter(wanted)
    found = versions.select_related("policy").order_by("-pk")
    return sorted(found, key=lambda version: version.state != VersionState.SHADOW)


def _chosen(versions: list[PolicyVersion], code: str) -> PolicyVersion | None:
    named = [version for version in versions if str(version.pk) == code]
    return next(iter(named or versions), None)


def _narrowed(request: SignedInRequest, form: ShadowFilter) -> Any:
    found = ShadowDecision.objects.filter(decision__order__in=Order.objects.for_user(request.user))
    values = form.cleaned_data if form.is_bound else {}
    if values.get("customer"):
        found = found.filter(decision__order__customer__code__iexact=values["customer"])
    if values.get("since"):
        found = found.filter(decision__at__gte=midnight(values["since"]))
    if values.get("until"):
        found = found.filter(decision__at__lt=next_midnight(values["until"]))
    return found


def _began(version: PolicyVersion | None) -> datetime | None:
    if version is None:
        return None
    entries = Entry.objects.about(version).filter(action=CreditAction.POLICY_SHADOWED)
    return entries.order_by("pk").values_list("at", flat=True).first()
