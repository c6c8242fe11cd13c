"""Tickets on the timeline of their order: which one, and what came of it."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exceptions.process.enums import Outcome, TicketAction
from orders.telling import Figures, Look, declare_looks


def _ticket(figures: Figures) -> str:
    number = figures.get("ticket")
    return _("Ticket %(number)s.") % {"number": number} if number else ""


def _assigned(figures: Figures) -> str:
    values = {"number": figures.get("ticket", ""), "person": figures.get("assignee", "")}
    return _("Ticket %(number)s to %(person)s.") % values


def _closed(figures: Figures) -> str:
    outcomes = dict(Outcome.choices)
    return _("Ticket %(number)s. %(outcome)s: %(result)s") % {
        "number": figures.get("ticket", ""),
        "outcome": capfirst(str(outcomes.get(figures.get("outcome", ""), "–"))),
        "result": figures.get("result", ""),
    }


declare_looks(
    {
        TicketAction.OPENED: Look("people", "ticket", "azure", _ticket),
        TicketAction.CLEARED: Look("people", "heart-check", "teal", _ticket),
        TicketAction.RECURRED: Look("people", "refresh", "orange", _ticket),
        TicketAction.ASSIGNED: Look("people", "user-check", "blue", _assigned),
        TicketAction.STARTED: Look("people", "player-play", "blue", _ticket),
        TicketAction.COMMENTED: Look("people", "message", "", _ticket),
        TicketAction.CLOSED: Look("people", "checks", "green", _closed),
        TicketAction.REOPENED: Look("people", "arrow-back-up", "orange", _ticket),
        TicketAction.WRONGLY_RAISED: Look("people", "hand-stop", "orange", _ticket),
    }
)
