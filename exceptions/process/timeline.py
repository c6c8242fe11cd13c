"""The story of a ticket, from its journal entries."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exceptions.process.enums import Outcome, TicketAction
from exceptions.process.models import Ticket
from journal.models import Entry

# icon and colour of each kind of entry
_LOOKS = {
    TicketAction.OPENED: ("ticket", "azure"),
    TicketAction.CLEARED: ("heart-check", "teal"),
    TicketAction.RECURRED: ("refresh", "orange"),
    TicketAction.ASSIGNED: ("user-check", "blue"),
    TicketAction.STARTED: ("player-play", "blue"),
    TicketAction.COMMENTED: ("message", ""),
    TicketAction.CLOSED: ("checks", "green"),
    TicketAction.REOPENED: ("arrow-back-up", "orange"),
    TicketAction.WRONGLY_RAISED: ("hand-stop", "orange"),
}


def timeline(ticket: Ticket) -> list[dict[str, Any]]:
    """What happened to the ticket, newest first."""
    return [_entry(entry) for entry in Entry.objects.about(ticket)]


def _entry(entry: Entry) -> dict[str, Any]:
    icon, colour = _LOOKS.get(TicketAction(entry.action), ("point", ""))
    return {
        "title": entry.label,
        "text": _text(entry),
        "who": entry.by or _("The system"),
        "at": entry.at,
        "icon": icon,
        "colour": colour,
    }


def _text(entry: Entry) -> str:
    if entry.action == TicketAction.ASSIGNED:
        return _("to %(person)s") % {"person": entry.figure("assignee")}
    if entry.action == TicketAction.CLOSED:
        outcome = capfirst(Outcome(entry.figure("outcome")).label)
        return _("%(outcome)s: %(result)s") % {
            "outcome": outcome,
            "result": entry.figure("result"),
        }
    return entry.words
