"""PostgreSQL and Valkey for this installation: the ones that DATABASE_URL and REDIS_URL name, or
embedded ones that run while anybody uses them.

`ensure()` is called once per process, before Django reads its settings. Each process that uses an
embedded server holds a shared kernel lock as long as it lives; a *keeper* process (`__main__`),
the parent of the server, waits to get that lock alone and then stops it. So a server runs exactly
while it is needed, whatever way its users end.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Protocol

from config import data_folder
from config.servers import locks
from config.servers.postgres import Postgres
from config.servers.valkey import Valkey

_PATIENCE = 60.0
_ROOT = Path(__file__).resolve().parent.parent.parent
_held: dict[str, int] = {}  # descriptors of the shared locks of this process


class _Detached(subprocess.Popen[bytes]):
    """A process that is meant to go on when this one ends, so Python need not warn of it."""

    def __del__(self) -> None: ...


class ServersUnavailable(RuntimeError):
    """An embedded server could not be started; the message says where to look."""


class Server(Protocol):
    """What the keeper and `ensure` need to know about a kind of server."""

    name: str
    title: str
    variable: str
    stop_signal: Any
    insist_signal: Any

    def url(self) -> str: ...
    def is_ready(self) -> bool: ...
    def prepare(self) -> None: ...
    def command(self) -> list[str]: ...
    def popen_options(self) -> dict[str, Any]: ...
    def finish_start(self) -> None: ...


KINDS: dict[str, Any] = {"postgres": Postgres, "valkey": Valkey}


def ensure() -> None:
    """Provide DATABASE_URL and REDIS_URL in the environment; start servers where they are unset.

    Raises ServersUnavailable. Cheap when the servers run; may be called again.
    """
    data = data_folder.path()
    os.environ["ORDERGATE_DATA"] = str(data)  # absolute: children start in other folders
    wanted = [server for server in (kind(data) for kind in KINDS.values()) if _is_ours(server)]
    for server in wanted:
        if server.name not in _held:
            _held[server.name] = locks.hold_shared(_lock(server, "users"))
    # All of them start at the same time.
    keepers = {server.name: _start_keeper(server) for server in wanted if not server.is_ready()}
    for server in wanted:
        _wait(server, keepers.get(server.name))
        os.environ[server.variable] = server.url()


def is_embedded(variable: str) -> bool:
    """Whether `variable`, DATABASE_URL or REDIS_URL, names this data folder's embedded server."""
    data = data_folder.path()
    return any(_is_ours(kind(data)) for kind in KINDS.values() if kind.variable == variable)


def leave(*, patience: float = 10.0) -> None:
    """Stop using the embedded servers and, when nobody else does, wait until they have stopped."""
    names = list(_held)
    while _held:
        os.close(_held.popitem()[1])
    folder = data_folder.path() / "locks"
    deadline = time.monotonic() + patience
    others = 0
    while names and time.monotonic() < deadline:
        names = [name for name in names if locks.is_held_alone(folder / f"{name}.keeper")]
        stopping = any(locks.is_held_alone(folder / f"{name}.users") for name in names)
        others = 0 if stopping else others + 1
        if others > 5:  # a keeper takes the lock at once; so somebody else has it
            return
        time.sleep(0.05)


def _lock(server: Server, what: str) -> Path:
    return data_folder.path() / "locks" / f"{server.name}.{what}"


def _is_ours(server: Server) -> bool:
    """Whether the embedded server is meant: nothing is set, or a parent process set it to ours."""
    return os.environ.get(server.variable) in (None, "", server.url())


def _log(server: Server) -> Path:
    file = data_folder.path() / "logs" / f"{server.name}.log"
    file.parent.mkdir(exist_ok=True)
    return file


def _start_keeper(server: Server) -> _Detached:
    """Start a keeper, detached; it ends at once when there is one already."""
    log = _log(server)
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        return _Detached(
            [sys.executable, "-m", "config.servers", server.name],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _wait(server: Server, keeper: _Detached | None) -> None:
    """Wait until `server` is ready. Starts another keeper when the one that was there has gone."""
    deadline = time.monotonic() + _PATIENCE
    while not server.is_ready():
        if keeper is not None and keeper.poll():
            break
        if (keeper is None or keeper.poll() is not None) and not locks.is_held_alone(
            _lock(server, "keeper")
        ):
            keeper = _start_keeper(server)
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    else:
        return
    raise ServersUnavailable(
        f"The embedded {server.title} did not start. Its log: {_log(server)}\n"
        + "\n".join(_log(server).read_text(errors="replace").splitlines()[-8:])
    )
