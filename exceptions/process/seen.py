"""What a rule saw when it opened a ticket, as this reader may see it."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exceptions.detect.models import subject
from exceptions.process.models import Ticket
from orders.facts import can_read
from rules.observing import Observation, read
from staff.models import User


@dataclass(frozen=True)
class Seen:
    """One fact: its name, what it was, and what it was compared with."""

    label: str
    text: str
    comparison: str
    readable: bool


def seen(ticket: Ticket, user: User) -> list[Seen]:
    """The facts the rule asked about, in its own order; none for tickets without a rule."""
    if ticket.rule is None:
        return []
    return [_seen(each, user) for each in read(ticket.observed, subject())]


def _seen(observation: Observation, user: User) -> Seen:
    readable = can_read(user, observation.fact.name)
    return Seen(
        label=capfirst(observation.label),
        text=observation.text if readable else _("not shown to you"),
        comparison=observation.comparison,
        readable=readable,
    )
