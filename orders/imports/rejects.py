"""The bad rows of an import as files, each row with what is wrong with it, to be corrected."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.core.files import File
from django.db import connection
from django.utils import translation

from orders.imports.bad_rows import LEFT_OUT, MARK_BAD, REFUSED
from orders.imports.mapping import WHY
from orders.imports.problems import Problem
from orders.imports.reading import Row
from orders.models import ImportFile, ImportRun
from staff.sheets import MARK, safe

CHUNK = 2000


def gather_refusals(run: ImportRun) -> None:
    """Take the rows that were refused, and what belongs to them, for bad."""
    with connection.cursor() as cursor:
        cursor.execute(REFUSED, {"run": run.pk})
        cursor.execute(MARK_BAD)
        for statement in LEFT_OUT.values():
            cursor.execute(statement)
            cursor.execute(MARK_BAD)


def write_files(files: Sequence[ImportFile], language: str) -> None:
    """Write the bad rows of each file into a CSV file of its own, in words of `language`.

    The files keep where it lies and are not saved here.
    """
    names = {str(file.pk): file.name for file in files}
    for file in files:
        file.rejected = ""
        if _has_bad_rows(file):
            with (
                translation.override(language),
                NamedTemporaryFile("w+", encoding="utf-8", newline="") as made,
            ):
                _write(made, file, names)
                made.flush()
                with Path(made.name).open("rb") as whole:
                    file.rejected.save("bad.csv", File(whole), save=False)


def _has_bad_rows(file: ImportFile) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM import_problem WHERE file = %s)", [file.pk])
        return bool(cursor.fetchone()[0])


def _write(made: IO[str], file: ImportFile, names: dict[str, str]) -> None:
    made.write(MARK)
    writer = csv.writer(made)
    rows = file.sheet.rows()
    headers = [name for name in next(rows).values if name not in WHY.values()]
    writer.writerow([*map(safe, headers), WHY.get(translation.get_language() or "", WHY["en"])])
    while chunk := list(islice(rows, CHUNK)):
        why = _reasons(file, chunk[0].line, chunk[-1].line, names)
        for row in chunk:
            if row.line in why:
                writer.writerow(_cells(row, len(headers), why[row.line]))


def _cells(row: Row, width: int, why: Iterable[str]) -> Iterator[str]:
    # A row with too few or too many values keeps them; what is wrong stands in its own column.
    yield from (safe(value) for value in [*row.values, *[""] * width][:width])
    yield " · ".join(why)


def _reasons(
    file: ImportFile, first: int, last: int, names: dict[str, str]
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line, code, field, figures FROM import_problem"
            " WHERE file = %s AND line BETWEEN %s AND %s ORDER BY line, ctid",
            [file.pk, first, last],
        )
        for line, code, field, figures in cursor.fetchall():
            told = json.loads(figures)
            told["first_file"] = names.get(str(told.get("first_file")), "")
            problem = Problem(code, figures=told)
            place = f"{file.columns[field]}: " if field in file.columns else ""
            found[line].append(f"{place}{problem.what} {problem.advice}".strip())
    return found
