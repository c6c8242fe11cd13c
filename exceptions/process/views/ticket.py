from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exceptions.process import lifecycle, policies
from exceptions.process.actions import available_actions
from exceptions.process.clocks import resolution_clock, response_clock
from exceptions.process.errors import RecordIncomplete, TicketError
from exceptions.process.forms import (
    AssignForm,
    CloseForm,
    CommentForm,
    OpenForm,
    ReopenForm,
    WrongForm,
)
from exceptions.process.models import Ticket
from exceptions.process.seen import seen
from exceptions.process.timeline import timeline
from orders.models import Order
from staff.access import SignedInRequest, needs


@needs("exceptions.view_ticket")
@require_safe
def ticket_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One ticket: what is wrong, until when, who is on it, and what to do."""
    return _show(request, _get(request, pk))


@needs("exceptions.work_ticket")
@require_POST
def take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Assign the ticket to oneself."""
    ticket = _get(request, pk)
    verb = partial(lifecycle.assign, assignee_id=request.user.pk)
    return _do(request, ticket, verb, _("The ticket is yours."))


@needs("exceptions.work_ticket")
@require_POST
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the ticket to somebody."""
    ticket = _get(request, pk)
    form = AssignForm(ticket, request.POST)
    if not form.is_valid():
        return _show(request, ticket, opened="assign", form=form, status=422)
    person = form.cleaned_data["assignee"]
    verb = partial(lifecycle.assign, assignee_id=person.pk)
    told = _("The ticket is assigned to %(person)s.") % {"person": person}
    return _do(request, ticket, verb, told)


@needs("exceptions.work_ticket")
@require_POST
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """Begin to work on one's ticket."""
    return _do(request, _get(request, pk), lifecycle.start, _("You are working on the ticket."))


@needs("exceptions.work_ticket")
@require_POST
def comment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add to the thread."""
    ticket = _get(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _show(request, ticket, opened="comment", form=form, status=422)
    verb = partial(lifecycle.comment, **form.cleaned_data)
    return _do(request, ticket, verb, _("Your comment is added."))


@needs("exceptions.work_ticket")
@require_POST
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Close the ticket with its record; what is missing is said beside its field."""
    ticket = _get(request, pk)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            verb = partial(lifecycle.close, closing=form.closing_record())
            return _do(request, ticket, verb, _("The ticket is closed."))
        except RecordIncomplete as error:
            form.add_error(error.missing, str(error))
    return _show(request, ticket, opened="close", form=form, status=422)


@needs("exceptions.work_ticket")
@require_POST
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a closed ticket back into the queue."""
    ticket = _get(request, pk)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return _show(request, ticket, opened="reopen", form=form, status=422)
    verb = partial(lifecycle.reopen, **form.cleaned_data)
    return _do(request, ticket, verb, _("The ticket is open again."))


@needs("exceptions.work_ticket")
@require_POST
def mark_wrong(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say of a closed ticket that it should never have been raised."""
    ticket = _get(request, pk)
    form = WrongForm(request.POST)
    if not form.is_valid():
        return _show(request, ticket, opened="mark_wrong", form=form, status=422)
    verb = partial(lifecycle.mark_wrong, **form.cleaned_data)
    return _do(request, ticket, verb, _("The ticket is marked as wrongly raised."))


@needs("exceptions.work_ticket")
@require_http_methods(["GET", "HEAD", "POST"])
def open_ticket(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open a ticket about an order, for something that no rule saw."""
    orders = Order.objects.for_user(request.user).select_related("customer")
    order = get_object_or_404(orders, pk=pk)
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        ticket = lifecycle.open_by_hand(
            order_id=pk,
            department_id=values.pop("department").pk,
            by=request.user,
            at=timezone.now(),
            **values,
        )
        messages.success(request, _("Ticket %(number)s is open.") % {"number": ticket.number})
        return redirect("exceptions:ticket", ticket.pk)
    status = 422 if form.errors else 200
    return render(request, "exceptions/open.html", {"order": order, "form": form}, status=status)


def _get(request: SignedInRequest, pk: int) -> Ticket:
    tickets = Ticket.objects.for_user(request.user).select_related(
        "rule",
        "rule_version",
        "order__customer",
        "order__owner",
        "department",
        "assignee",
        "opened_by",
        "closed_by",
        "wrong_by",
        "cause",
    )
    return get_object_or_404(tickets, pk=pk)


def _do(
    request: SignedInRequest, ticket: Ticket, verb: Callable[..., Any], told: str
) -> HttpResponse:
    """Use the verb and go back to the ticket, saying what came of it."""
    try:
        verb(ticket_id=ticket.pk, by=request.user, at=timezone.now())
    except RecordIncomplete:
        raise
    except TicketError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, told)
    return redirect("exceptions:ticket", ticket.pk)


def _show(
    request: SignedInRequest,
    ticket: Ticket,
    *,
    opened: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    at, user = timezone.now(), request.user
    may = available_actions(user, ticket)
    fresh: dict[str, Callable[[], forms.Form]] = {
        "assign": lambda: AssignForm(ticket),
        "comment": CommentForm,
        "close": CloseForm,
        "reopen": ReopenForm,
        "mark_wrong": WrongForm,
    }
    mine = Ticket.objects.mine_open(user).exclude(pk=ticket.pk)
    context = {
        "at": at,
        "ticket": ticket,
        "order": ticket.order,
        "seen": seen(ticket, user),
        "response": response_clock(ticket, at),
        "resolution": resolution_clock(ticket, at),
        "comments": ticket.comments.select_related("by"),
        "timeline": timeline(ticket),
        "may": may,
        "may_work": policies.can_work(user, ticket),
        "opened": opened,
        "forms": {
            code: form if code == opened else make() for code, make in fresh.items() if code in may
        },
        "next": mine.order_by("due_at", "pk").first(),
    }
    return render(request, "exceptions/ticket.html", context, status=status)
