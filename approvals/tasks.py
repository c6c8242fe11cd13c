"""What the clock does for approvals; see CELERY_BEAT_SCHEDULE."""

from celery import shared_task
from django.utils import timezone

from approvals import lifecycle


@shared_task(name="approvals.chase", ignore_result=True)
def chase() -> dict[str, int]:
    """Remind those who are asked, and ask others where nobody answers in time."""
    done = lifecycle.chase(at=timezone.now())
    return {"reminded": done.reminded, "escalated": done.escalated}
