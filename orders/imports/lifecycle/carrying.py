"""What a worker does with an import that was started, and how it ends."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from journal.record import record
from orders.enums import OrderAction
from orders.imports import alive, memory, staging
from orders.imports.enums import BUSY, RunState
from orders.imports.problems import ImportRefused, Problems
from orders.imports.rejects import write_files
from orders.imports.running import Outcome, Progress, Stopped, check, write_all, write_good
from orders.models import ImportRun

logger = logging.getLogger(__name__)


def carry_out(*, run_id: int, at: datetime, progress: Progress) -> ImportRun:
    """Check or write a started import, as its state says, and record what came of it.

    Does nothing for an import that is not started, or that another worker is at. Whatever goes
    wrong, no row is half-imported.
    """
    runs = ImportRun.objects.select_related("created_by")
    with alive.holding(run_id) as mine:
        if mine:
            with alive.turn():
                run = runs.get(pk=run_id)  # a task that was sent twice finds the import done
                if run.state in BUSY:
                    run.taken_at, run.attempts = at, run.attempts + 1
                    run.save(update_fields=["taken_at", "attempts"])
                    return _carry_out(run, at, progress)
    return runs.get(pk=run_id)


def _carry_out(run: ImportRun, at: datetime, progress: Progress) -> ImportRun:
    try:
        return _write_good(run, at, progress) if run.good_rows else _in_one(run, at, progress)
    except Stopped:
        return end_stopped(run, at)
    except ImportRefused as refusal:
        return _end(run, RunState.REFUSED, Outcome(problems=refusal.problems), at)
    except Exception as error:  # whatever it is, the import must not look as if it still ran
        logger.exception("import %s stopped", run.pk)
        return end_failed(run, (str(error) or repr(error)).splitlines()[0], at)
    finally:
        staging.drop()


@transaction.atomic
def _in_one(run: ImportRun, at: datetime, progress: Progress) -> ImportRun:
    write = run.state == RunState.WRITING
    outcome = check(run, at=at, progress=progress)
    if outcome.problems.count:
        if outcome.readable:
            write_files(outcome.files, run.created_by.language or settings.LANGUAGE_CODE)
        return _end(run, RunState.REFUSED, outcome, at)
    if not write:
        return _end(run, RunState.READY, outcome, at)
    write_all(run, outcome, at=at, progress=progress)
    run.written = outcome.found
    return _end(run, RunState.DONE, outcome, at)


def _write_good(run: ImportRun, at: datetime, progress: Progress) -> ImportRun:
    with transaction.atomic():
        outcome = check(run, at=at, progress=progress)
    write_good(run, outcome, at=at, progress=progress)
    with transaction.atomic():
        write_files(outcome.files, run.created_by.language or settings.LANGUAGE_CODE)
        return _end(run, RunState.DONE, outcome, at)


def end_stopped(run: ImportRun, at: datetime) -> ImportRun:
    """End an import that was stopped: either no row is imported, or so many as are recorded."""
    run.state = RunState.UPLOADED if run.state == RunState.CHECKING else RunState.STOPPED
    run.ended_at = at
    run.save(update_fields=["state", "ended_at"])
    return run


def end_failed(run: ImportRun, message: str, at: datetime, code: str = "stopped") -> ImportRun:
    """End an import that cannot go on, with the problem `code`; what was committed stays."""
    problems = Problems()
    code = "stopped_part" if code == "stopped" and run.begun else code
    problems.add(code, message=message)
    if not run.begun:
        return _end(run, RunState.FAILED, Outcome(problems=problems), at)
    run.state, run.ended_at, run.problem_count = RunState.FAILED, at, 1
    run.problem_kinds, run.problems = {code: 1}, [problem.as_json() for problem in problems]
    run.save(update_fields=["state", "ended_at", "problem_count", "problem_kinds", "problems"])
    return run


def _end(run: ImportRun, state: RunState, outcome: Outcome, at: datetime) -> ImportRun:
    run.state, run.ended_at = state, at
    run.found, run.skipped = outcome.found, outcome.skipped
    run.left_out = outcome.left_out
    if not outcome.readable and state == RunState.REFUSED:
        run.found = {}
    run.problem_count = outcome.problems.count
    run.problem_kinds = dict(outcome.problems.by_code.most_common())
    run.problems = [problem.as_json() for problem in outcome.problems]
    run.notes = outcome.notes.as_json()
    run.unknown_words = outcome.unknown_words
    run.save()
    for file in outcome.files:
        file.save(update_fields=["first_rows", "rejected"])
    if state == RunState.DONE:
        memory.remember(run, at)
        record(
            action=OrderAction.IMPORTED,
            subject=run,
            by=run.created_by,
            at=at,
            data={"found": run.found, "skipped": run.skipped, "left_out": run.left_out},
        )
    return run
