"""Work on credit that nobody waits for."""

from celery import shared_task
from django.utils import timezone

from credit.scoring.recompute import recompute


@shared_task(name="credit.recompute_scores")
def recompute_scores() -> None:
    """Score every customer as of now."""
    recompute(at=timezone.now())
