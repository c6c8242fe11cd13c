"""What rows say about each other and about what is there already, asked as sets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from orders.imports import repeated
from orders.imports.bad_rows import FIRST, GATHER
from orders.imports.enums import Kind
from orders.imports.noted import REPEATED_PAYMENT, SKIPPED_PAYMENT
from orders.imports.options import Options
from orders.imports.problems import KEPT, Notes, Problems
from orders.imports.queries import (
    ADD_MISSING,
    CHECKS,
    CURRENCIES,
    EXISTING,
    KNOWN,
    NEEDS,
    NEW_PAYERS,
)
from orders.imports.receipt_queries import PAYERS
from orders.imports.rejects import gather_refusals
from orders.imports.shipments import GROUP
from orders.models import ImportFile, ImportRun
from staff.models import User


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of rows by kind."""

    found: dict[str, int]
    skipped: dict[str, int]
    left_out: dict[str, int]


def complete(options: Options, by: User, notes: Notes) -> None:
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
        sees_all = by.has_perm("credit.view_all_customers")
        cursor.execute(EXISTING, {"sees_all": sees_all, "user": by.pk})
        cursor.execute(PAYERS)
        cursor.execute(KNOWN)
        _find_repeated(cursor, options, notes)
        cursor.execute(GROUP)
        for statement in CURRENCIES.split(";"):
            cursor.execute(statement, {"currency": options.currency})


def _find_repeated(cursor: Any, options: Options, notes: Notes) -> None:
    """Money that only its payer, amount and day tell from other money may be there already."""
    query, code = repeated.SKIP, SKIPPED_PAYMENT
    if options.payments_again:
        query, code = repeated.TELL, REPEATED_PAYMENT
    cursor.execute(query, {"zone": timezone.get_default_timezone_name()})
    for payer, amount in cursor.fetchall():
        notes.add(code, f"{payer}: {amount}")


def compare(
    run: ImportRun, files: Mapping[int, ImportFile], at: datetime, problems: Problems
) -> None:
    """Run every check; what it finds becomes problems in the order of the lines."""
    by = run.created_by
    values: dict[str, Any] = {
        "history": run.options.history,
        "sees_all": by.has_perm("credit.view_all_customers"),
        "user": by.pk,
        "at": at,
        "zone": timezone.get_default_timezone_name(),
    }
    with connection.cursor() as cursor:
        for code, (field, query) in CHECKS.items():
            # The queries are the module's own; what rows say comes in as values.
            cursor.execute(GATHER.format(query=query), values | {"code": code, "field": field})
            found = cursor.rowcount
            cursor.execute(FIRST, {"code": code, "kept": KEPT, "gathered": found})
            for file_id, line, value, figures in cursor.fetchall() if found else ():
                _note(problems, files, code, field, file_id, line, value, json.loads(figures))
            problems.count_more(code, max(found - KEPT, 0))
    gather_refusals(run)


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


def counts() -> Counts:
    """Rows of the files by kind: the good ones that are new, those there already, the bad ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FILTER (WHERE NOT known AND NOT bad),"
            " count(*) FILTER (WHERE known AND NOT bad), count(*) FILTER (WHERE bad)"
            " FROM import_row WHERE file > 0 GROUP BY kind"
        )
        rows = cursor.fetchall()
    return Counts(
        found={kind: new for kind, new, _, _ in rows},
        skipped={kind: known for kind, _, known, _ in rows if known},
        left_out={kind: bad for kind, _, _, bad in rows if bad},
    )


def _one(cursor: Any, query: str, values: dict[str, str]) -> Any:
    cursor.execute(query, values)
    return cursor.fetchone()[0]
