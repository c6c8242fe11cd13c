"""What is done for people in the background."""

from celery import shared_task
from django.utils import timezone

from staff.inbox import sending


@shared_task(name="staff.deliver_notices")
def deliver_notices() -> int:
    """Send the mail that is due; how many left."""
    return sending.deliver(now=timezone.now)
