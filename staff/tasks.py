"""What is done for people in the background."""

from celery import shared_task
from django.utils import timezone

from staff.api import calls, idempotency
from staff.inbox import sending


@shared_task(name="staff.deliver_notices")
def deliver_notices() -> int:
    """Send the mail that is due; how many left."""
    return sending.deliver(now=timezone.now)


@shared_task(name="staff.settle_api_calls")
def settle_api_calls() -> int:
    """Bring the calls of integrations to the log; how many."""
    return calls.settle()


@shared_task(name="staff.prune_api")
def prune_api() -> int:
    """Forget old calls and answers of the API; how many."""
    at = timezone.now()
    return calls.prune(at) + idempotency.prune(at)
