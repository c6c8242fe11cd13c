"""The ticket list as a file for a spreadsheet."""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from exceptions.process.models import Ticket
from exceptions.process.querysets import TicketQuerySet
from staff.sheets import safe

# Lets Excel see that the file is UTF-8.
_MARK = "\ufeff"


class _Echo:
    """Gives each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def ticket_lines(
    tickets: TicketQuerySet, keys: Sequence[str], *, language: str, zone: tzinfo
) -> Iterator[str]:
    """The lines of a CSV file with one ticket each, headed in `language`, times in `zone`.

    The rows are sent after the request's own language is put back, so it is set for each.
    """
    writer = csv.writer(_Echo())
    rows = tickets.with_what_lists_show().select_related("cause", "wrong_by").order_by(*keys)
    with translation.override(language):
        yield _MARK + writer.writerow(_headings())
    for ticket in rows.iterator(chunk_size=2000):
        with translation.override(language):
            line = [safe(cell) for cell in _cells(ticket, zone)]
        yield writer.writerow(line)


def _headings() -> list[str]:
    return [
        _("Ticket"), _("Severity"), _("What is wrong"), _("State"), _("Order"),
        _("Customer code"), _("Customer"), _("Department"), _("Assigned to"), _("Opened"),
        _("Response due"), _("First response"), _("Resolution due"), _("Cleared"), _("Closed"),
        _("How it ended"), _("Confirmed cause"), _("What was done"), _("Result"),
        _("Why it was wrong"), _("Marked by"), _("Marked"),
    ]  # fmt: skip


def _cells(ticket: Ticket, zone: tzinfo) -> list[Any]:
    def moment(value: datetime | None) -> str:
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}" if value else ""

    order = ticket.order
    return [
        ticket.number, ticket.severity, ticket.title, ticket.get_state_display(),
        order.number if order else "", order.customer.code if order else "",
        order.customer.name if order else "", ticket.department.name,
        ticket.assignee.display_name if ticket.assignee else "", moment(ticket.opened_at),
        moment(ticket.respond_due_at), moment(ticket.first_response_at),
        moment(ticket.resolve_due_at), moment(ticket.cleared_at), moment(ticket.closed_at),
        ticket.get_outcome_display(), ticket.cause.name if ticket.cause else "", ticket.action,
        ticket.result, ticket.wrong_reason or ticket.reason,
        ticket.wrong_by.display_name if ticket.wrong_by else "", moment(ticket.wrong_at),
    ]  # fmt: skip
