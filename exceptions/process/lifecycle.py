"""Every write verb of a ticket; each locks it, asks the policy, guards, moves, and journals.

Tickets of rules are opened by the scan, see `exceptions.detect.scan`.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from exceptions.process import policies
from exceptions.process.enums import Outcome, TicketAction, TicketState
from exceptions.process.errors import RecordIncomplete, TicketError, WrongState
from exceptions.process.models import Cause, Comment, Ticket
from exceptions.process.notices import tell_department
from exceptions.triage.enums import Severity
from exceptions.triage.models import SlaTarget
from exceptions.triage.sla import deadlines
from journal.record import record
from orders.models import Order
from staff.models import User


@dataclass(frozen=True, slots=True)
class ClosingRecord:
    """What must be known before a ticket ends. `reason` is for false positives only."""

    outcome: Outcome
    cause_id: int
    action: str
    result: str
    reason: str = ""


@transaction.atomic
def open_by_hand(
    *,
    order_id: int,
    summary: str,
    severity: Severity,
    department_id: int,
    by: User,
    at: datetime,
) -> Ticket:
    """Open a ticket about something that no rule saw.

    Raises PermissionDenied, or TicketError without a summary.
    """
    order = Order.objects.select_related("customer").get(pk=order_id)
    if not policies.can_open(by, order):
        raise PermissionDenied(_("You may not open tickets on this order."))
    if not summary.strip():
        raise TicketError(_("Say what is wrong."))
    target = SlaTarget.objects.get(severity=severity)
    due = deadlines(at, target.respond_within, target.resolve_within)
    ticket = Ticket.objects.create(
        order=order,
        summary=summary.strip(),
        severity=severity,
        department_id=department_id,
        opened_by=by,
        opened_at=at,
        **asdict(due),
    )
    _journal(ticket, TicketAction.OPENED, "", by, at, reason=ticket.summary)
    tell_department(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def assign(*, ticket_id: int, assignee_id: int, by: User, at: datetime) -> Ticket:
    """Give an open ticket to somebody of its department, or take it oneself.

    Raises PermissionDenied, WrongState, or TicketError for somebody who cannot work on it.
    """
    ticket = _lock(ticket_id)
    _may(by, policies.can_work, ticket)
    if not ticket.is_open:
        raise _wrong_state(ticket)
    assignee = User.objects.get(pk=assignee_id)
    if assignee_id != by.pk and not policies.can_be_assigned(assignee, ticket):
        raise TicketError(
            _("%(person)s does not work on tickets of this department.") % {"person": assignee}
        )
    was = ticket.state
    ticket.assignee = assignee
    if can_proceed(ticket.to_assigned):
        ticket.to_assigned()
    if assignee_id == by.pk:
        _respond(ticket, at)
    ticket.save(update_fields=["state", "assignee", "first_response_at"])
    _journal(ticket, TicketAction.ASSIGNED, was, by, at, {"assignee": str(assignee)})
    return ticket


@transaction.atomic
def start(*, ticket_id: int, by: User, at: datetime) -> Ticket:
    """Begin to work on a ticket that is one's own.

    Raises PermissionDenied, WrongState, or TicketError when it is somebody else's.
    """
    ticket = _lock(ticket_id)
    _may(by, policies.can_work, ticket)
    _guard_state(ticket, ticket.to_in_progress)
    if ticket.assignee_id != by.pk:
        raise TicketError(
            _("This ticket is assigned to %(person)s. Take it first.") % {"person": ticket.assignee}
        )
    was = ticket.state
    _respond(ticket, at)
    ticket.to_in_progress()
    ticket.save(update_fields=["state", "first_response_at"])
    _journal(ticket, TicketAction.STARTED, was, by, at)
    return ticket


@transaction.atomic
def comment(*, ticket_id: int, text: str, by: User, at: datetime) -> Comment:
    """Add to the thread of a ticket, also of a closed one.

    Raises PermissionDenied, or TicketError without a text.
    """
    ticket = _lock(ticket_id)
    _may(by, policies.can_comment, ticket)
    if not text.strip():
        raise TicketError(_("Write something first."))
    made = Comment.objects.create(ticket=ticket, by=by, at=at, text=text.strip())
    if ticket.is_open and policies.can_work(by, ticket):
        _respond(ticket, at)
        ticket.save(update_fields=["first_response_at"])
    _journal(ticket, TicketAction.COMMENTED, ticket.state, by, at, {"comment": made.pk})
    return made


@transaction.atomic
def close(*, ticket_id: int, closing: ClosingRecord, by: User, at: datetime) -> Ticket:
    """End a ticket with its record. Raises PermissionDenied, WrongState or RecordIncomplete."""
    ticket = _lock(ticket_id)
    _may(by, policies.can_work, ticket)
    _guard_state(ticket, ticket.to_closed)
    cause = _guard_record(closing)
    was = ticket.state
    _respond(ticket, at)
    ticket.closed_at, ticket.closed_by = at, by
    ticket.outcome, ticket.cause = closing.outcome, cause
    ticket.action, ticket.result = closing.action.strip(), closing.result.strip()
    ticket.reason = closing.reason.strip() if closing.outcome == Outcome.FALSE_POSITIVE else ""
    ticket.to_closed()
    ticket.save(update_fields=["state", "first_response_at", *_RECORD])
    figures = {"outcome": closing.outcome, "cause": cause.code, "result": ticket.result}
    _journal(ticket, TicketAction.CLOSED, was, by, at, figures, reason=ticket.action)
    return ticket


@transaction.atomic
def reopen(*, ticket_id: int, reason: str, by: User, at: datetime) -> Ticket:
    """Put a closed ticket back into its department's queue; its record stays in the journal.

    Raises PermissionDenied, WrongState, or TicketError without a reason and when a newer ticket is
    open about the same.
    """
    ticket = _lock(ticket_id)
    _may(by, policies.can_work, ticket)
    _guard_state(ticket, ticket.to_open)
    _guard_reopening(ticket, reason)
    was = ticket.state
    kept = ("outcome", "action", "result", "reason", "wrong_reason")
    before = {name: getattr(ticket, name) for name in kept}
    before |= {"cause": ticket.cause_id, "closed_at": ticket.closed_at}
    ticket.assignee = ticket.closed_at = ticket.closed_by = ticket.cause = None
    ticket.outcome = ticket.action = ticket.result = ticket.reason = ticket.wrong_reason = ""
    ticket.wrong_at = ticket.wrong_by = None
    ticket.to_open()
    ticket.save(update_fields=["state", "assignee", *_RECORD, *_WRONG])
    _journal(ticket, TicketAction.REOPENED, was, by, at, {"before": before}, reason=reason)
    return ticket


@transaction.atomic
def mark_wrong(*, ticket_id: int, reason: str, by: User, at: datetime) -> Ticket:
    """Say of a closed ticket that it should never have been raised; reopening takes it back.

    Raises PermissionDenied, WrongState, or TicketError without a reason and for a ticket that says
    so already.
    """
    ticket = _lock(ticket_id)
    _may(by, policies.can_work, ticket)
    if ticket.is_open:
        raise _wrong_state(ticket)
    if ticket.was_wrong:
        raise TicketError(_("This ticket is marked as wrong already."))
    if not reason.strip():
        raise TicketError(_("Say why it was wrongly raised."))
    ticket.wrong_at, ticket.wrong_by, ticket.wrong_reason = at, by, reason.strip()
    ticket.save(update_fields=_WRONG)
    figures = {"outcome": ticket.outcome, "rule": ticket.rule_id}
    _journal(ticket, TicketAction.WRONGLY_RAISED, ticket.state, by, at, figures, reason=reason)
    return ticket


_RECORD = ("closed_at", "closed_by", "outcome", "cause", "action", "result", "reason")
_WRONG = ("wrong_at", "wrong_by", "wrong_reason")


def _lock(ticket_id: int) -> Ticket:
    return Ticket.objects.locked().select_related("order__customer").get(pk=ticket_id)


def _may(by: User, allowed: Callable[[User, Ticket], bool], ticket: Ticket) -> None:
    if not allowed(by, ticket):
        raise PermissionDenied(_("You may not work on this ticket."))


def _respond(ticket: Ticket, at: datetime) -> None:
    """The first time that somebody who answers for the ticket turns to it."""
    if ticket.first_response_at is None:
        ticket.first_response_at = at


def _guard_state(ticket: Ticket, step: Callable[[], None]) -> None:
    if not can_proceed(step):
        raise _wrong_state(ticket)


def _wrong_state(ticket: Ticket) -> WrongState:
    return WrongState(
        _("Ticket %(number)s is %(state)s, so this cannot be done now.")
        % {"number": ticket.number, "state": TicketState(ticket.state).label}
    )


def _guard_record(closing: ClosingRecord) -> Cause:
    cause = Cause.objects.filter(pk=closing.cause_id, active=True).first()
    if closing.outcome not in Outcome.values:
        raise RecordIncomplete(_("Choose how it ended."), "outcome")
    if cause is None:
        raise RecordIncomplete(_("Choose the confirmed cause."), "cause")
    if not closing.action.strip():
        raise RecordIncomplete(_("Say what was done."), "action")
    if not closing.result.strip():
        raise RecordIncomplete(_("Say what came of it."), "result")
    if closing.outcome == Outcome.FALSE_POSITIVE and not closing.reason.strip():
        raise RecordIncomplete(_("Say why it was a false positive."), "reason")
    return cause


def _guard_reopening(ticket: Ticket, reason: str) -> None:
    if not reason.strip():
        raise TicketError(_("Say why the ticket is reopened."))
    same = Ticket.objects.open().filter(order=ticket.order_id, subject=ticket.subject)
    newer = same.filter(rule=ticket.rule_id).first() if ticket.rule_id or ticket.subject else None
    if newer:
        raise TicketError(
            _("Ticket %(number)s is open about the same. Work on that one.")
            % {"number": newer.number}
        )


def _journal(
    ticket: Ticket,
    action: TicketAction,
    was: str,
    by: User,
    at: datetime,
    figures: dict[str, Any] | None = None,
    *,
    reason: str = "",
) -> None:
    record(
        action=action,
        subject=ticket,
        order_id=ticket.order_id,
        by=by,
        at=at,
        from_state=was,
        to_state=ticket.state,
        reason=reason,
        data={"ticket": ticket.number, **(figures or {})},
    )
