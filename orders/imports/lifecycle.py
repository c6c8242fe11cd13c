"""Every write verb of an import: upload, describe, start, carry out, stop, discard."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from journal.record import record
from orders.enums import OrderAction
from orders.errors import OrderError
from orders.imports import alive, memory, staging
from orders.imports.enums import BUSY, LEAVES_OUT, OPEN, RunState
from orders.imports.mapping import Columns
from orders.imports.options import Options
from orders.imports.problems import ImportRefused, Problems
from orders.imports.progress import ask_to_stop
from orders.imports.reading import LARGEST_FILE, BadLine
from orders.imports.rejects import write_files
from orders.imports.running import Outcome, Progress, Stopped, check, write_all, write_good
from orders.models import ImportFile, ImportRun
from staff.models import User

# Any of them opens the pages; each row asks for its own right.
MAY_IMPORT = ("orders.import_data", "orders.import_work", "credit.import_receivables")
MOST_FILES = 10
KEPT_FOR = timedelta(days=7)
# So long may an import wait for a worker before it is handed over again.
UNTAKEN = timedelta(minutes=10)
# So many workers may die at one import.
MOST_ATTEMPTS = 3
logger = logging.getLogger(__name__)


class CannotImport(OrderError):
    """The import is not in a state for this, or its files cannot be taken."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one file is to be read."""

    kind: str
    encoding: str
    delimiter: str
    columns: Columns
    tab: str = ""


@transaction.atomic
def upload(*, files: Sequence[File], by: User, at: datetime) -> ImportRun:
    """Take files for an import; they are kept under random names and recognised by their columns.

    Raises PermissionDenied, or CannotImport for no file, too many, or one that is too large.
    """
    _guard_right(by)
    if not 1 <= len(files) <= MOST_FILES:
        raise CannotImport(
            _("Choose between 1 and %(most)d files that belong together.") % {"most": MOST_FILES}
        )
    for file in files:
        if file.size > LARGEST_FILE:
            raise CannotImport(
                _("%(file)s is larger than %(most)s MB. Split it into several files.")
                % {"file": file.name, "most": LARGEST_FILE // 1024**2}
            )
    run = ImportRun.objects.create(created_by=by, created_at=at)
    made = [
        ImportFile.objects.create(
            run=run, name=_shown_name(file), stored=File(file, "import.csv"), size=file.size
        )
        for file in files
    ]
    run.choices = memory.recognise(made).as_json()
    run.save(update_fields=["choices"])
    return run


@transaction.atomic
def describe(
    *, run_id: int, readings: Mapping[int, Reading], options: Options, by: User
) -> ImportRun:
    """Say what each file holds, what its columns mean, and how values are written.

    Raises PermissionDenied, or CannotImport once the import has begun.
    """
    run = _lock(run_id, by)
    if run.state not in OPEN or run.begun:
        raise CannotImport(_("This import has begun; its choices can no longer be changed."))
    for file in run.files.all():
        if reading := readings.get(file.pk):
            _apply(file, reading)
    run.choices = options.as_json()
    run.state = RunState.UPLOADED
    run.save(update_fields=["choices", "state"])
    return run


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
    run = _lock(run_id, by)
    _guard_own(run, by)
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
        return _stop(run, at)
    except ImportRefused as refusal:
        return _end(run, RunState.REFUSED, Outcome(problems=refusal.problems), at)
    except Exception as error:  # whatever it is, the import must not look as if it still ran
        logger.exception("import %s stopped", run.pk)
        return _fail(run, (str(error) or repr(error)).splitlines()[0], at)
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


@transaction.atomic
def stop(*, run_id: int, by: User, at: datetime) -> ImportRun:
    """Stop a running import: at once where no worker is at it, else as soon as the worker hears.

    What was committed stays. Raises PermissionDenied, or CannotImport for one that does not run.
    """
    run = _lock(run_id, by)
    if run.state not in BUSY:
        raise CannotImport(_("This import is not running."))
    ask_to_stop(run.pk)
    return run if alive.is_held(run.pk) else _stop(run, at)


@transaction.atomic
def resume(*, run_id: int, by: User, at: datetime, hand_over: Callable[[int], object]) -> ImportRun:
    """Hand over at once what a worker died at.

    Raises PermissionDenied, or CannotImport where a worker is at it or may still come.
    """
    run = _lock(run_id, by)
    if run.state not in BUSY or not is_silent(run, at):
        raise CannotImport(_("A worker is at this import. Look at how far it is."))
    transaction.on_commit(partial(hand_over, run.pk))
    return run


def resume_silent(*, at: datetime, hand_over: Callable[[int], object]) -> int:
    """Hand over again what a worker died at, and give up what several died at; how many."""
    silent = [run for run in ImportRun.objects.filter(state__in=BUSY) if is_silent(run, at)]
    for run in silent:
        if run.attempts >= MOST_ATTEMPTS:
            _fail(run, "", at, code="worker_died")
        else:
            hand_over(run.pk)
    return len(silent)


def is_silent(run: ImportRun, at: datetime) -> bool:
    """Whether a busy import has lost its worker, or none came for a long time."""
    if alive.is_held(run.pk):
        return False
    return run.taken_at is not None or bool(run.started_at and run.started_at < at - UNTAKEN)


@transaction.atomic
def discard(*, run_id: int, by: User, at: datetime) -> ImportRun:
    """Give up an import, or the rest of it, and delete its files; what is written stays.

    Raises PermissionDenied, or CannotImport while it runs and after it was imported.
    """
    run = _lock(run_id, by)
    if run.state not in OPEN:
        raise CannotImport(_("This import cannot be discarded now."))
    run.state, run.ended_at = RunState.DISCARDED, at
    run.save(update_fields=["state", "ended_at"])
    delete_files(run)
    return run


def delete_old_files(*, at: datetime) -> int:
    """Delete the files of imports older than a week."""
    old = ImportRun.objects.filter(created_at__lt=at - KEPT_FOR, files__stored__gt="").distinct()
    for run in old.exclude(state__in=BUSY):
        if run.state in OPEN:
            run.state, run.ended_at = RunState.DISCARDED, at
            run.save(update_fields=["state", "ended_at"])
        delete_files(run)
    return len(old)


def delete_files(run: ImportRun) -> None:
    """Delete the uploaded files once the transaction commits; their names stay in the record."""
    for file in run.files.exclude(stored="", rejected=""):
        for kept in (file.stored, file.rejected):
            if kept:
                transaction.on_commit(partial(kept.storage.delete, str(kept.name)))
        file.stored = file.rejected = ""
        file.save(update_fields=["stored", "rejected"])


def may_start(run: ImportRun, *, write: bool, good_rows: bool) -> bool:
    """Whether the state of an import lets it be checked, or written in this way."""
    if not write:
        return run.state in OPEN and not run.begun
    if run.begun:
        return good_rows and run.state in LEAVES_OUT
    return run.state == RunState.READY or (
        good_rows and run.state in LEAVES_OUT and any(run.found.values())
    )


def _stop(run: ImportRun, at: datetime) -> ImportRun:
    """Nothing is half-imported: either no row is, or so many as are recorded."""
    run.state = RunState.UPLOADED if run.state == RunState.CHECKING else RunState.STOPPED
    run.ended_at = at
    run.save(update_fields=["state", "ended_at"])
    return run


def _fail(run: ImportRun, message: str, at: datetime, code: str = "stopped") -> ImportRun:
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


def _apply(file: ImportFile, reading: Reading) -> None:
    read = (reading.encoding, reading.delimiter, reading.tab)
    changed = (file.encoding, file.delimiter, file.tab) != read
    file.tab = reading.tab
    file.kind, file.columns = reading.kind, reading.columns
    file.encoding, file.delimiter = reading.encoding, reading.delimiter
    if changed:
        try:
            file.headers = file.sheet.headers()
        except BadLine:
            file.headers = []
    file.save()


def _lock(run_id: int, by: User) -> ImportRun:
    run = ImportRun.objects.select_for_update().get(pk=run_id)
    _guard_right(by)
    if not ImportRun.objects.for_user(by).filter(pk=run_id).exists():
        raise PermissionDenied(_("You may not see this import."))
    return run


def _guard_own(run: ImportRun, by: User) -> None:
    if run.created_by_id != by.pk:
        raise CannotImport(_("Only the person who uploaded the files can import them."))


def _guard_right(by: User) -> None:
    if not any(map(by.has_perm, MAY_IMPORT)):
        raise PermissionDenied(_("You may not import files."))


def _shown_name(file: File) -> str:
    name = str(file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in name if letter.isprintable())[-200:] or "file.csv"
