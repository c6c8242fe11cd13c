"""The ticket list as a file for a spreadsheet."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from exceptions.process.querysets import TicketQuerySet
from staff.sheets import Column, Kind, Sheet

_MOMENT = Kind.MOMENT
_COLUMNS = (
    Column(_("Ticket"), "number"),
    Column(_("Severity"), "severity"),
    Column(_("What is wrong"), "title"),
    Column(_("State"), lambda ticket: ticket.get_state_display()),
    Column(_("Order"), "order__number"),
    Column(_("Customer code"), "order__customer__code"),
    Column(_("Customer"), "order__customer__name"),
    Column(_("Department"), "department__name"),
    Column(_("Assigned to"), "assignee__display_name"),
    Column(_("Opened"), "opened_at", _MOMENT),
    Column(_("Response due"), "respond_due_at", _MOMENT),
    Column(_("First response"), "first_response_at", _MOMENT),
    Column(_("Resolution due"), "resolve_due_at", _MOMENT),
    Column(_("Cleared"), "cleared_at", _MOMENT),
    Column(_("Closed"), "closed_at", _MOMENT),
    Column(_("How it ended"), lambda ticket: ticket.get_outcome_display()),
    Column(_("Confirmed cause"), "cause__name"),
    Column(_("What was done"), "action"),
    Column(_("Result"), "result"),
    Column(_("Why it was wrong"), lambda ticket: ticket.wrong_reason or ticket.reason),
    Column(_("Marked by"), "wrong_by__display_name"),
    Column(_("Marked"), "wrong_at", _MOMENT),
)


def ticket_sheet(tickets: TicketQuerySet, keys: Sequence[str]) -> Sheet:
    """The tickets in the order of `keys`."""
    rows = tickets.with_what_lists_show().select_related("cause", "wrong_by").order_by(*keys)
    return Sheet("tickets", _COLUMNS, rows)
