"""The clocks of a ticket as they stand at a moment."""

from datetime import datetime

from exceptions.process.models import Ticket
from exceptions.triage.sla import Clock


def response_clock(ticket: Ticket, at: datetime) -> Clock:
    """Until somebody who answers for the ticket turns to it."""
    stopped = ticket.first_response_at or ticket.closed_at
    return Clock(ticket.respond_due_at, ticket.respond_risk_at, stopped, at)


def resolution_clock(ticket: Ticket, at: datetime) -> Clock:
    """Until the ticket is closed."""
    return Clock(ticket.resolve_due_at, ticket.resolve_risk_at, ticket.closed_at, at)


def clock(ticket: Ticket, at: datetime) -> Clock:
    """The one that counts now: the nearer deadline until there is a response."""
    return Clock(ticket.due_at, ticket.risk_at, ticket.closed_at, at)
