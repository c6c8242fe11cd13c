"""A database of its own for the measurements, made before them and dropped after."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg

from config import servers


@contextmanager
def database() -> Iterator[None]:
    """Set Django up on a migrated, empty database, with every trigger and seed of the product."""
    servers.ensure()
    server, name = os.environ["DATABASE_URL"], f"ordergate_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            os.environ["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
            _migrate()
            yield
        finally:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def copied() -> Iterator[Any]:
    """A connection to a copy of the database as it is now, dropped afterwards."""
    from django.db import connection

    copy = connection.copy()
    name = connection.settings_dict["NAME"]
    copy.settings_dict["NAME"] = f"{name}_copy"
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
    try:
        yield copy
    finally:
        copy.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}_copy" WITH (FORCE)')


def _migrate() -> None:
    set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def set_up() -> None:
    """Django in this process, on the database that DATABASE_URL names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
