"""Statements that are asked for each order: their plans are kept, and they go in one round trip.

PostgreSQL takes longer to plan a wide join than to carry it out, so each connection prepares these
once. DATABASE_PREPARED=0 does without, for a proxy that lends a connection for one transaction.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from django.db import connection
from psycopg import Cursor

Statement = tuple[str, Sequence[Any]]


def ask(*statements: Statement) -> tuple[Any, ...] | None:
    """The first row of the last statement, None where it has none.

    Each statement sees what was committed while the one before it waited. A transaction that is to
    begin begins on the same way. Raises what Django raises for a statement that fails.
    """
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw = connection.connection
    # Not Django's cursor, which writes the values into the text.
    with connection.wrap_database_errors, ExitStack() as stack:
        stack.enter_context(raw.pipeline())
        for sql, values in statements:
            cursor = stack.enter_context(Cursor(raw))
            cursor.execute(sql, values, prepare=True)
        return cursor.fetchone()
