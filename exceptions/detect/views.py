from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exceptions.detect import lifecycle, policies
from exceptions.detect.evaluate import Glance, glance
from exceptions.detect.export import rule_sheet, with_open_tickets
from exceptions.detect.forms import SwitchForm, VersionForm
from exceptions.detect.history import history
from exceptions.detect.lifecycle import RuleError
from exceptions.detect.models import AlertRule, Scan
from exceptions.process.models import Ticket
from staff.access import SignedInRequest, needs
from staff.downloads import download

ROWS = 8


@needs("exceptions.view_alertrule")
@require_safe
def rule_list(request: SignedInRequest) -> HttpResponse:
    """Every rule as a sentence, with what it found last, and the pulse of the scan."""
    context = {
        "at": timezone.now(),
        "rules": _found(request),
        "scan": Scan.objects.first(),
    }
    return render(request, "exceptions/rules.html", context)


@needs("exceptions.view_alertrule")
@require_safe
def export(request: SignedInRequest) -> StreamingHttpResponse:
    """Every rule that the list shows, as a file."""
    return download(request, rule_sheet(_found(request)))


def _found(request: SignedInRequest) -> list[tuple[AlertRule, int]]:
    """The rules, each with how many of its tickets this user may see are open."""
    rules = AlertRule.objects.filter(current__isnull=False).select_related("current__department")
    return with_open_tickets(rules, request.user)


@needs("exceptions.view_alertrule")
@require_safe
def rule_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One rule: what it looks for, what it finds now, and how it came to be."""
    rule = _get(pk)
    return _show(request, rule, VersionForm(rule.version))


@needs("exceptions.change_alertrule")
@require_POST
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Publish new thresholds, or only show what they would find."""
    rule = _get(pk)
    form = VersionForm(rule.version, request.POST)
    looking = "preview" in request.POST
    if looking:
        form.only_looking()
    if not form.is_valid():
        return _show(request, rule, form, status=422)
    values = form.cleaned_data
    at = timezone.now()
    if looking:
        preview = glance(values["condition"], at, request.user, rows=0)
        return _show(request, rule, form, preview=preview)
    try:
        version = lifecycle.publish(
            rule_id=pk,
            condition=values["condition"],
            severity=values["severity"],
            department_id=values["department"].pk,
            note=values["note"],
            seen_version=values["seen_version"],
            by=request.user,
            at=at,
        )
    except RuleError as error:
        form.add_error(None, str(error))
        return _show(request, rule, form, status=409)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("exceptions:rule", pk)


@needs("exceptions.change_alertrule")
@require_POST
def switch(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a rule on watch, or take it off."""
    rule = _get(pk)
    form = SwitchForm(request.POST)
    if form.is_valid():
        try:
            lifecycle.switch(
                rule_id=pk,
                on=request.POST.get("to") == "live",
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except RuleError as error:
            messages.error(request, str(error))
        return redirect("exceptions:rule", pk)
    return _show(request, rule, VersionForm(rule.version), switch_form=form, status=422)


def _get(pk: int) -> AlertRule:
    known = AlertRule.objects.filter(current__isnull=False)
    return get_object_or_404(known.select_related("current__department"), pk=pk)


def _show(
    request: SignedInRequest,
    rule: AlertRule,
    form: VersionForm,
    *,
    preview: Glance | None = None,
    switch_form: SwitchForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    tickets = Ticket.objects.for_user(request.user).open().filter(rule=rule)
    context: dict[str, Any] = {
        "at": at,
        "rule": rule,
        "version": rule.version,
        "form": form,
        "preview": preview,
        "switch_form": switch_form or SwitchForm(),
        "may_change": policies.can_change(request.user),
        "found": glance(rule.version.condition, at, request.user, rows=ROWS),
        "tickets": tickets.with_what_lists_show().order_by("due_at", "pk")[:ROWS],
        "open_count": tickets.count(),
        "history": history(rule),
        "scan": Scan.objects.first(),
    }
    return render(request, "exceptions/rule.html", context, status=status)
