"""The task queue: finds every app's `tasks.py`; beat's times are kept in the database."""

import os

from celery import Celery
from celery.signals import beat_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("ordergate")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Written into beat's tables when it starts. A task that nobody fetched before the next one is due
# is dropped, so that a worker that was away does not find a heap.
app.conf.beat_schedule = {
    "heartbeat": {
        "task": "config.tasks.heartbeat",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "delete-old-import-files": {
        "task": "orders.tasks.delete_old_import_files",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "resume-imports": {
        "task": "orders.tasks.resume_imports",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "chase-approvals": {
        "task": "approvals.chase",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    # Limits begin and end with days, rates are entered, customers leave the blacklist.
    "reevaluate-waiting": {
        "task": "orders.tasks.reevaluate_waiting",
        "schedule": 900.0,
        "options": {"expires": 600},
    },
    # They take their turn with what they wait for; this is for when a process died in between.
    "take-waiting-events": {
        "task": "orders.tasks.take_waiting_events",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "end-silent-backtests": {
        "task": "orders.tasks.end_silent_backtests",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    # Once a day, after a day that was missed at once: payments of the day show in the scores.
    "recompute-scores": {
        "task": "credit.recompute_scores",
        "schedule": 24 * 3600.0,
        "options": {"expires": 12 * 3600},
    },
    # A promise is kept or broken once its day is over.
    "settle-promises": {
        "task": "credit.settle_promises",
        "schedule": 3600.0,
        "options": {"expires": 1800},
    },
    "reconcile": {
        "task": "credit.reconcile",
        "schedule": 24 * 3600.0,
        "options": {"expires": 12 * 3600},
    },
    # Mail leaves right after what it tells; this is for retries and for when the broker was away.
    "deliver-notices": {
        "task": "staff.deliver_notices",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "settle-api-calls": {
        "task": "staff.settle_api_calls",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "prune-api": {
        "task": "staff.prune_api",
        "schedule": 24 * 3600.0,
        "options": {"expires": 12 * 3600},
    },
    "deliver-webhooks": {
        "task": "journal.deliver_webhooks",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "delete-old-webhook-messages": {
        "task": "journal.delete_old_webhook_messages",
        "schedule": 24 * 3600.0,
        "options": {"expires": 12 * 3600},
    },
    "scan": {
        "task": "exceptions.scan",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}


@beat_init.connect
def _show_life(**_: object) -> None:
    """Let readiness know at once, not after half a minute."""
    app.send_task("config.tasks.heartbeat", expires=30)


@setup_logging.connect
def _keep_logging(**_: object) -> None:
    """Leave logging as Django's settings made it."""
