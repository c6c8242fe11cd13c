"""Rows written together by the hundred: a batch that sends one statement for rows alike.

Rows are copied in, and updated from arrays, so that neither the number of statements nor their text
depends on how many rows there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

from staff.batch import Batch, fields_of, names_set, values_of
from staff.prepared import Statement, tell

# Updates alike: how many of the same row came before, the model, the names of the fields.
_Alike = tuple[int, type[models.Model], tuple[str, ...]]


class Bulk(Batch):
    """A batch in which the rows come before the statements.

    Several updates of one row are sent one after the other, as they were added, whatever happens to
    other rows in between. Rows are inserted by model, so references between them must be checked at
    the end of the transaction, as Django's are. `send` takes two statements or so for each model.
    """

    def __init__(self) -> None:
        self._inserts: dict[type[models.Model], list[models.Model]] = {}
        self._updates: dict[_Alike, list[list[Any]]] = {}
        self._answered = False
        self._times: dict[tuple[type[models.Model], int], int] = defaultdict(int)

    def insert(self, rows: Sequence[models.Model]) -> None:
        """New rows, all alike with others of their model in which columns are left out."""
        for row in rows:
            self._inserts.setdefault(type(row), []).append(row)

    def update(self, row: models.Model, *names: str) -> None:
        """The named fields of a row that is stored already, as they are now."""
        model = type(row)
        times = self._times[model, row.pk]
        self._times[model, row.pk] += 1
        values = [row.pk, *values_of(fields_of(model, names), row)]
        self._updates.setdefault((times, model, names), []).append(values)

    def send(self) -> None:
        """Carry out what was gathered; the batch is empty afterwards."""
        self.send_updates()
        for rows in self._inserts.values():
            copy_in(rows)
        self._inserts = {}

    def send_updates(self) -> None:
        """Carry out the updates, for those who look at the rows before the batch is sent."""
        if not self._answered:
            answer_triggers()
            self._answered = True
        alike = sorted(self._updates.items(), key=lambda each: each[0][0])
        if alike:
            tell(*[_update(model, names, rows) for (_times, model, names), rows in alike])
        self._updates, self._times = {}, defaultdict(int)


def answer_triggers() -> None:
    """Tell triggers, until the transaction ends, that none of them is to be ignored.

    Each asks. Left without an answer it fails inside a subtransaction, and for every one that fails
    PostgreSQL looks through all references that wait to be checked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pgtrigger.ignore = '{}'")


def reserve_ids(model: type[models.Model], number: int) -> list[int]:
    """So many new primary keys of the model, in ascending order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


def copy_in(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, alike in which columns they leave to the database."""
    if not rows:
        return
    quote, fields = connection.ops.quote_name, fields_of(type(rows[0]), names_set(rows[0]))
    names = ", ".join(quote(each.column) for each in fields)
    statement = f"COPY {quote(rows[0]._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(values_of(fields, row))


def _update(
    model: type[models.Model], names: tuple[str, ...], rows: Iterable[list[Any]]
) -> Statement:
    return _update_sql(model, names), [list(values) for values in zip(*rows, strict=True)]


@lru_cache(maxsize=512)
def _update_sql(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote, fields = connection.ops.quote_name, fields_of(model, names)
    columns = [quote(each.column) for each in fields]
    changes = ", ".join(f"{column} = new.{column}" for column in columns)
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{each.db_type(connection)}[]" for each in fields)])
    # The names are the model's own.
    return (
        f"UPDATE {quote(model._meta.db_table)} AS old SET {changes}"  # noqa: S608
        f" FROM unnest({arrays}) AS new (id, {', '.join(columns)}) WHERE old.id = new.id"
    )
