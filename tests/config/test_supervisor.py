"""The supervisor is run as `make run` runs it, on a data folder and port of its own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from config.processes import start_child

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.slow


class Running:
    """A supervisor, what it said, and every process that belongs to it."""

    def __init__(self, data, port, **more):
        clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self.data, self.port = data, port
        self.log = data.with_suffix(f".{time.monotonic_ns()}.log")
        with self.log.open("w") as output:
            self.process = start_child(
                [sys.executable, "-m", "config.supervisor"],
                cwd=ROOT,
                env=clean | {"ORDERGATE_DATA": str(data), "PORT": str(port), "DEMO": "0"} | more,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self):
        return self.log.read_text()

    def wait_for(self, text, patience=60):
        deadline = time.monotonic() + patience
        while text not in self.said():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        return self

    def ask(self, path):
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()
        except URLError:
            return 0, b""

    def stop(self, number=signal.SIGTERM):
        started = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        return time.monotonic() - started


def processes(data):
    """The living processes with this data folder in their environment, by number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"ORDERGATE_DATA={data}\0".encode() in (folder / "environ").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
    return found


def wait_until(condition, patience=30):
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def port():
    # Below those that the system gives to whoever asks for any: other tests open many meanwhile.
    for number in range(20_000 + os.getpid() % 5_000, 30_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", number))
            return number
    raise AssertionError("no free port")


@pytest.fixture(scope="module")
def data():
    above = Path(tempfile.mkdtemp(prefix="ordergate-test-"))
    above.chmod(0o755)
    folder = above / "data"
    yield folder
    wait_until(lambda: not processes(folder))
    shutil.rmtree(above)


@pytest.fixture(scope="module")
def shared(data):
    """The supervisor that one test leaves to the next, as starting one takes seconds."""
    left = {}
    yield left
    if left and left["supervisor"].process.poll() is None:
        left["supervisor"].stop()


@pytest.fixture
def running(data, port, shared):
    supervisor = shared.get("supervisor")
    if supervisor is None or supervisor.process.poll() is not None:
        supervisor = shared["supervisor"] = Running(data, port)
    return supervisor.wait_for("Ordergate is ready")


@pytest.mark.parametrize("part", ["worker", "web"])
def test_part_that_dies_is_started_again(running, data, part):
    command = {"worker": b" worker --pool", "web": b"gunicorn config.wsgi"}[part]
    os.kill(min(pid for pid, line in processes(data).items() if command in line), signal.SIGKILL)
    running.wait_for(f"{part} ended (-9); starting again")
    wait_until(lambda: running.ask("/health/")[0] == 200)
    wait_until(lambda: any(command in line for line in processes(data).values()))
    assert running.process.poll() is None


def test_second_run_says_what_is_wrong(running, data, port, tmp_path):
    same_data = Running(data, port + 1)
    assert same_data.process.wait(20) == 1
    assert f"already runs on {data} (process {running.process.pid})" in same_data.said()
    same_port = Running(tmp_path / "data", port)
    assert same_port.process.wait(20) == 1
    assert re.search(rf"Cannot listen on 127.0.0.1:{port} \(.*in use\)", same_port.said())
    assert same_port.said().count("\n") == 1


def test_run_serves_pages_and_runs_tasks_until_it_is_told_to_stop(running, data):
    assert f"http://localhost:{running.port}" in running.said()
    wait_until(lambda: json.loads(running.ask("/ready/")[1]).get("worker") == "ok")
    assert running.ask("/")[0] == 200
    assert running.stop(signal.SIGINT) < 10
    assert running.process.returncode == 0
    assert processes(data) == {}
    assert "database system is shut down" in (data / "logs/postgres.log").read_text()


def test_killed_run_leaves_no_process_and_starts_again(running, data, port):
    assert len(processes(data)) >= 7
    running.process.kill()
    wait_until(lambda: not processes(data))
    again = Running(data, port).wait_for("Ordergate is ready")
    assert again.ask("/health/")[0] == 200
    assert again.stop() < 10


def test_failing_preparation_starts_nothing(port, tmp_path):
    failing = Running(tmp_path / "data", port, DATABASE_URL="postgres://nobody@127.0.0.1:9/none")
    assert failing.process.wait(30) == 1
    assert "nothing was started" in failing.said()
    wait_until(lambda: not processes(tmp_path / "data"))
