"""What rows say about each other and about what is there already, asked as sets."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from orders.imports.enums import Kind
from orders.imports.options import Options
from orders.imports.problems import KEPT, Problems
from orders.imports.queries import ADD_MISSING, CHECKS, CURRENCIES, KNOWN, NEEDS, NEW_PAYERS
from orders.models import ImportFile
from staff.models import User


def complete(options: Options) -> None:
    """Add what the import itself brings, tell what is there already, settle the currencies."""
    with connection.cursor() as cursor:
        for need, kind, key, name in (
            ("customer", Kind.CUSTOMERS, options.customer_code, options.customer_name),
            ("goods", Kind.PRODUCTS, options.product_sku, options.product_name),
            ("freight", Kind.PRODUCTS, options.freight_sku, options.freight_name),
        ):
            values = {"kind": kind.value, "key": key, "name": name or key}
            if key and _one(cursor, NEEDS[need], values):
                cursor.execute(ADD_MISSING, values)
        if options.new_customers:
            cursor.execute(NEW_PAYERS)
        cursor.execute(KNOWN)
        for statement in CURRENCIES.split(";"):
            cursor.execute(statement, {"currency": options.currency})


def compare(
    files: Mapping[int, ImportFile], options: Options, by: User, at: datetime, problems: Problems
) -> None:
    """Run every check; what it finds becomes problems in the order of the lines."""
    values: dict[str, Any] = {
        "kept": KEPT,
        "history": options.history,
        "sees_all": by.has_perm("credit.view_all_customers"),
        "user": by.pk,
        "at": at,
        "zone": timezone.get_default_timezone_name(),
    }
    with connection.cursor() as cursor:
        for code, (field, query) in CHECKS.items():
            cursor.execute(query, values)
            rows = cursor.fetchall()
            for file_id, line, _total, value, figures in rows:
                _note(problems, files, code, field, file_id, line, value, json.loads(figures))
            if rows:
                problems.count_more(code, rows[0][2] - len(rows))


def _note(
    problems: Problems, files: Mapping[int, ImportFile], code: str, field: str, file_id: int,
    line: int, value: str, figures: dict[str, Any],
) -> None:  # fmt: skip
    file = files.get(file_id)
    if "first_file" in figures:
        figures["first_file"] = files[figures["first_file"]].name
    problems.add(
        code,
        file=file.name if file else "",
        line=line,
        column=file.columns.get(field, "") if file else "",
        value=value,
        **figures,
    )


def counts() -> tuple[dict[str, int], dict[str, int]]:
    """Rows by kind: those that are new, and those that are there already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FILTER (WHERE NOT known), count(*) FILTER (WHERE known)"
            " FROM import_row WHERE file > 0 GROUP BY kind"
        )
        rows = cursor.fetchall()
    return {kind: new for kind, new, _ in rows}, {kind: known for kind, _, known in rows if known}


def _one(cursor: Any, query: str, values: dict[str, str]) -> Any:
    cursor.execute(query, values)
    return cursor.fetchone()[0]
