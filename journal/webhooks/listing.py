"""What the pages show of endpoints and their messages, without counting what is long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.webhooks import topics
from journal.webhooks.enums import EndpointState, MessageState
from journal.webhooks.models import WebhookEndpoint, WebhookMessage
from staff.models import User

MOST_COUNTED = 999
# Tab of the log -> its label and the states that it shows.
VIEWS: dict[str, tuple[str | Promise, tuple[str, ...]]] = {
    "all": (gettext_lazy("All"), ()),
    "open": (gettext_lazy("Waiting"), (MessageState.WAITING, MessageState.SENDING)),
    "dead": (gettext_lazy("Given up"), (MessageState.DEAD,)),
    "delivered": (gettext_lazy("Arrived"), (MessageState.DELIVERED,)),
}


@dataclass(frozen=True)
class Health:
    """One endpoint as the list shows it."""

    endpoint: WebhookEndpoint
    waiting: int
    dead: int

    @property
    def waiting_text(self) -> str:
        return _shown(self.waiting)

    @property
    def dead_text(self) -> str:
        return _shown(self.dead)

    @property
    def topics(self) -> list[str]:
        """What it is told, in words."""
        return [topics.label(topic) for topic in self.endpoint.topics]


def healths(user: User) -> list[Health]:
    """All endpoints that the user may see, those that are off last."""
    seen = WebhookEndpoint.objects.for_user(user).order_by("pk")
    ordered = sorted(seen, key=lambda each: each.state == EndpointState.OFF)
    return [health(each) for each in ordered]


def health(endpoint: WebhookEndpoint) -> Health:
    """How many messages of an endpoint wait and were given up, counted no further than 999."""
    messages = endpoint.messages
    return Health(
        endpoint,
        waiting=messages.open().up_to(MOST_COUNTED + 1),
        dead=messages.filter(state=MessageState.DEAD).up_to(MOST_COUNTED + 1),
    )


def view_of(query: QueryDict) -> str:
    """The tab of the log that an address asks for."""
    code = query.get("view", "all")
    return code if code in VIEWS else "all"


def tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?view={code}#log", "current": code == current}
        for code, (label, _states) in VIEWS.items()
    ]


def log(endpoint: WebhookEndpoint, view: str) -> Any:
    """The messages of an endpoint on one tab."""
    states = VIEWS[view][1]
    messages = WebhookMessage.objects.filter(endpoint=endpoint)
    return messages.filter(state__in=states) if states else messages


def foresee(messages: Iterable[Any], endpoint: WebhookEndpoint, at: datetime) -> None:
    """Give each message its `leaves`: when it is tried next, `at` for at once, None for not."""
    earliest = endpoint.rest_until or at
    for message in messages:
        waits = message.next_at and endpoint.state == EndpointState.ON
        message.leaves = max(message.next_at, earliest, at) if waits else None


def _shown(count: int) -> str:
    return _("more than %(most)d") % {"most": MOST_COUNTED} if count > MOST_COUNTED else str(count)
