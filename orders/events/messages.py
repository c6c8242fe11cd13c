"""A message from another system: what it says, about which order, and whether it came before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from orders.enums import EventKind
from orders.errors import OrderError
from orders.events.contents import InvalidEvent, cleaned, text
from orders.models import FulfilmentEvent
from staff.sentences import sentence as _


class EventConflict(OrderError):
    """A message came under a number that another message of its sender has already."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a system tells. `reference` is the order's number here, or with `reference_source`
    (a code of `Source`) its number at that source; empty for counts of stock.
    """

    source: str
    external_id: str
    kind: str
    happened_at: datetime
    reference: str = ""
    reference_source: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventAnswer:
    """What became of a message: the event that is kept, or why nothing was.

    `again` says that it was known already; the event then says what became of it the first time.
    """

    event: FulfilmentEvent | None = None
    again: bool = False
    refusal: Exception | None = None


def named(message: Message) -> dict[str, Any]:
    """The message as `take_event` takes it."""
    return {name: getattr(message, name) for name in Message.__slots__}


def content_of(message: Message) -> dict[str, Any]:
    """What the message says, checked. Raises InvalidEvent."""
    if message.kind not in EventKind.values:
        raise InvalidEvent("kind", _("there is no such kind of event"))
    for name, most in (("source", 40), ("external_id", 120)):
        if not text(most)(name, getattr(message, name)):
            raise InvalidEvent(name, _("this is missing"))
    text(80)("reference", message.reference)
    if message.kind != EventKind.COUNTED and not message.reference:
        raise InvalidEvent("reference", _("name the order"))
    return cleaned(message.kind, message.payload)


def said(message: Message, content: Mapping[str, Any]) -> dict[str, Any]:
    """What makes two messages the same."""
    return {
        "kind": message.kind,
        "reference": message.reference,
        "reference_source": message.reference_source,
        "happened_at": message.happened_at,
        "payload": dict(content),
    }


def guard_same(event: FulfilmentEvent, told: Mapping[str, Any]) -> None:
    """Raises EventConflict for another message than the one that was taken under its number."""
    other = [name for name, value in told.items() if getattr(event, name) != value]
    if other:
        raise EventConflict(
            _(
                "Message %(number)s of %(source)s was taken before with another content. "
                "Send what is new under a number of its own."
            )
            % {"number": event.external_id, "source": event.source}
        )
