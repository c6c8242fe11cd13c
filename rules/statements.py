"""Queries about rows as of a moment, made into SQL once and asked as often as needed.

Django takes ten times as long to write a long condition as SQL as PostgreSQL takes to answer it.
The text is the same for every row and moment; only parameters differ: the primary key, and moments
at a fixed distance from `at`. Which ones these are is found by writing the query for two rows and
moments and comparing; where anything else differs the query is not kept.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from psycopg import Cursor
from psycopg.sql import Literal

from rules.sharing import shared

KEPT = 256
# Two rows and moments that no condition names.
_ROWS = (7_700_000_000_000_000_001, 7_700_000_000_000_000_023)
_MOMENTS = (
    datetime(1961, 4, 12, 6, 7, 11, tzinfo=UTC),
    datetime(1969, 7, 20, 20, 17, 43, tzinfo=UTC),
)


@dataclass(frozen=True)
class Asking:
    """What is asked: `build` makes the query for a row and a moment, the same for an equal `key`.

    The query must depend on nothing but the key, the row and the moment, and name the row as
    `filter(pk=…)` does and nowhere else.
    """

    key: Hashable
    build: Callable[[int, datetime], QuerySet[Any, dict[str, Any]]] = field(compare=False)


@dataclass(frozen=True)
class _Row:
    """Stands for the primary key among the parameters."""


@dataclass(frozen=True)
class _Moment:
    """Stands for a moment that lies `after` the one asked about."""

    after: timedelta


@dataclass(frozen=True)
class _Statement:
    """`sql` asks about one row, `sql_of_many` about those in an array."""

    sql: str
    sql_of_many: str
    params: tuple[tuple[str, _Row | _Moment], ...]
    columns: tuple[tuple[str, Any, tuple[Any, ...]], ...]
    using: str

    def ask(self, pk: int, at: datetime) -> dict[str, Any] | None:
        return next(iter(self._rows(self.sql, pk, at)), None)

    def ask_many(self, pks: list[int], at: datetime) -> list[dict[str, Any]]:
        return self._rows(self.sql_of_many, pks, at)

    def _rows(self, sql: str, which: int | list[int], at: datetime) -> list[dict[str, Any]]:
        connection = connections[self.using]
        connection.ensure_connection()
        params = {name: _put_in(param, which, at) for name, param in self.params}
        # Not Django's cursor, which writes values into the text: the plan is kept for this one.
        with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
            cursor.execute(sql, params, prepare=True)
            return [self._named(row, connection) for row in cursor.fetchall()]

    def _named(self, row: tuple[Any, ...], connection: Any) -> dict[str, Any]:
        found = {}
        for value, (name, expression, converters) in zip(row, self.columns, strict=True):
            for convert in converters:
                value = convert(value, expression, connection)
            found[name] = value
        return found


def ask(asking: Asking, pk: int, at: datetime) -> dict[str, Any] | None:
    """The row as the query gives it, None if there is no such row."""
    statement = _prepared(asking)
    if statement is None:
        return asking.build(pk, at).first()
    return statement.ask(pk, at)


def ask_many(asking: Asking, pks: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """The rows that there are, as the query gives them, in no particular order."""
    statement = _prepared(asking)
    if statement is None:
        asked = [asking.build(pk, at).first() for pk in pks]
        return [row for row in asked if row is not None]
    return statement.ask_many(list(pks), at)


@lru_cache(maxsize=KEPT)
def _prepared(asking: Asking) -> _Statement | None:
    queries = [asking.build(pk, at) for pk, at in zip(_ROWS, _MOMENTS, strict=True)]
    compilers = [query.query.get_compiler(query.db) for query in queries]
    (sql, params), (other_sql, other_params) = (compiler.as_sql() for compiler in compilers)
    if sql != other_sql or len(params) != len(other_params):
        return None
    stand_ins = [_stand_in(one, other) for one, other in zip(params, other_params, strict=True)]
    if None in [kind for kind, _param in stand_ins]:
        return None
    parts = [param for _kind, param in stand_ins]
    expressions = [column for column, _sql, _alias in compilers[0].select]
    converters = compilers[0].get_converters(expressions)
    names = queries[0].query.selected or ()
    columns = [
        (name, expression, tuple(converters[place][0] if place in converters else ()))
        for place, (name, expression) in enumerate(zip(names, expressions, strict=True))
    ]
    # Named, for a long condition asks for the same moment again and again.
    moving = {part: f"p{place}" for place, part in enumerate(parts) if _moves(part)}
    using = queries[0].db
    one, many = (
        _written_in(sql, parts, moving, row, using) for row in ("{}::bigint", "ANY({}::bigint[])")
    )
    named = tuple((name, part) for part, name in moving.items())
    return _Statement(one, many, named, tuple(columns), using)


def _moves(part: Any) -> bool:
    return isinstance(part, _Row | _Moment)


def _written_in(text: str, params: list[Any], moving: dict[Any, str], row: str, using: str) -> str:
    """The query with all values written into its text but those that differ from call to call.

    `row` says how the primary key is written, after an equals sign.
    """
    connections[using].ensure_connection()
    raw = connections[using].connection
    written = [_placeholder(param, moving, row, raw) for param in params]
    pieces = text.replace("%%", "\0").split("%s")
    joined = "".join(piece + value for piece, value in zip(pieces, [*written, ""], strict=True))
    return shared(joined.replace("\0", "%%"))


def _placeholder(param: Any, moving: dict[Any, str], row: str, connection: Any) -> str:
    if not _moves(param):
        return Literal(param).as_string(connection).replace("%", "%%")
    named = f"%({moving[param]})s"
    return row.format(named) if isinstance(param, _Row) else f"{named}::timestamptz"


def _stand_in(one: Any, other: Any) -> tuple[str | None, Any]:
    if (one, other) == _ROWS:
        return "row", _Row()
    if isinstance(one, datetime) and one - _MOMENTS[0] == other - _MOMENTS[1]:
        return "moment", _Moment(one - _MOMENTS[0])
    return ("same", one) if one == other else (None, None)


def _put_in(
    param: _Row | _Moment, which: int | list[int], at: datetime
) -> int | list[int] | datetime:
    return which if isinstance(param, _Row) else at + param.after
