"""A database of its own for the measurements, made before them and dropped after."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
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


def _migrate() -> None:
    set_up()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def set_up() -> None:
    """Django in this process, on the database that DATABASE_URL names."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
