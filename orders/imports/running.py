"""Checking the files of an import, and writing them: all of it or nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from credit.models import CreditAccount
from orders.imports import checks, master, past, receivables, staging
from orders.imports.enums import Kind
from orders.imports.mapping import fold
from orders.imports.options import Options
from orders.imports.problems import ImportRefused, Notes, Problems
from orders.imports.replay import Refused, Replay
from orders.imports.values import ValueReader
from orders.models import ImportFile, ImportRun
from staff.bulk import answer_triggers
from staff.models import User

# One import at a time: two would wait for each other's customers and accounts.
LOCK = 7_261_001
EVERY = 50  # orders between two reports of progress


@dataclass(slots=True)
class Outcome:
    """What an import found, and what it did differently from how the file says it."""

    found: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    notes: Notes = field(default_factory=Notes)

    @property
    def unknown_words(self) -> list[str]:
        """Status words that need a meaning, among the problems that were kept."""
        words = {fold(p.value): p.value for p in self.problems if p.code == "unknown_status"}
        return sorted(words.values())


# Told the phase ("reading", "customers", "products", "invoices", "orders"), how much is done and of
# how many; 0 of 0 where nobody knows.
Progress = Callable[[str, int, int], None]


def take_turn() -> None:
    """Wait until no other import runs; the turn ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def perform(run: ImportRun, *, by: User, at: datetime, write: bool, progress: Progress) -> Outcome:
    """Check the files of `run`, and write them when `write` is set and nothing is wrong.

    Everything happens in one transaction. Raises ImportRefused with all problems, leaving nothing.
    """
    outcome = Outcome()
    files = list(run.files.all())
    options = run.options
    with transaction.atomic():
        _check(files, options, by, at, outcome, progress)
        if outcome.problems.count:
            raise ImportRefused(outcome.problems)
        if write:
            _write(run, options, by, at, outcome, progress)
    return outcome


def _check(
    files: list[ImportFile],
    options: Options,
    by: User,
    at: datetime,
    outcome: Outcome,
    progress: Progress,
) -> None:
    problems = outcome.problems
    _check_kinds(files, problems)
    if problems.count:
        return
    staging.create()
    read = 0

    def tick(rows: int) -> None:
        nonlocal read
        read += rows
        progress("reading", read, 0)

    if not staging.load(files, ValueReader(options, at, outcome.notes), problems, tick):
        return
    checks.complete(options)
    checks.compare({file.pk: file for file in files}, options, by, at, problems)
    outcome.found, outcome.skipped = checks.counts()
    try:
        master.guard_rights(by, options)
    except PermissionDenied as error:
        problems.add("no_right", message=error)


def _check_kinds(files: list[ImportFile], problems: Problems) -> None:
    kinds = {file.kind for file in files}
    for file in files:
        if not file.kind:
            problems.add("unknown_kind", file=file.name)
        belongs = file.kind in (Kind.LINES, Kind.PAYMENTS, Kind.SHIPMENTS)
        if belongs and Kind.ORDERS not in kinds:
            problems.add("no_orders", file=file.name)


def _write(
    run: ImportRun,
    options: Options,
    by: User,
    at: datetime,
    outcome: Outcome,
    progress: Progress,
) -> None:
    _lock_accounts()
    _step(progress, "customers", outcome, Kind.CUSTOMERS, lambda tick: master.write_customers(
        options, by, at, tick))  # fmt: skip
    _step(progress, "products", outcome, Kind.PRODUCTS, lambda tick: master.write_products(
        options, by, at, outcome.notes, tick))  # fmt: skip
    _step(progress, "invoices", outcome, Kind.INVOICES, lambda tick: receivables.write(
        by, at, tick))  # fmt: skip
    _write_orders(run, Replay(run, by, at, outcome.notes), progress)


def _write_orders(run: ImportRun, replay: Replay, progress: Progress) -> None:
    bring_in = replay.past_orders if run.options.history else replay.new_orders
    done, total = 0, past.count()

    def tick(orders: int) -> None:
        nonlocal done
        done += orders
        if done % EVERY == 0:
            progress("orders", done, total)

    with _no_subtransactions():
        for chunk in past.PastOrders(run.options):
            try:
                bring_in(chunk, tick)
            except Refused as refusal:
                raise _refusal(run, refusal) from refusal
            # References are checked now, or those of all orders would wait in memory for the end.
            connection.check_constraints()
    progress("orders", done, total)


def _refusal(run: ImportRun, refusal: Refused) -> ImportRefused:
    order, problems = refusal.past, Problems()
    name = run.files.get(pk=order.file).name
    problems.add("refused", file=name, line=order.line, message=refusal.__cause__)
    return ImportRefused(problems)


@contextmanager
def _no_subtransactions() -> Iterator[None]:
    """Within the block no verb and no trigger sets savepoints: the first refusal ends the import.

    Every savepoint is a transaction of its own inside ours, and PostgreSQL looks through them all
    for each old version of a row it meets; one account with thousands of orders has as many.
    """
    answer_triggers()
    features = connection.features
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = True


def _step(
    progress: Progress,
    phase: str,
    outcome: Outcome,
    kind: str,
    write: Callable[[staging.Tick], None],
) -> None:
    done = 0

    def tick(rows: int) -> None:
        nonlocal done
        done += rows
        progress(phase, done, outcome.found.get(kind, done))

    write(tick)


def _lock_accounts() -> None:
    """Lock every account that orders will touch, and the groups above, all at once by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(array_append(a.ancestors, a.id)) FROM credit_creditaccount a"
            " JOIN credit_customer c ON c.id = a.customer_id"
            " JOIN import_row r ON r.kind IN ('orders', 'invoices') AND NOT r.known"
            " AND r.parent = c.code"
        )
        ids = [account_id for (account_id,) in cursor.fetchall()]
    list(CreditAccount.objects.locked().filter(pk__in=ids))
