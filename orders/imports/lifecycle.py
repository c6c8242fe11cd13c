"""Every write verb of an import: upload, describe, start, carry out, discard."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from journal.record import record
from orders.enums import OrderAction
from orders.errors import OrderError
from orders.imports import memory
from orders.imports.enums import BUSY, OPEN, RunState
from orders.imports.mapping import Columns
from orders.imports.options import Options
from orders.imports.problems import ImportRefused, Problems
from orders.imports.reading import LARGEST_FILE, BadLine
from orders.imports.running import Outcome, Progress, perform, take_turn
from orders.models import ImportFile, ImportRun
from staff.models import User

MOST_FILES = 10
KEPT_FOR = timedelta(days=7)
# A worker that says nothing for so long has died.
SILENT = timedelta(hours=2)
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
    if run.state not in OPEN:
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
    *, run_id: int, write: bool, by: User, at: datetime, hand_over: Callable[[int], object]
) -> ImportRun:
    """Claim an import for checking or writing, and hand it over to a worker after the commit.

    Raises PermissionDenied, or CannotImport when it runs already or is over.
    """
    run = _lock(run_id, by)
    if run.created_by_id != by.pk:
        raise CannotImport(_("Only the person who uploaded the files can import them."))
    if run.state not in ((RunState.READY,) if write else OPEN):
        raise CannotImport(_("This import cannot be started now. Look at how far it is."))
    if run.files.filter(stored="").exists():
        raise CannotImport(_("The files of this import are deleted. Upload them again."))
    run.state = RunState.WRITING if write else RunState.CHECKING
    run.started_at, run.ended_at = at, None
    run.save(update_fields=["state", "started_at", "ended_at"])
    transaction.on_commit(partial(hand_over, run.pk))
    return run


def carry_out(*, run_id: int, at: datetime, progress: Progress) -> ImportRun:
    """Check or write a started import, as its state says, and record what came of it.

    Does nothing for an import that is not started. Whatever goes wrong, nothing is half-imported.
    """
    runs = ImportRun.objects.select_related("created_by")
    run = runs.get(pk=run_id)
    try:
        with transaction.atomic():
            take_turn()
            run = runs.get(pk=run_id)  # a task that was sent twice finds the import done
            if run.state not in BUSY:
                return run
            write = run.state == RunState.WRITING
            outcome = perform(run, by=run.created_by, at=at, write=write, progress=progress)
            return _end(run, RunState.DONE if write else RunState.READY, outcome, at)
    except ImportRefused as refusal:
        return _end(run, RunState.REFUSED, Outcome(problems=refusal.problems), at)
    except Exception as error:  # whatever it is, the import must not look as if it still ran
        logger.exception("import %s stopped", run_id)
        problems = Problems()
        problems.add("stopped", message=(str(error) or repr(error)).splitlines()[0])
        return _end(run, RunState.FAILED, Outcome(problems=problems), at)


@transaction.atomic
def discard(*, run_id: int, by: User, at: datetime) -> ImportRun:
    """Give up an import that has written nothing, and delete its files.

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
    """Delete the files of imports older than a week, and end those whose worker died."""
    dead = ImportRun.objects.filter(state__in=BUSY, started_at__lt=at - SILENT)
    dead.update(state=RunState.FAILED, ended_at=at)
    old = ImportRun.objects.filter(created_at__lt=at - KEPT_FOR, files__stored__gt="").distinct()
    for run in old.exclude(state__in=BUSY):
        if run.state in OPEN:
            run.state, run.ended_at = RunState.DISCARDED, at
            run.save(update_fields=["state", "ended_at"])
        delete_files(run)
    return len(old)


def delete_files(run: ImportRun) -> None:
    """Delete the uploaded files once the transaction commits; their names stay in the record."""
    for file in run.files.exclude(stored=""):
        transaction.on_commit(partial(file.stored.storage.delete, str(file.stored.name)))
        file.stored = ""
        file.save(update_fields=["stored"])


def _end(run: ImportRun, state: RunState, outcome: Outcome, at: datetime) -> ImportRun:
    run.state, run.ended_at = state, at
    run.found, run.skipped = outcome.found, outcome.skipped
    run.problem_count = outcome.problems.count
    run.problem_kinds = dict(outcome.problems.by_code.most_common())
    run.problems = [problem.as_json() for problem in outcome.problems]
    run.notes = outcome.notes.as_json()
    run.unknown_words = outcome.unknown_words
    run.save()
    if state == RunState.DONE:
        memory.remember(run, at)
        record(
            action=OrderAction.IMPORTED,
            subject=run,
            by=run.created_by,
            at=at,
            data={"found": run.found, "skipped": run.skipped},
        )
    return run


def _apply(file: ImportFile, reading: Reading) -> None:
    changed = (file.encoding, file.delimiter) != (reading.encoding, reading.delimiter)
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


def _guard_right(by: User) -> None:
    if not (by.has_perm("orders.import_data") or by.has_perm("credit.import_receivables")):
        raise PermissionDenied(_("You may not import files."))


def _shown_name(file: File) -> str:
    name = str(file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in name if letter.isprintable())[-200:] or "file.csv"
