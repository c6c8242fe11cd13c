"""Webhooks and what they are told."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from journal.models import WebhookMessage
from journal.record import record
from journal.webhooks import lifecycle, sending
from orders.enums import OrderAction
from tests.factories.moments import NOW
from tests.factories.staff import person

URL = "https://hooks.example.com/in"
_number = count(900_000_000)


def endpoint(url=URL, *, topics=("order.*",), by=None, at=None, **values):
    return lifecycle.create_endpoint(
        url=url,
        description=values.pop("description", "Warehouse system"),
        topics=list(topics),
        by=by or person("administrator"),
        at=at or timezone.now(),
    )


def happened(*, action=OrderAction.EDITED, subject=None, at=NOW, **values):
    """An entry about somebody, on the timeline of an order that nothing else is about."""
    order_id = values.pop("order_id", None) or next(_number)
    said = {"action": action, "subject": subject or person(), "order_id": order_id, "by": None}
    return record(**said | values, at=at)


def messages(of=None):
    found = WebhookMessage.objects.order_by("pk")
    return list(found.filter(endpoint=of) if of else found)


def message(of, **values):
    entry = happened(**values)
    return WebhookMessage.objects.get(endpoint=of, entry=entry)


def deliver(after=timedelta(), **values):
    """One round of the worker, `after` from now."""
    return sending.deliver(now=lambda: timezone.now() + after, **values)
