"""A worker that is killed in the middle: it is noticed, and another one goes on where it stood."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from orders.imports import alive, lifecycle
from orders.imports.enums import RunState
from orders.models import ImportRun, Product
from tests.factories.imports import checked, fresh
from tests.factories.moments import NOW

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 3000


def killed_when(run, begun):
    """Have a process carry the import out, and kill it as soon as `begun` holds of it."""
    url = urlsplit(os.environ["DATABASE_URL"])
    database = url._replace(path="/" + quote(connection.settings_dict["NAME"], safe="")).geturl()
    command = [sys.executable, "-m", "tests.orders.imports.worker"]
    worker = subprocess.Popen(
        [*command, str(run.pk), str(settings.MEDIA_ROOT), "0.05"],
        env=os.environ | {"DATABASE_URL": database},
    )
    deadline = time.monotonic() + 60
    while not begun(fresh(run)):
        assert worker.poll() is None, "it ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert alive.is_held(run.pk)
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def until_noticed(run):
    deadline = time.monotonic() + 60
    while not lifecycle.is_silent(fresh(run), NOW):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def started(files, by, **how):
    run = checked(files, by)
    lifecycle.start(run_id=run.pk, write=True, by=by, at=NOW, hand_over=lambda _pk: None, **how)
    return run


def test_killed_import_of_good_rows_goes_on_where_it_stood(ada):
    rows = "".join(f"S{n},Name,1.00\n" for n in range(ROWS)) + "BAD 1,x,1.00\n"
    run = started({"products": "sku,name,price\n" + rows}, ada, good_rows=True)
    killed_when(run, lambda now: now.written.get("products", 0) >= 500)
    until_noticed(run)
    before = fresh(run).written["products"]
    assert Product.objects.count() == before < ROWS
    handed = []
    assert lifecycle.resume_silent(at=NOW, hand_over=handed.append) == 1
    run = lifecycle.carry_out(run_id=handed[0], at=NOW, progress=lambda *told: None)
    assert (run.state, run.written, run.left_out) == (
        RunState.DONE, {"products": ROWS}, {"products": 1})  # fmt: skip
    assert Product.objects.count() == ROWS


def test_killed_import_of_everything_leaves_nothing_and_begins_anew(ada):
    rows = "".join(f"S{n},Name,1.00\n" for n in range(ROWS))
    run = started({"products": "sku,name,price\n" + rows}, ada)
    seen = []
    killed_when(run, lambda now: seen.append(now) or (now.taken_at and len(seen) > 40))
    until_noticed(run)
    assert not Product.objects.exists()
    run = lifecycle.carry_out(run_id=run.pk, at=NOW, progress=lambda *told: None)
    assert (run.state, run.written, run.attempts) == (RunState.DONE, {"products": ROWS}, 2)


def test_carry_out_leaves_an_import_to_the_worker_that_is_at_it(ada):
    run = started({"products": "sku,name\nP1,x\n"}, ada)
    with alive.holding(run.pk) as mine:
        assert mine
        assert not lifecycle.is_silent(fresh(run), NOW)
    ImportRun.objects.update(taken_at=NOW)
    assert lifecycle.is_silent(fresh(run), NOW)
