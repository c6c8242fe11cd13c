"""The one ticket about balances that differ from the ledger."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from exceptions.process.enums import Subject, TicketAction
from exceptions.process.models import Ticket
from exceptions.triage.enums import Severity
from exceptions.triage.models import SlaTarget
from exceptions.triage.sla import deadlines
from journal.record import record
from staff.models import Department


@transaction.atomic
def note(*, found: int, at: datetime) -> Ticket | None:
    """Let the ticket follow a comparison that found so many differences; None without a ticket.

    The first difference opens it. While it is open a comparison without any clears it, and one with
    some takes that back. It is closed by people, with its record; a later difference opens another.
    """
    # Two comparisons at once wait for each other here.
    target = SlaTarget.objects.select_for_update().get(severity=Severity.P1)
    ticket = Ticket.objects.locked().open().filter(subject=Subject.BOOKS).first()
    if ticket is None:
        return _opened(target, found, at) if found else None
    holds = ticket.cleared_at is None
    if found:
        ticket.observed = [{"differences": found}]
    ticket.cleared_at = None if found else ticket.cleared_at or at
    ticket.save(update_fields=["observed", "cleared_at"])
    if holds != bool(found):
        action = TicketAction.RECURRED if found else TicketAction.CLEARED
        _journal(ticket, action, ticket.state, found, at)
    return ticket


def _opened(target: SlaTarget, found: int, at: datetime) -> Ticket:
    ticket = Ticket.objects.create(
        subject=Subject.BOOKS,
        severity=Severity.P1,
        department=Department.objects.get(code="finance"),
        observed=[{"differences": found}],
        opened_at=at,
        **asdict(deadlines(at, target.respond_within, target.resolve_within)),
    )
    _journal(ticket, TicketAction.OPENED, "", found, at)
    return ticket


def _journal(ticket: Ticket, action: TicketAction, was: str, found: int, at: datetime) -> None:
    record(
        action=action,
        subject=ticket,
        by=None,
        at=at,
        from_state=was,
        to_state=ticket.state,
        data={"ticket": ticket.number, "differences": found},
    )
