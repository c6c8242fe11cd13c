"""A real worker beside the test: a process of its own on the test's database and broker."""

import os
import signal
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from django.db import connection

from config.celery import app
from config.processes import start_child, stop_child


@contextmanager
def worker(log):
    """The worker of `make run`, while the block lasts; it writes to `log`."""
    url = urlsplit(os.environ["DATABASE_URL"])
    database = url._replace(path="/" + quote(connection.settings_dict["NAME"], safe="")).geturl()
    command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "config.celery", "--quiet"]
    command += ["worker", "--pool", "threads", "--concurrency", "1", "--without-gossip"]
    app.control.purge()  # what tests before this one left for a worker
    with log.open("wb") as output:
        child = start_child(
            command,
            env=os.environ | {"DATABASE_URL": database, "LOG_LEVEL": "INFO"},
            stdout=output,
            stderr=output,
        )
        try:
            yield child
        finally:
            stop_child(child, stop=signal.SIGTERM, patience=10, then=signal.SIGKILL)
    assert "Traceback" not in log.read_text(encoding="utf-8", errors="replace")


def minute_passes():
    """Put into the queue what beat puts there every minute."""
    due = app.conf.beat_schedule["scan"]
    app.send_task(due["task"], **due["options"])


def wait_until(condition, *, patience=30.0):
    """Wait until the worker has brought something about."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, "the worker did not do it in time"
        time.sleep(0.2)
    return found
