"""Old messages are deleted: the journal keeps what happened, they only kept that it was told."""

from datetime import datetime, timedelta

from django.db.models import Q

from journal.webhooks.enums import EndpointState, MessageState
from journal.webhooks.models import WebhookMessage, WebhookSecret

KEPT_FOR = timedelta(days=30)
AT_ONCE = 5_000


def prune(*, at: datetime) -> int:
    """Delete messages of more than 30 days ago that nothing will send any more; how many.

    Those that wait for an endpoint that is on are kept, however old. Secrets that sign nothing any
    more go as well.
    """
    WebhookSecret.objects.filter(expires_at__lt=at - KEPT_FOR).delete()
    ended = Q(state__in=(MessageState.DELIVERED, MessageState.DEAD), ended_at__lt=at - KEPT_FOR)
    idle = Q(state=MessageState.WAITING) & ~Q(endpoint__state=EndpointState.ON)
    old = WebhookMessage.objects.filter(ended | idle, created_at__lt=at - KEPT_FOR)
    deleted = 0
    while chosen := list(old.order_by("created_at").values_list("pk", flat=True)[:AT_ONCE]):
        WebhookMessage.objects.filter(pk__in=chosen).delete()
        deleted += len(chosen)
    return deleted
