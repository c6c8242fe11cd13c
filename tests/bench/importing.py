"""An import of open orders from files, as a worker carries it out: how fast, in how much memory."""

import csv
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from tests.bench import scratch
from tests.bench.table import show

CUSTOMERS = 10_000
# Of the whole number, for the import beside which the memory of the large one is seen.
SMALL = 20
HEAD = {"orders": ["order id", "customer code", "order date", "ship to address"],
        "lines": ["order id", "sku", "qty", "unit price"]}  # fmt: skip


def run(orders: int) -> None:
    """Measure and print: each import in a process of its own."""
    from tests.bench import world

    user, sku = world.importer().pk, world.product().sku
    places = {f"{CUSTOMERS:,} customers": CUSTOMERS, "one customer": 1}
    rows = []
    for number in (max(orders // SMALL, 1), orders):
        for name, customers in places.items():
            codes = world.codes(world.members(customers))
            world.tidy()
            rows.append([name, f"{number:,}", *_measure(user, codes, sku, number)])
    show(
        "Import of open orders from files, one line each, through check and gate",
        ["", "orders", "check, s", "write, s", "orders/s", "written/s", "peak MB", "grew by MB"],
        rows,
    )


def _measure(user: int, codes: Sequence[str], sku: str, number: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        paths = _write_files(Path(folder), codes, sku, number)
        with multiprocessing.get_context("spawn").Pool(1, scratch.set_up) as pool:
            checking, writing, before, peak = pool.apply(carry_out, (user, paths, folder))
    whole = checking + writing
    return [
        f"{checking:.1f}",
        f"{writing:.1f}",
        f"{number / whole:,.0f}",
        f"{number / writing:,.0f}",
        f"{peak:.0f}",
        f"{peak - before:.0f}",
    ]


def _write_files(folder: Path, codes: Sequence[str], sku: str, number: int) -> dict[str, str]:
    mark = codes[0]  # no two imports bring the same numbers
    orders = (
        [f"{mark}-{n}", codes[n % len(codes)], "2026-03-01 10:00", f"{n % 97} Main Road"]
        for n in range(number)
    )
    lines = ([f"{mark}-{n}", sku, "1", "3.39"] for n in range(number))
    return {
        kind: _write(folder / f"{kind}.csv", HEAD[kind], rows)
        for kind, rows in (("orders", orders), ("lines", lines))
    }


def _write(path: Path, head: list[str], rows: Iterable[list[Any]]) -> str:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(chain([head], rows))
    return str(path)


def carry_out(user_id: int, paths: dict[str, str], folder: str) -> tuple[float, ...]:
    """Check and write; seconds of each, and megabytes of this process before and at its peak."""
    from django.conf import settings

    settings.MEDIA_ROOT = folder
    run_id, by = _described(user_id, paths)
    before = peak()
    seconds = [_step(run_id, by, write) for write in (False, True)]
    return (*seconds, before, peak())


def _described(user_id: int, paths: dict[str, str]) -> tuple[int, Any]:
    from dataclasses import replace

    from django.core.files.base import ContentFile

    from orders.imports import lifecycle
    from orders.imports.enums import Encoding
    from orders.imports.mapping import by_name
    from staff.models import User
    from tests.factories.moments import NOW

    by = User.objects.get(pk=user_id)
    files = [ContentFile(Path(path).read_bytes(), f"{kind}.csv") for kind, path in paths.items()]
    run = lifecycle.upload(files=files, by=by, at=NOW)
    readings = {
        file.pk: lifecycle.Reading(kind, Encoding.UTF8, "", by_name(kind, file.headers))
        for file, kind in zip(run.files.all(), paths, strict=True)
    }
    options = replace(run.options, history=False, currency="CNY", time_zone="UTC")
    lifecycle.describe(run_id=run.pk, readings=readings, options=options, by=by)
    return run.pk, by


def _step(run_id: int, by: Any, write: bool) -> float:
    from orders.imports import lifecycle
    from orders.imports.progress import reporter
    from tests.factories.moments import NOW

    began = time.perf_counter()
    lifecycle.start(run_id=run_id, write=write, by=by, at=NOW, hand_over=lambda run_id: None)
    run = lifecycle.carry_out(run_id=run_id, at=NOW, progress=reporter(run_id))
    assert run.state in ("ready", "done"), run.problems[:3]
    return time.perf_counter() - began


def peak() -> float:
    """The most memory that this process ever held, in megabytes.

    Linux counts what its parent held before it became itself into `ru_maxrss`; VmHWM is its own.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = (line.split() for line in status.read_text().splitlines())
    return next(int(row[1]) for row in rows if row[0] == "VmHWM:") / 1024
