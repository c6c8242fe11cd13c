"""Imports for tests: files from text, brought through upload, check and writing."""

from dataclasses import replace

from django.core.files.base import ContentFile

from orders.imports import lifecycle
from orders.imports.enums import Encoding, RunState
from orders.imports.lifecycle import Reading
from orders.imports.mapping import by_name
from orders.models import ImportRun
from tests.factories.moments import NOW
from tests.factories.staff import person

CUSTOMERS = "code,name,city\nC1,Acme,Berlin\nC2,北京公司,北京\n"
PRODUCTS = "sku,name,price\nP1,Bolt,10.00\nP2,Nut,2.50\n"
ORDERS = (
    "order id,customer code,order date,status,paid at,shipped at,delivered at\n"
    "A-1,C1,2026-01-05 10:00,delivered,2026-01-05 11:00,2026-01-06 09:00,2026-01-08 15:00\n"
    "A-2,C2,2026-01-07 10:00,processing,,,\n"
)
LINES = "order id,sku,qty,unit price,freight\nA-1,P1,3,10.00,4.50\nA-2,P2,10,2.50,\n"
PAYMENTS = "order id,amount,method\nA-1,34.50,credit card\n"
FILES = {
    "customers": CUSTOMERS,
    "products": PRODUCTS,
    "orders": ORDERS,
    "lines": LINES,
    "payments": PAYMENTS,
}


def importer(**values):
    return person("administrator", **values)


def uploaded(files, by, at=NOW):
    """An import with these files (kind -> text or bytes), uploaded and recognised."""
    contents = [
        ContentFile(body if isinstance(body, bytes) else body.encode(), f"{kind}.csv")
        for kind, body in files.items()
    ]
    return lifecycle.upload(files=contents, by=by, at=at)


def described(files, by, *, at=NOW, columns=None, encoding=Encoding.UTF8, **options):
    run = uploaded(files, by, at)
    readings = {
        file.pk: Reading(
            kind, encoding, "", (columns or {}).get(kind) or by_name(kind, file.headers)
        )
        for file, kind in zip(run.files.all(), files, strict=True)
    }
    chosen = replace(run.options, **{"currency": "CNY", "time_zone": "UTC"} | options)
    return lifecycle.describe(run_id=run.pk, readings=readings, options=chosen, by=by)


def step(run, *, write, at=NOW, good_rows=False):
    """Start the import and carry it out at once, as a worker would."""
    lifecycle.start(
        run_id=run.pk,
        write=write,
        good_rows=good_rows,
        by=run.created_by,
        at=at,
        hand_over=lambda run_id: None,
    )
    return lifecycle.carry_out(run_id=run.pk, at=at, progress=lambda *told: None)


def good_rows(files, by, *, at=NOW, **choices):
    """The import after its good rows were written."""
    return step(checked(files, by, at=at, **choices), write=True, at=at, good_rows=True)


def checked(files, by, **choices):
    return step(described(files, by, **choices), write=False)


def imported(files, by, *, at=NOW, **choices):
    """The import after checking and, if nothing was wrong, writing."""
    run = checked(files, by, at=at, **choices)
    return step(run, write=True, at=at) if run.state == RunState.READY else run


def fresh(run):
    return ImportRun.objects.get(pk=run.pk)
