"""Work on orders that nobody waits for: imports of files."""

from celery import shared_task
from django.utils import timezone

from orders.imports import lifecycle, progress


@shared_task
def carry_out_import(run_id: int) -> None:
    """Check or write one started import."""
    progress.forget(run_id)
    lifecycle.carry_out(run_id=run_id, at=timezone.now(), progress=progress.reporter(run_id))


@shared_task
def delete_old_import_files() -> None:
    """Delete uploads that have been lying for a week."""
    lifecycle.delete_old_files(at=timezone.now())
