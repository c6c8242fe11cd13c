"""Rows of models read by statements written by hand, where every microsecond holds up others."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

M = TypeVar("M", bound=models.Model)


@lru_cache(maxsize=128)
def columns(model: type[models.Model], alias: str) -> str:
    """All columns of the model for a SELECT list, in the order that `instance` expects."""
    quote = connection.ops.quote_name
    return ", ".join(f"{alias}.{quote(str(f.column))}" for f in model._meta.concrete_fields)


def width(model: type[models.Model]) -> int:
    """How many columns `columns` names."""
    return len(model._meta.concrete_fields)


def instance(model: type[M], values: Sequence[Any]) -> M:
    """The model of a row read with `columns`."""
    if readers := _readers(model):
        values = list(values)
        for place, read in readers:
            values[place] = read(values[place], None, connection)
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), values)


@cache
def _readers(model: type[models.Model]) -> list[tuple[int, Any]]:
    """Of the columns that Django reads otherwise than the driver does, the place and how."""
    fields = enumerate(model._meta.concrete_fields)
    found = ((place, getattr(field, "from_db_value", None)) for place, field in fields)
    return [(place, read) for place, read in found if read]


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
