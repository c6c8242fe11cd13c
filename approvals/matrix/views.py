"""The approval matrix for those who work with it: reading it, and trying it out."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from approvals.matrix import wording
from approvals.matrix.cases import case_of_limit, case_of_order, order_case
from approvals.matrix.forms import MatrixTesterForm
from approvals.matrix.models import MatrixVersion
from approvals.matrix.names import Names, load_names
from approvals.matrix.people import deciders
from approvals.matrix.routing import Case
from approvals.matrix.trial import Trial, try_version
from credit.models import CreditAccount
from credit.money import ZERO
from staff.access import SignedInRequest, needs


@needs("approvals.view_matrixversion")
@require_safe
def matrix(request: SignedInRequest) -> HttpResponse:
    """The version in force, in words."""
    version = MatrixVersion.objects.published().select_related("published_by").first()
    groups = wording.grouped(version.content, load_names()) if version else []
    return render(request, "approvals/matrix/detail.html", {"version": version, "groups": groups})


@needs("approvals.view_matrixversion")
@require_safe
def tester(request: SignedInRequest) -> HttpResponse:
    """Which way an order or a change of a limit would go; changes nothing."""
    names = load_names()
    form = MatrixTesterForm(request.GET or None, user=request.user, names=names)
    trials: list[Trial] = []
    if form.is_bound and form.asked and form.is_valid():
        trials = _trials(form, names, timezone.now())
    elif form.is_bound and not form.asked:
        # An address that only fills the form in is no question yet.
        form = _filled(request, names)
    context = {
        "form": form,
        "trials": trials,
        "order": getattr(form, "cleaned_data", {}).get("order"),
    }
    status = 400 if form.errors else 200
    return render(request, "approvals/matrix/tester.html", context, status=status)


def _filled(request: SignedInRequest, names: Names) -> MatrixTesterForm:
    form = MatrixTesterForm(None, user=request.user, names=names)
    form.initial = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    form.initial["reasons"] = request.GET.getlist("reasons")
    return form


def _trials(form: MatrixTesterForm, names: Names, at: datetime) -> list[Trial]:
    account = form.account(at)
    if account is None:
        form.add_error("customer", _("This customer has no credit account yet."))
        return []
    people = deciders()
    return [
        try_version(version, _case(form, account, version.content["currency"], at), names, people)
        for version in form.versions()
    ]


def _case(form: MatrixTesterForm, account: CreditAccount, into: str, at: datetime) -> Case:
    values = form.cleaned_data
    order = values["order"]
    decision = form.decision_about(order) if order else None
    if order and decision:
        return case_of_order(order, decision, into=into, at=at)
    if form.is_limit:
        return case_of_limit(account, values["amount"], into=into, at=at)
    return order_case(
        account,
        excess=values["excess"] or ZERO,
        amount=values["amount"] or ZERO,
        currency=values["currency"] or account.currency,
        reasons=values["reasons"],
        into=into,
        at=at,
    )
