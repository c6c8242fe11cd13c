"""Checking the files of an import, and writing them: all of it or nothing, or the good rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from orders.imports import checks, rejects, staging
from orders.imports.enums import Kind
from orders.imports.existing import Payments
from orders.imports.limits import Limits
from orders.imports.mapping import fold
from orders.imports.master import Customers, Products, guard_rights
from orders.imports.noted import REPEATED_PAYMENT, SKIPPED_PAYMENT
from orders.imports.problems import ImportRefused, Notes, Problems
from orders.imports.receipts import Receipts
from orders.imports.receivables import Receivables
from orders.imports.replay import Replay
from orders.imports.shipments import Shipments
from orders.imports.stock import Counts
from orders.imports.values import ValueReader
from orders.imports.writing import RowRefused, Step, Writer, lock_accounts, parents
from orders.models import ImportFile, ImportRun

# Told the phase ("reading" or a kind of rows), how much is done and of how many; 0 of 0 where
# nobody knows. It raises Stopped once somebody asked for that.
Progress = Callable[[str, int, int], None]


# Notes about what was there before.
_THERE = (SKIPPED_PAYMENT, REPEATED_PAYMENT)


class Stopped(Exception):
    """Somebody asked the import to stop."""


@dataclass(slots=True)
class Outcome:
    """What an import found, and what it did differently from how the file says it.

    `readable` is False where nothing can be said about single rows, or nobody may write them.
    """

    files: list[ImportFile] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    notes: Notes = field(default_factory=Notes)
    readable: bool = False

    @property
    def unknown_words(self) -> list[str]:
        """Status words that need a meaning, among the problems that were kept."""
        words = {fold(p.value): p.value for p in self.problems if p.code == "unknown_status"}
        return sorted(words.values())


def check(run: ImportRun, *, at: datetime, progress: Progress) -> Outcome:
    """Read the files into the worker's own tables, and say what is wrong with each row.

    The caller's transaction surrounds it; nothing else is written.
    """
    outcome = Outcome(files=list(run.files.all()))
    problems = outcome.problems
    _check_kinds(outcome.files, problems)
    if problems.count:
        return outcome
    staging.create()
    read = 0

    def tick(rows: int) -> None:
        nonlocal read
        read += rows
        progress("reading", read, 0)

    reader = ValueReader(run.options, at, outcome.notes)
    if not staging.load(outcome.files, reader, problems, tick):
        return outcome
    checks.complete(run.options, run.created_by, outcome.notes)
    checks.compare(run, {file.pk: file for file in outcome.files}, at, problems)
    counts = checks.counts()
    outcome.found, outcome.skipped, outcome.left_out = counts.found, counts.skipped, counts.left_out
    try:
        guard_rights(run.created_by, run.options)
        outcome.readable = True
    except PermissionDenied as error:
        problems.add("no_right", message=error)
    return outcome


def write_all(run: ImportRun, outcome: Outcome, *, at: datetime, progress: Progress) -> None:
    """Write everything, inside the caller's transaction. Raises ImportRefused for any refusal."""
    lock_accounts(parents())
    writer = Writer(run, progress, outcome.notes)
    try:
        for step in _steps(run, at, outcome.notes):
            writer.write(step)
    except RowRefused as refusal:
        row, problems = refusal.row, Problems()
        name = next(file.name for file in outcome.files if file.pk == row.file)
        problems.add("refused", file=name, line=row.line, message=refusal.__cause__)
        raise ImportRefused(problems) from refusal


def write_good(run: ImportRun, outcome: Outcome, *, at: datetime, progress: Progress) -> None:
    """Write the good rows, chunk by chunk, from where it stood; each chunk is committed.

    Raises ImportRefused where the files cannot be read or whoever imports has no right.
    """
    if not outcome.readable:
        raise ImportRefused(outcome.problems)
    if not run.begun:
        run.found, run.skipped = outcome.found, outcome.skipped
        run.save(update_fields=["found", "skipped"])
    # What was there already is told as it was before this import wrote any of it.
    notes = Notes.of(run.notes) if run.begun else outcome.notes.about(_THERE)
    writer = Writer(run, progress, notes)
    for step in _steps(run, at, notes):
        writer.write(step)
    with transaction.atomic():
        rejects.gather_refusals(run)
        outcome.left_out = checks.counts().left_out
    names = {file.pk: file.name for file in outcome.files}
    for refusal in run.refusals.order_by("file_id", "line"):
        outcome.problems.add(
            "refused", file=names[refusal.file_id], line=refusal.line, message=refusal.words
        )
    outcome.found, outcome.skipped = run.written, run.skipped
    outcome.notes = outcome.notes.joined(notes)


def _steps(run: ImportRun, at: datetime, notes: Notes) -> list[Step]:
    by, options = run.created_by, run.options
    return [
        Customers(options, by, at),
        Limits(by, at, notes),
        Products(options, by, at, notes),
        Counts(run, by, at),
        Receivables(by, at),
        Replay(run, by, at, notes),
        Payments(by, at),
        Receipts(by, at, notes),
        Shipments(by, at, notes),
    ]


def _check_kinds(files: list[ImportFile], problems: Problems) -> None:
    kinds = {file.kind for file in files}
    for file in files:
        if not file.kind:
            problems.add("unknown_kind", file=file.name)
        if file.kind == Kind.LINES and Kind.ORDERS not in kinds:
            problems.add("no_orders", file=file.name)
