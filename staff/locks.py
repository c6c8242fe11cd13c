"""Turns of writers whose rules look at many rows at once, where no single row could be locked."""

from django.db import connection

# Numbers of turns that nobody else takes.
ABSENCES = 7_261_002
HOURS = 7_261_003


def take_turn(lock: int) -> None:
    """Wait until nobody else holds `lock`; the turn ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
