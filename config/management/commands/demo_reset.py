"""Start over: empty the database and load the demo company."""

import os
from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from config import data_folder, servers
from config.servers import locks


class Command(BaseCommand):
    help = "Empty the database and load the demo company again; FORCE=1 for a real server."

    def handle(self, *args: Any, **options: Any) -> None:
        if not servers.is_embedded("DATABASE_URL") and os.environ.get("FORCE") != "1":
            raise CommandError(
                "DATABASE_URL names a server of its own; all data in that database would be lost. "
                "If that is meant: FORCE=1 make demo-reset"
            )
        if locks.is_held_alone(data_folder.path() / "locks" / "supervisor"):
            raise CommandError("Ordergate is running on this data folder; stop it first.")
        self.stdout.write("Emptying the database ...")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        cache.clear()
        call_command("prepare")
