"""Statements that are asked for each order: their plans are kept, and they go in one round trip.

PostgreSQL takes longer to plan a wide join than to carry it out, so each connection prepares these
once. DATABASE_PREPARED=0 does without, for a proxy that lends a connection for one transaction.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection
from psycopg import Cursor
from psycopg.pq import TransactionStatus

Statement = tuple[str, Sequence[Any]]


def ask(*statements: Statement) -> tuple[Any, ...] | None:
    """The first row of the last statement, None where it has none.

    Each statement sees what was committed while the one before it waited. A transaction that is to
    begin begins on the same way. Raises what Django raises for a statement that fails.
    """
    return _say(statements, prepare=True).fetchone()


def ask_many(question: Statement) -> list[tuple[Any, ...]]:
    """All rows of a statement. Raises what Django raises for a statement that fails."""
    return _say([question], prepare=True).fetchall()


def tell(*statements: Statement) -> None:
    """Carry the statements out in one round trip; those that come often are prepared.

    Raises what Django raises for a statement that fails.
    """
    _say(statements, prepare=None)


def _say(statements: Sequence[Statement], *, prepare: bool | None) -> Cursor[Any]:
    """Send the statements together; the cursor has the rows of the last one."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw = connection.connection
    # Not Django's cursor, which writes the values into the text. One is enough: within a pipeline
    # nothing waits for rows, and at its end those of the last statement stay.
    cursor = Cursor(raw)
    # One alone is quicker without a pipeline, unless the transaction has to begin with it.
    begun = raw.autocommit or raw.pgconn.transaction_status != TransactionStatus.IDLE
    alone = begun and len(statements) == 1
    with connection.wrap_database_errors, nullcontext() if alone else raw.pipeline():
        for sql, values in statements:
            cursor.execute(sql, values, prepare=prepare)
    return cursor
