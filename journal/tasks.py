"""What is done with the journal in the background."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from journal.webhooks import pruning, sending

# One worker thread sends webhooks, the others are free for all else; it sends many at once.
_TURN = "journal.webhooks.sending"
_LONGEST_TURN = 120  # seconds; whoever dies within one leaves it to the next for no longer


@shared_task(name="journal.deliver_webhooks")
def deliver_webhooks() -> int:
    """Send the webhook messages that are due; how many arrived. Ends at once if one is at it."""
    if not cache.add(_TURN, True, _LONGEST_TURN):
        return 0
    try:
        return sending.deliver(now=timezone.now)
    finally:
        cache.delete(_TURN)


@shared_task(name="journal.delete_old_webhook_messages")
def delete_old_webhook_messages() -> int:
    """Delete webhook messages that nobody needs any more; how many."""
    return pruning.prune(at=timezone.now())
