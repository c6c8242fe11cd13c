"""A database that refuses to write, as it would when something is really wrong."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def refuse_inserts(model):
    """Within the block, every new row of `model` fails a constraint."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # A table with checks still waiting for the commit cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT refuse CHECK (false) NOT VALID")
        yield
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT refuse")
