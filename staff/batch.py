"""Rows written together: statements gathered while a verb thinks, sent in one round trip.

Django sends each `save` by itself, and takes longer to write its SQL than PostgreSQL to carry it
out. A batch writes the SQL of a model once. What it sends is what `save(update_fields=…)` and
`bulk_create` would send; it knows nothing of many-to-many fields, inheritance or signals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.expressions import DatabaseDefault

from staff.prepared import ask, tell

# What psycopg takes as it is, whatever the field, but for those that hold JSON.
_PLAIN = frozenset((int, str, bool, Decimal, datetime, type(None)))


class Batch:
    """Inserts and updates in the order in which they were added; `send` carries them out.

    Inserts alike, of one model with the same columns, go as one where the first of them stands.
    """

    def __init__(self) -> None:
        self._steps: list[_Rows | _Change] = []

    def insert(self, rows: Sequence[models.Model]) -> None:
        """New rows, all of one model and alike in which columns they leave to the database."""
        if not rows:
            return
        model = type(rows[0])
        names = names_set(rows[0])
        alike = (
            step for step in self._steps if isinstance(step, _Rows) and step.fits(model, names)
        )
        step = next(alike, None)
        if step is None:
            step = _Rows(model, names)
            self._steps.append(step)
        step.rows += rows

    def update(self, row: models.Model, *names: str) -> None:
        """The named fields of a row that is stored already, as they are now."""
        model = type(row)
        values = values_of(fields_of(model, names), row)
        self._steps.append(_Change(_update(model, names), [*values, row.pk]))

    def send(self) -> None:
        """Carry out what was gathered; the batch is empty afterwards."""
        steps, self._steps = self._steps, []
        if steps:
            tell(*[(step.sql, step.values) for step in steps])


@dataclass
class _Rows:
    model: type[models.Model]
    names: tuple[str, ...]
    rows: list[models.Model] = field(default_factory=list)

    def fits(self, model: type[models.Model], names: tuple[str, ...]) -> bool:
        return self.model is model and self.names == names

    @property
    def sql(self) -> str:
        return _insert(self.model, self.names, len(self.rows))

    @property
    def values(self) -> list[Any]:
        fields = fields_of(self.model, self.names)
        return [value for row in self.rows for value in values_of(fields, row)]


@dataclass(frozen=True)
class _Change:
    sql: str
    values: list[Any]


def insert_unless_there(row: models.Model, *made: str) -> bool:
    """Store a new row at once, unless one with the same unique values is there; whether it was.

    The row knows its key afterwards, and of the fields that the database makes those in `made`.
    """
    model, names = type(row), names_set(row)
    fields = fields_of(model, names)
    found = ask((_insert_unless_there(model, names, made), values_of(fields, row)))
    if found is None:
        return False
    for name, value in zip(("pk", *made), found, strict=True):
        setattr(row, name, value)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


def reserve_id(model: type[models.Model]) -> int:
    """The next primary key of the model, for a row that others in the same batch refer to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def names_set(row: models.Model) -> tuple[str, ...]:
    """The columns that a new row brings, by their names in Python; the database fills the rest."""
    return tuple(each.attname for each in _written(type(row)) if _is_set(each, row))


@cache
def _written(model: type[models.Model]) -> list[models.Field]:
    return [each for each in model._meta.local_concrete_fields if not each.generated]


def _is_set(field: models.Field, row: models.Model) -> bool:
    value = getattr(row, field.attname)
    left = value is None and field.primary_key
    return not left and not isinstance(value, DatabaseDefault)


@lru_cache(maxsize=512)
def fields_of(model: type[models.Model], names: tuple[str, ...]) -> tuple[Any, ...]:
    """Fields by their names or those of their columns: "by" and "by_id" are the same one."""
    found = {each.name: each for each in _written(model)}
    found |= {each.attname: each for each in _written(model)}
    return tuple(found[name] for name in names)


def values_of(fields: tuple[Any, ...], row: models.Model) -> list[Any]:
    """The values of these fields as the database takes them."""
    # The connection itself: looking it up anew for each value costs more than the value.
    using = connections[DEFAULT_DB_ALIAS]
    found = [(each, getattr(row, each.attname)) for each in fields]
    return [
        value
        if type(value) in _PLAIN and not isinstance(each, models.JSONField)
        else each.get_db_prep_save(value, using)
        for each, value in found
    ]


@lru_cache(maxsize=512)
def _insert(model: type[models.Model], names: tuple[str, ...], rows: int) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(each.column) for each in fields_of(model, names))
    values = ", ".join(["%s"] * len(names))
    # The names are the model's own.
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns})"  # noqa: S608
        f" VALUES {', '.join([f'({values})'] * rows)}"
    )


@lru_cache(maxsize=512)
def _insert_unless_there(
    model: type[models.Model], names: tuple[str, ...], made: tuple[str, ...]
) -> str:
    returned = [model._meta.pk, *(model._meta.get_field(name) for name in made)]
    columns = ", ".join(connection.ops.quote_name(str(each.column)) for each in returned)  # type: ignore[union-attr]
    return f"{_insert(model, names, 1)} ON CONFLICT DO NOTHING RETURNING {columns}"


@lru_cache(maxsize=512)
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(each.column)} = %s" for each in fields_of(model, names))
    # The names are the model's own.
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE id = %s"  # noqa: S608
