"""Writing the rows of an import, a few hundred at a time: all of them, or the good ones.

A step writes rows of one kind, or orders with all their parts. Where bad rows are left out, each
few hundred are a transaction of their own that also records how far the import is; so whoever takes
over from a worker that died goes on behind the last row that was written.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, transaction

from credit.models import CreditAccount
from orders.imports.enums import Kind
from orders.imports.problems import Notes
from orders.lifecycle.answer import REFUSALS
from orders.models import ImportRefusal, ImportRun
from staff.bulk import answer_triggers
from staff.savepoints import without_savepoints
from staff.sentences import kept, words_of

CHUNK = 500
# Told how many more rows are done.
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Staged:
    """A row as it lies in the table."""

    id: int
    file: int
    line: int
    key: str
    parent: str
    currency: str | None
    order_id: int | None
    data: str


class RowRefused(Exception):
    """A row, or an order with its parts, was refused, for the reason that is the cause."""

    def __init__(self, row: Staged) -> None:
        self.row = row


class Step(Protocol):
    """What writes the rows of one kind."""

    kind: Kind
    # Which rows, and in which order: parts of a query.
    narrowed: str
    ordered: str
    # Whether nothing but its place tells a row from others, so that how far it is must be kept.
    keyless: bool

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        """Write these rows. Raises RowRefused for the first one that is refused."""


def refusing(row: Staged, verb: Callable[[], Any]) -> Any:
    """What `verb` returns. Raises RowRefused when it refuses."""
    try:
        return verb()
    except REFUSALS as refusal:
        raise RowRefused(row) from refusal


class Writer:
    """Carries out steps for one import."""

    def __init__(
        self, run: ImportRun, progress: Callable[[str, int, int], None], notes: Notes
    ) -> None:
        self.run = run
        self.progress = progress
        self.notes = notes
        self.done = 0

    def write(self, step: Step) -> None:
        """Write all rows of a step. Raises RowRefused where everything is written or nothing."""
        ids = self._ids(step)
        total, self.done = len(ids), 0
        if not total:
            return
        self.progress(step.kind.value, 0, total)

        def tick(rows: int) -> None:
            self.done += rows
            self.progress(step.kind.value, self.done, total)

        for start in range(0, total, CHUNK):
            rows = _fetch(ids[start : start + CHUNK])
            if self.run.good_rows:
                self._write_good(step, rows, tick)
            else:
                with one_transaction():
                    step.write(rows, tick)
                    # References are checked now, or those of all rows would wait for the end.
                    connection.check_constraints()

    def _write_good(self, step: Step, rows: Sequence[Staged], tick: Tell) -> None:
        before, noted = self.done, self.notes.copy()
        try:
            self._commit(step, rows, tick)
        except RowRefused as refusal:
            self.done = before
            self.notes.become(noted)
            if len(rows) == 1:
                self._leave_out(step, refusal)
                tick(1)
                return
            for row in rows:
                self._write_good(step, [row], tick)

    def _commit(self, step: Step, rows: Sequence[Staged], tick: Tell) -> None:
        with transaction.atomic():
            lock_accounts(parents([row.id for row in rows]))
            with one_transaction():
                step.write(rows, tick)
            written = Counter(self.run.written) + _kinds(step.kind, rows)
            position = self._position(step, rows[-1])
            ImportRun.objects.filter(pk=self.run.pk).update(
                written=written, position=position, notes=self.notes.as_json()
            )
        self.run.written, self.run.position = dict(written), position

    def _leave_out(self, step: Step, refusal: RowRefused) -> None:
        row, position = refusal.row, self._position(step, refusal.row)
        message, said = kept(words_of(refusal.__cause__ or refusal))
        with transaction.atomic():
            ImportRefusal.objects.create(
                run=self.run, file_id=row.file, line=row.line, message=message, said=said
            )
            ImportRun.objects.filter(pk=self.run.pk).update(position=position)
        self.run.position = position

    def _position(self, step: Step, row: Staged) -> dict[str, list[int]]:
        now = {step.kind.value: [row.file, row.line]} if step.keyless else {}
        return {**self.run.position, **now}

    def _ids(self, step: Step) -> "array[int]":
        file, line = self.run.position.get(step.kind.value, (0, 0))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM import_row WHERE kind = %s AND NOT known AND NOT bad"  # noqa: S608
                f" AND {step.narrowed} AND (file = 0 OR (file, line) > (%s, %s))"
                f" ORDER BY {step.ordered}",
                [step.kind.value, file, line],
            )
            return array("q", (row_id for (row_id,) in cursor))


def _fetch(ids: "array[int]") -> list[Staged]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, file, line, key, parent, currency, order_id, data"
            " FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted (id, place)"
            " JOIN import_row r ON r.id = wanted.id ORDER BY place",
            [list(ids)],
        )
        return [Staged(*row) for row in cursor.fetchall()]


def _kinds(kind: Kind, rows: Sequence[Staged]) -> Counter[str]:
    """How many rows of the files these are, with the parts of orders."""
    counted = Counter({kind.value: sum(1 for row in rows if row.file)})
    if kind == Kind.SHIPMENTS:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM import_row WHERE head = ANY(%s) AND head <> id",
                [[row.id for row in rows]],
            )
            counted[kind.value] += cursor.fetchone()[0]
    if kind == Kind.ORDERS:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT kind, count(*) FROM import_row"
                " WHERE kind IN ('lines', 'payments', 'shipments') AND parent = ANY(%s)"
                " AND NOT bad GROUP BY kind",
                [[row.key for row in rows]],
            )
            counted.update(dict(cursor.fetchall()))
    return counted


@contextmanager
def one_transaction() -> Iterator[None]:
    """Within the block no verb and no trigger sets savepoints: the first refusal ends it."""
    answer_triggers()
    with without_savepoints():
        yield


def parents(row_ids: Sequence[int] | None = None) -> set[str]:
    """The codes of the customers whose accounts rows of the table will touch; all rows or these."""
    these = "id = ANY(%(ids)s)" if row_ids is not None else "NOT known AND NOT bad"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH r AS (SELECT * FROM import_row WHERE {these})"  # noqa: S608 - one of two
            " SELECT parent FROM r WHERE kind IN ('orders', 'invoices', 'limits', 'receipts')"
            " UNION SELECT c.code FROM r JOIN orders_order o ON o.id = r.order_id"
            " JOIN credit_customer c ON c.id = o.customer_id",
            {"ids": list(row_ids or ())},
        )
        return {code for (code,) in cursor.fetchall()}


def lock_accounts(codes: set[str]) -> None:
    """Lock the accounts of these customers and the groups above, all at once by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(array_append(a.ancestors, a.id)) FROM credit_creditaccount a"
            " JOIN credit_customer c ON c.id = a.customer_id WHERE c.code = ANY(%s)",
            [sorted(codes)],
        )
        ids = [account_id for (account_id,) in cursor.fetchall()]
    list(CreditAccount.objects.locked().filter(pk__in=ids))
