"""What a user may do with a ticket now: the state diagram and the policies joined."""

from django_fsm import can_proceed

from exceptions.process import policies
from exceptions.process.models import Ticket
from staff.models import User


def available_actions(user: User, ticket: Ticket) -> list[str]:
    """Codes of the verbs this user may use on the ticket as it stands, most likely one first."""
    return [
        code
        for code, allowed in policies.TABLE.items()
        if _possible(code, user, ticket) and allowed(user, ticket)
    ]


def _possible(code: str, user: User, ticket: Ticket) -> bool:
    return {
        "take": ticket.is_open and ticket.assignee_id != user.pk,
        "start": can_proceed(ticket.to_in_progress) and ticket.assignee_id == user.pk,
        "close": can_proceed(ticket.to_closed),
        "assign": ticket.is_open,
        "comment": True,
        "reopen": can_proceed(ticket.to_open),
        "mark_wrong": not ticket.is_open and not ticket.was_wrong,
    }[code]
