"""Rows written together: statements gathered while a verb thinks, sent in one round trip.

Django sends each `save` by itself, and takes longer to write its SQL than PostgreSQL to carry it
out. A batch writes the SQL of a model once. What it sends is what `save(update_fields=…)` and
`bulk_create` would send; it knows nothing of many-to-many fields, inheritance or signals.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


class Batch:
    """Inserts and updates in the order in which they were added; `send` carries them out."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._values: list[Any] = []

    def new_id(self, model: type[models.Model]) -> int:
        """The next primary key of the model, for a row that others in the batch refer to."""
        return reserve_id(model)

    def insert(self, rows: Sequence[models.Model]) -> None:
        """New rows, all of one model and alike in which columns they leave to the database."""
        if not rows:
            return
        fields = to_store(rows[0])
        self._statements.append(_insert(type(rows[0]), tuple(f.attname for f in fields), len(rows)))
        for row in rows:
            self._values += [stored(field, row) for field in fields]

    def update(self, row: models.Model, *names: str) -> None:
        """The named fields of a row that is stored already."""
        fields: list[Any] = [row._meta.get_field(name) for name in names]
        self._statements.append(_update(type(row), names))
        self._values += [*(stored(field, row) for field in fields), row.pk]

    def send(self) -> None:
        """Carry out what was gathered; the batch is empty afterwards."""
        if self._statements:
            with connection.cursor() as cursor:
                cursor.execute(";".join(self._statements), self._values)
        self._statements, self._values = [], []


def reserve_id(model: type[models.Model]) -> int:
    """The next primary key of the model, for a row that others in the same batch refer to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        return int(cursor.fetchone()[0])


def to_store(row: models.Model) -> list[models.Field]:
    """The fields that a new row brings; the others are left to the database."""
    return [field for field in _written(type(row)) if _is_set(field, row)]


def stored(field: models.Field, row: models.Model) -> Any:
    """The value of a field as the database takes it."""
    return field.get_db_prep_save(getattr(row, field.attname), connection)


def _written(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _is_set(field: models.Field, row: models.Model) -> bool:
    value = getattr(row, field.attname)
    left = value is None and field.primary_key
    return not left and not isinstance(value, DatabaseDefault)


@lru_cache(maxsize=512)
def _insert(model: type[models.Model], names: tuple[str, ...], rows: int) -> str:
    quote = connection.ops.quote_name
    fields = {field.attname: field for field in _written(model)}
    columns = ", ".join(quote(str(fields[name].column)) for name in names)
    values = ", ".join(["%s"] * len(names))
    # The names are the model's own.
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns})"  # noqa: S608
        f" VALUES {', '.join([f'({values})'] * rows)}"
    )


@lru_cache(maxsize=512)
def _update(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    columns = [str(model._meta.get_field(name).column) for name in names]  # type: ignore[union-attr]
    changes = ", ".join(f"{quote(column)} = %s" for column in columns)
    # The names are the model's own.
    return f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE id = %s"  # noqa: S608
