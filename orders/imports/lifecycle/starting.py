"""Having an import carried out: starting it, stopping it, going on where a worker died."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from orders.imports import alive
from orders.imports.enums import BUSY, RunState
from orders.imports.lifecycle.carrying import end_failed, end_stopped
from orders.imports.lifecycle.guards import CannotImport, guard_own, lock, may_start
from orders.imports.progress import ask_to_stop
from orders.models import ImportRun
from staff.models import User

# So long may an import wait for a worker before it is handed over again.
UNTAKEN = timedelta(minutes=10)
# So many workers may die at one import.
MOST_ATTEMPTS = 3


@transaction.atomic
def start(
    *,
    run_id: int,
    write: bool,
    by: User,
    at: datetime,
    hand_over: Callable[[int], object],
    good_rows: bool = False,
) -> ImportRun:
    """Claim an import for checking or writing, and hand it over to a worker after the commit.

    With `good_rows` bad rows are left out, and what was begun so is gone on with. Raises
    PermissionDenied, or CannotImport when it runs already or is over.
    """
    run = lock(run_id, by)
    guard_own(run, by)
    if not may_start(run, write=write, good_rows=good_rows):
        raise CannotImport(_("This import cannot be started now. Look at how far it is."))
    if run.files.filter(stored="").exists():
        raise CannotImport(_("The files of this import are deleted. Upload them again."))
    run.state = RunState.WRITING if write else RunState.CHECKING
    run.started_at, run.ended_at, run.taken_at = at, None, None
    run.attempts, run.good_rows = 0, write and good_rows
    run.save(update_fields=["state", "started_at", "ended_at", "taken_at", "attempts", "good_rows"])
    transaction.on_commit(partial(hand_over, run.pk))
    return run


@transaction.atomic
def stop(*, run_id: int, by: User, at: datetime) -> ImportRun:
    """Stop a running import: at once where no worker is at it, else as soon as the worker hears.

    What was committed stays. Raises PermissionDenied, or CannotImport for one that does not run.
    """
    run = lock(run_id, by)
    if run.state not in BUSY:
        raise CannotImport(_("This import is not running."))
    ask_to_stop(run.pk)
    return run if alive.is_held(run.pk) else end_stopped(run, at)


@transaction.atomic
def resume(*, run_id: int, by: User, at: datetime, hand_over: Callable[[int], object]) -> ImportRun:
    """Hand over at once what a worker died at.

    Raises PermissionDenied, or CannotImport where a worker is at it or may still come.
    """
    run = lock(run_id, by)
    if run.state not in BUSY or not is_silent(run, at):
        raise CannotImport(_("A worker is at this import. Look at how far it is."))
    transaction.on_commit(partial(hand_over, run.pk))
    return run


def resume_silent(*, at: datetime, hand_over: Callable[[int], object]) -> int:
    """Hand over again what a worker died at, and give up what several died at; how many."""
    silent = [run for run in ImportRun.objects.filter(state__in=BUSY) if is_silent(run, at)]
    for run in silent:
        if run.attempts >= MOST_ATTEMPTS:
            end_failed(run, "", at, code="worker_died")
        else:
            hand_over(run.pk)
    return len(silent)


def is_silent(run: ImportRun, at: datetime) -> bool:
    """Whether a busy import has lost its worker, or none came for a long time."""
    if alive.is_held(run.pk):
        return False
    return run.taken_at is not None or bool(run.started_at and run.started_at < at - UNTAKEN)
