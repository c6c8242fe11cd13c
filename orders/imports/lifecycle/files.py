"""What comes before an import and after it: its files, what they mean, and giving it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from orders.imports import memory
from orders.imports.enums import BUSY, OPEN, RunState
from orders.imports.lifecycle.guards import CannotImport, guard_right, lock
from orders.imports.mapping import Columns
from orders.imports.options import Options
from orders.imports.reading import LARGEST_FILE, BadLine
from orders.models import ImportFile, ImportRun
from staff.models import User

MOST_FILES = 10
KEPT_FOR = timedelta(days=7)


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
    guard_right(by)
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
    run = lock(run_id, by)
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
def discard(*, run_id: int, by: User, at: datetime) -> ImportRun:
    """Give up an import, or the rest of it, and delete its files; what is written stays.

    Raises PermissionDenied, or CannotImport while it runs and after it was imported.
    """
    run = lock(run_id, by)
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


def _shown_name(file: File) -> str:
    name = str(file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in name if letter.isprintable())[-200:] or "file.csv"
