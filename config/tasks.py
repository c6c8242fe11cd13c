"""The product's own pulse."""

import time

from celery import shared_task

from config import health


@shared_task
def heartbeat() -> None:
    """Say that beat sent a task and a worker ran it."""
    health.note_heartbeat(time.time())
