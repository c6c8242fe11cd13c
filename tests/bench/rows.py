"""Imports of master data and counts: how many rows a second, and in how much memory."""

import csv
import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import scratch
from tests.bench.importing import peak
from tests.bench.table import show

# Of the whole number, for the import beside which the memory of the large one is seen.
SMALL = 20
HEADS = {
    "products": ["sku", "name", "category", "price", "currency"],
    "stock": ["sku", "warehouse code", "on hand", "counted at"],
    "customers": ["code", "name", "city", "country", "payment days", "currency"],
}
WHO = {"stock": "warehouse"}


def run(number: int) -> None:
    """Measure and print: each import in a process of its own, then the list as a file."""
    from tests.factories.staff import person

    people = {kind: person(WHO.get(kind, "administrator")).pk for kind in HEADS}
    rows = []
    for size in (max(number // SMALL, 1), number):
        for kind in HEADS:
            with multiprocessing.get_context("spawn").Pool(1, scratch.set_up) as pool:
                rows.append([kind, f"{size:,}", *pool.apply(carry_out, (kind, size, people[kind]))])
    show(
        "Import of the good rows of one file, in committed chunks",
        ["", "rows", "check, s", "write, s", "rows/s", "peak MB", "grew by MB"],
        rows,
    )
    leaving = []
    for form in ("csv", "xlsx"):
        with multiprocessing.get_context("spawn").Pool(1, scratch.set_up) as pool:
            leaving.append([form, *pool.apply(export, (form,))])
    show(
        "Export of all products",
        ["", "rows", "seconds", "rows/s", "MB of the file", "grew by MB"],
        leaving,
    )


def carry_out(kind: str, number: int, user_id: int) -> list[str]:
    """Check and write; seconds of each, and megabytes of this process."""
    from django.conf import settings

    from staff.models import User

    by = User.objects.get(pk=user_id)
    with tempfile.TemporaryDirectory() as folder:
        settings.MEDIA_ROOT = folder
        run_id = _described(kind, number, by, Path(folder))
        before = peak()
        checking, writing = (_step(run_id, by, write, number) for write in (False, True))
    rate = f"{number / (checking + writing):,.0f}"
    return [f"{checking:.1f}", f"{writing:.1f}", rate, f"{peak():.0f}", f"{peak() - before:.0f}"]


def _rows(kind: str, number: int) -> Iterator[list[Any]]:
    for n in range(number):
        if kind == "products":
            yield [f"P{number}-{n}", f"Product {n}", "Fasteners", "12.50", "CNY"]
        elif kind == "stock":
            yield [f"P{number}-{n}", "MAIN", n % 1000, "2026-02-01 08:00"]
        else:
            yield [f"C{number}-{n}", f"Customer {n}", "Hamburg", "DE", 30, "EUR"]


def _described(kind: str, number: int, by: Any, folder: Path) -> int:
    from dataclasses import replace

    from django.core.files import File

    from orders.imports import lifecycle
    from orders.imports.enums import Encoding
    from orders.imports.mapping import by_name
    from orders.models import Warehouse
    from tests.factories.moments import NOW

    Warehouse.objects.get_or_create(code="MAIN", defaults={"name_en": "Main"})
    path = folder / f"{kind}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS[kind])
        writer.writerows(_rows(kind, number))
    with path.open("rb") as file:
        run = lifecycle.upload(files=[File(file, path.name)], by=by, at=NOW)
    columns = by_name(kind, HEADS[kind])
    readings = {run.files.get().pk: lifecycle.Reading(kind, Encoding.UTF8, "", columns)}
    options = replace(run.options, time_zone="UTC")
    lifecycle.describe(run_id=run.pk, readings=readings, options=options, by=by)
    return run.pk


def _step(run_id: int, by: Any, write: bool, number: int) -> float:
    from orders.imports import lifecycle
    from orders.imports.progress import reporter
    from tests.factories.moments import NOW

    began = time.perf_counter()
    lifecycle.start(
        run_id=run_id, write=write, good_rows=write, by=by, at=NOW, hand_over=lambda run_id: None
    )
    run = lifecycle.carry_out(run_id=run_id, at=NOW, progress=reporter(run_id))
    assert run.state in ("ready", "done"), run.problems[:3]
    assert sum(run.found.values()) == number
    return time.perf_counter() - began


def export(form: str) -> list[str]:
    """All products as a file: rows, seconds, its size, and megabytes of this process."""
    from zoneinfo import ZoneInfo

    from orders.export import product_sheet
    from orders.models import Product
    from staff.sheets import csv_lines
    from staff.workbooks import xlsx_blocks

    sheet = product_sheet(Product.objects.prefetch_related("prices"), costs=True)
    before, began, size = peak(), time.perf_counter(), 0
    how = {"language": "en", "zone": ZoneInfo("UTC")}
    for part in csv_lines(sheet, **how) if form == "csv" else xlsx_blocks(sheet, **how):
        size += len(part)
    seconds, number = time.perf_counter() - began, Product.objects.count()
    figures = (seconds, number / seconds, size / 1024**2, peak() - before)
    return [f"{number:,}", *(f"{figure:,.0f}" for figure in figures)]
