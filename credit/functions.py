"""Functions inside the database, written as files of their own in `sql/`.

Each answers in one call what would take several statements under the lock of an account, and the
database keeps its plans. They are put in place after every migration, as seeds are.
"""

from pathlib import Path

from django.db import connections

FOLDER = Path(__file__).parent / "sql"


def install(*, using: str, **_signal: object) -> None:
    """Make or replace every function."""
    with connections[using].cursor() as cursor:
        for file in sorted(FOLDER.glob("*.sql")):
            cursor.execute(file.read_text(encoding="utf-8"))
