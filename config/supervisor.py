"""`python -m config.supervisor`: the whole product on one machine, until Ctrl-C.

Embedded servers where needed, preparation, then web, worker and beat as children. A child that
ends is started again; none outlives the supervisor, however that ends.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config import data_folder, servers
from config.processes import start_child, stop_with_parent
from config.servers import locks

_ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 7.0  # seconds that children get to finish their work
_SLOWEST_RESTART = 30.0
_AS_ROOT = "You're running the worker with superuser"  # usual in a container
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotStart(RuntimeError):
    """The message says what is wrong and what to do."""


class _Stop(Exception):
    """Somebody asked the supervisor to stop."""


def _say(text: str) -> None:
    print(text, flush=True)


@dataclass
class Child:
    """One part of the product and how often it failed lately."""

    name: str
    command: list[str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = field(default=0.0)

    def start(self, at: float) -> None:
        """Start it in a session of its own: a terminal's Ctrl-C is for the supervisor alone."""
        self.started = at
        self.process = start_child(
            self.command,
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self.descriptors,
        )

    def tend(self, at: float) -> None:
        """Notice that it ended; start it again after a pause. `at` is monotonic time."""
        if self.process is not None and self.process.poll() is not None:
            self.failures = 1 if at - self.started > 60 else self.failures + 1
            pause = min(2.0 ** (self.failures - 1), _SLOWEST_RESTART)
            _say(f"{self.name} ended ({self.process.returncode}); starting again in {pause:.0f} s")
            self.process, self.due = None, at + pause
        if self.process is None and at >= self.due:
            self.start(at)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to what it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def _listen(host: str, port: int) -> socket.socket:
    """The socket that the web processes share; opened early, to notice a taken port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {host}:{port} ({error.strerror}). "
            "Choose another port: PORT=8001 make run"
        ) from error
    listener.listen(512)
    return listener


def _hold_installation() -> int:
    """The lock that says that this installation runs: one supervisor per data folder."""
    file = data_folder.path() / "locks" / "supervisor"
    held = locks.hold_alone(file, patience=0)
    if held is None:
        raise CannotStart(
            f"Ordergate already runs on {data_folder.path()} (process {file.read_text().strip()}). "
            "Stop it first, or choose another data folder: ORDERGATE_DATA=/path PORT=8001 make run"
        )
    os.pwrite(held, f"{os.getpid():<20}".encode(), 0)
    return held


def _children(listener: socket.socket) -> list[Child]:
    python = sys.executable
    celery = [python, "-W", f"ignore:{_AS_ROOT}", "-m", "celery", "-A", "config.celery", "--quiet"]
    web = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"fd://{listener.fileno()}"]
    web += ["--workers", os.environ.get("WEB_WORKERS", "2"), "--threads", "4"]
    web += ["--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"]
    # Threads, not processes: tasks wait for the database and the network, and nothing is left
    # behind when the worker is killed.
    worker = [*celery, "worker", "--pool", "threads", "--concurrency", "4", "--without-gossip"]
    worker += ["--without-mingle"]
    return [
        Child("web", web, (listener.fileno(),)),
        Child("worker", worker),
        Child("beat", [*celery, "beat", "--pidfile="]),
    ]


def _prepare() -> None:
    command = [sys.executable, "manage.py", "prepare"]
    preparation = start_child(command, cwd=_ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        if preparation.wait():
            raise CannotStart("The preparation failed; nothing was started.")
    finally:
        preparation.kill()  # when asked to stop meanwhile; what it did is in transactions


def _wait_for_web(address: str) -> None:
    """Wait until the first page can be served; after a minute go on all the same."""
    for _ in range(300):
        try:
            with urlopen(f"{address}/health/", timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.2)


def _stop(children: list[Child]) -> None:
    """Ask all to stop, at once; insist after a while."""
    for number, patience in ((signal.SIGTERM, _PATIENCE), (signal.SIGKILL, 2.0)):
        for child in children:
            child.signal(number)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if all(c.process is None or c.process.poll() is not None for c in children):
                return
            time.sleep(0.05)


def _raise_stop(*_: object) -> None:
    for number in _STOPPING:  # stopping is on its way; a second Ctrl-C must not break it off
        signal.signal(number, signal.SIG_IGN)
    raise _Stop


def run() -> None:
    """Run the product until a signal says stop. Raises CannotStart and ServersUnavailable."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    held = _hold_installation()
    listener = _listen(host, port)
    servers.ensure()
    _prepare()
    children = _children(listener)
    try:
        for child in children:
            child.start(time.monotonic())
        address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0', '::') else host}:{port}"  # noqa: S104
        _wait_for_web(address)
        _say(f"\nOrdergate is ready: {address}   (Ctrl-C stops it)\n")
        while True:
            for child in children:
                child.tend(time.monotonic())
            time.sleep(0.25)
    finally:
        _say("\nStopping ...")
        _stop(children)
        os.close(held)


def main() -> int:
    for number in _STOPPING:
        signal.signal(number, _raise_stop)
    if "MAKELEVEL" in os.environ:  # `make run` killed by -9 is meant to stop the product
        stop_with_parent(signal.SIGTERM)
    try:
        run()
    except _Stop:
        servers.leave()
        _say("Stopped.")
        return 0
    except (CannotStart, servers.ServersUnavailable) as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
