"""Work on credit that nobody waits for."""

from celery import shared_task
from django.utils import timezone

from credit import lifecycle
from credit.scoring.recompute import recompute


@shared_task(name="credit.recompute_scores")
def recompute_scores() -> None:
    """Score every customer as of now."""
    recompute(at=timezone.now())


@shared_task(name="credit.settle_promises")
def settle_promises() -> None:
    """Settle the promises to pay whose day is over."""
    lifecycle.settle_promises(at=timezone.now())


@shared_task(name="credit.reconcile")
def reconcile() -> None:
    """Compare every balance with the ledger as of now."""
    lifecycle.reconcile(by=None, at=timezone.now())
