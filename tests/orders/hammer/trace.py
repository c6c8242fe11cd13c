"""Every change to credit, numbered by the database as it happens.

A number is drawn while the account and its groups are locked, so that of two changes to the same
money the lower number is the one that happened first, whatever the processes did.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

_TABLES = {
    "account": ("credit_creditaccount", "INSERT OR UPDATE OF parent_id"),
    "limit": ("credit_creditlimit", "INSERT OR UPDATE"),
    "decision": ("orders_decision", "INSERT"),
    "returned_goods": ("orders_return", "INSERT"),
    "entry": ("credit_ledgerentry", "INSERT"),
}
_INSTALL = """
    CREATE TABLE hammer_trace (
        number bigserial PRIMARY KEY, transaction xid8 DEFAULT pg_current_xact_id(),
        kind text, change jsonb
    );
    CREATE FUNCTION hammer_trace() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO hammer_trace (kind, change) VALUES (TG_ARGV[0], to_jsonb(NEW));
        RETURN NULL;
    END $$
"""


@dataclass(frozen=True)
class Change:
    """A row as it became; `kind` says of which table."""

    number: int
    transaction: int
    kind: str
    row: dict[str, Any]


@contextmanager
def traced() -> Iterator[None]:
    """Note every change while the block runs."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTALL)
        for kind, (table, events) in _TABLES.items():
            cursor.execute(
                f"CREATE TRIGGER hammer_trace AFTER {events} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION hammer_trace('{kind}')"
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION hammer_trace CASCADE; DROP TABLE hammer_trace")


def changes() -> Iterator[Change]:
    """What was committed, in the order of the locks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, transaction::text::bigint, kind, change FROM hammer_trace ORDER BY 1"
        )
        for *where, row in cursor.fetchall():
            yield Change(*where, json.loads(row, parse_float=Decimal))
