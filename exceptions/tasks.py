from celery import shared_task
from django.utils import timezone

from exceptions.detect import scan


@shared_task(name="exceptions.scan")
def scan_rules() -> None:
    """Look at every live rule as of now."""
    scan.run(timezone.now())
