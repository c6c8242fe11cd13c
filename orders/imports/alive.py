"""Whose turn it is, and whether the worker that took an import still lives.

Both are locks of the worker's own session, which the database lets go of when the worker dies,
however it dies.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# One import at a time: two would wait for each other's customers and accounts.
TURN = 7_261_001
WORKER = 7_261_002


@contextmanager
def turn() -> Iterator[None]:
    """Wait until no other import runs, and keep the others waiting."""
    _ask("SELECT pg_advisory_lock(%s)", TURN)
    try:
        yield
    finally:
        _ask("SELECT pg_advisory_unlock(%s)", TURN)


@contextmanager
def holding(run_id: int) -> Iterator[bool]:
    """Show that a worker is at this import; False when another one is already."""
    mine = _ask("SELECT pg_try_advisory_lock(%s, %s)", WORKER, run_id)
    try:
        yield mine
    finally:
        if mine:
            _ask("SELECT pg_advisory_unlock(%s, %s)", WORKER, run_id)


def is_held(run_id: int) -> bool:
    """Whether a living worker is at this import."""
    return _ask(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid = %s AND objid = %s)",
        WORKER,
        run_id,
    )


def _ask(query: str, *values: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return bool(cursor.fetchone()[0])
