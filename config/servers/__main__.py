"""The keeper of one embedded server: `python -m config.servers postgres`.

It is the server's parent, and it needs nobody to tell it when to stop: it waits for the lock that
every user of the server shares, and gets it when the last of them has ended.
"""

import os
import signal
import subprocess
import sys
import time

from config import data_folder
from config.processes import start_child, stop_child
from config.servers import KINDS, Server, locks

_PATIENCE = 60.0
_RESTARTS = 5


class _ServerDied(Exception):
    pass


def _say(text: str) -> None:
    print(f"keeper {os.getpid()}: {text}", flush=True)


def _raise_died(*_: object) -> None:
    raise _ServerDied


def _start(server: Server, running: int) -> subprocess.Popen[bytes]:
    """Start the server and wait until it serves. Raises TimeoutError or _ServerDied."""
    server.prepare()
    child = start_child(
        server.command(),
        stop=server.stop_signal,
        pass_fds=(running,),
        stdin=subprocess.DEVNULL,
        **server.popen_options(),
    )
    os.pwrite(running, f"{child.pid:<20}".encode(), 0)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise _ServerDied
        try:
            server.finish_start()
        except OSError:
            time.sleep(0.05)
            continue
        if server.is_ready():
            return child
        time.sleep(0.02)
    stop_child(child, stop=server.stop_signal, patience=10, then=server.insist_signal)
    raise TimeoutError(f"{server.title} did not answer within {_PATIENCE:.0f} seconds")


def _hold_running(server: Server) -> int:
    """The lock that lives as long as any process of the server: no second one on the same files."""
    file = data_folder.path() / "locks" / f"{server.name}.running"
    running = locks.hold_alone(file, patience=0.2)
    if running is None:
        if sys.platform != "linux":  # an orphan of a killed keeper; on Linux the kernel stops it
            os.kill(int(file.read_text()), server.stop_signal)
        running = locks.hold_alone(file, patience=_PATIENCE)
    if running is None:
        raise TimeoutError(f"An older {server.title} still runs on the same files.")
    return running


def _keep(server: Server, users: int, running: int) -> None:
    """Run the server until nobody uses it any more."""
    deaths = 0
    while True:
        child = _start(server, running)
        _say(f"{server.title} serves as {child.pid}")
        try:
            signal.signal(signal.SIGCHLD, _raise_died)
            if child.poll() is None:
                locks.wait_until_alone(users)
                break
        except _ServerDied:
            deaths += 1
        finally:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _say(f"{server.title} ended by itself with {child.wait()}")
        if deaths > _RESTARTS:
            raise _ServerDied
        time.sleep(deaths)
    _say("nobody uses it, stopping")
    stop_child(child, stop=server.stop_signal, patience=60, then=server.insist_signal)


def main(name: str) -> int:
    """Keep the server `name`, unless somebody does already."""
    server = KINDS[name](data_folder.path())
    folder = data_folder.path() / "locks"
    keeper = locks.hold_alone(folder / f"{name}.keeper", patience=0.2)
    if keeper is None:
        return 0
    try:
        _keep(server, locks.open_unheld(folder / f"{name}.users"), _hold_running(server))
    except (RuntimeError, OSError) as error:
        _say(str(error))
        return 1
    except _ServerDied:
        _say(f"{server.title} does not stay up; its own messages are above")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
