"""The embedded servers are tried from outside, as processes that use them and get killed."""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from config.servers import sockets
from config.servers.account import Account

ROOT = Path(__file__).resolve().parent.parent.parent
USER = """
import os, sys
from config import servers
try:
    servers.ensure()
except servers.ServersUnavailable as error:
    sys.exit(str(error))
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
sys.stdin.read()
"""
QUERY = """
import os, psycopg, socket, urllib.parse
from config import servers
servers.ensure()
valkey = socket.socket(socket.AF_UNIX)
valkey.connect(urllib.parse.unquote(urllib.parse.urlsplit(os.environ["REDIS_URL"]).path))
valkey.sendall(b"INCR starts\\r\\n")
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS start (id serial)")
    connection.execute("INSERT INTO start DEFAULT VALUES")
    rows = connection.execute("SELECT count(*) FROM start").fetchone()[0]
print(rows, valkey.recv(50).decode().strip(":\\r\\n"))
"""
started = []
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has two accounts to compare")


def environment(data, **more):
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    return clean | {"ORDERGATE_DATA": str(data)} | more


def start_user(data, **more):
    user = subprocess.Popen(
        [sys.executable, "-c", USER],
        cwd=ROOT,
        env=environment(data, **more.pop("env", {})),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )
    started.append(user)
    return user


def query(data, *, python=sys.executable, **more):
    command = [python, "-c", QUERY]
    options = {"cwd": ROOT, "env": environment(data), "text": True} | more
    return subprocess.run(command, capture_output=True, check=True, **options).stdout.split()


def urls(user):
    return user.stdout.readline().split()


def log(data, name="postgres"):
    return (data / "logs" / f"{name}.log").read_text()


def pid_in_log(data, pattern):
    # Users meet a server that answers before its keeper has written that it does.
    wait_until(lambda: re.search(pattern, log(data)))
    return int(re.findall(pattern, log(data))[-1])


def wait_until(condition, patience=60):
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def stop(user):
    """Kill and clear away; a second time it does nothing."""
    user.kill()
    user.communicate()


def is_removed(folder):
    # A server that is about to end may take away a file before we do.
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


@pytest.fixture
def data():
    """A data folder that every account can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="ordergate-test-"))
    folder.chmod(0o755)
    yield folder
    while started:
        stop(started.pop())
    for name in ("postgres", "valkey"):
        file = folder / "logs" / f"{name}.log"
        if file.exists():
            for pid in re.findall(r"keeper (\d+): \w+ serves", file.read_text()):
                wait_until(lambda pid=pid: is_gone(int(pid)))
    wait_until(lambda: is_removed(folder))
    for place in Path("/tmp").glob(f"ordergate-{os.geteuid()}-*"):  # noqa: S108
        with suppress(OSError):  # those of others hold their sockets
            place.rmdir()


def test_servers_stop_with_their_last_user_and_keep_the_data(data):
    assert query(data) == ["1", "1"]
    wait_until(lambda: "database system is shut down" in log(data))
    wait_until(lambda: "ready to exit" in log(data, "valkey"))
    assert query(data) == ["2", "2"]
    assert "was interrupted" not in log(data)


def test_users_that_start_together_share_one_keeper(data):
    users = [start_user(data) for _ in range(6)]
    assert len({tuple(urls(user)) for user in users}) == 1
    wait_until(lambda: "PostgreSQL serves" in log(data) and "Valkey serves" in log(data, "valkey"))
    assert log(data).count("PostgreSQL serves") == 1
    assert log(data, "valkey").count("Valkey serves") == 1
    for user in users:
        stop(user)


def test_users_that_come_and_go_always_find_servers(data):
    for _ in range(4):  # each new one meets servers that are just being stopped
        user = start_user(data)
        assert len(urls(user)) == 2, user.communicate()
        stop(user)
        time.sleep(0.03)


def test_killed_user_leaves_no_server(data):
    user = start_user(data)
    urls(user)
    postgres = pid_in_log(data, r"PostgreSQL serves as (\d+)")
    user.send_signal(signal.SIGKILL)
    user.communicate()
    wait_until(lambda: is_gone(postgres))


def test_killed_keeper_takes_its_server_along_and_the_next_start_recovers(data):
    query(data)
    user = start_user(data)
    urls(user)
    postgres = pid_in_log(data, r"PostgreSQL serves as (\d+)")
    os.kill(pid_in_log(data, r"keeper (\d+): PostgreSQL serves"), signal.SIGKILL)
    assert query(data)[0] == "2"
    wait_until(lambda: is_gone(postgres))
    stop(user)


def test_killed_server_is_started_again_while_it_is_used(data):
    user = start_user(data)
    urls(user)
    os.kill(pid_in_log(data, r"PostgreSQL serves as (\d+)"), signal.SIGKILL)
    wait_until(lambda: log(data).count("PostgreSQL serves") == 2)
    assert query(data)[0] == "1"
    stop(user)


def test_child_of_a_user_keeps_the_servers_when_its_parent_ends(data):
    parent = start_user(data)
    database_url, redis_url = urls(parent)
    child = start_user(data, env={"DATABASE_URL": database_url, "REDIS_URL": redis_url})
    urls(child)
    stop(parent)
    time.sleep(0.5)
    assert "nobody uses it" not in log(data)
    stop(child)


def test_named_servers_are_used_and_none_is_started(data):
    named = {"DATABASE_URL": "postgres://db.example/x", "REDIS_URL": "redis://r.example/0"}
    user = start_user(data, env=named)
    assert urls(user) == list(named.values())
    assert not (data / "logs").exists()
    stop(user)


@pytest.mark.parametrize("name", ["Große Daten 数据", "x" * 120])
def test_data_folder_may_have_any_name_and_length(data, name):
    folder = data / name
    assert query(folder) == ["1", "1"]
    assert query(folder) == ["2", "2"]
    shutil.copytree(folder / "logs", data / "logs")


def test_sockets_of_a_long_path_are_in_a_short_private_folder(data):
    folder = data / ("y" * 120)
    user = start_user(folder)
    place = Path(unquote(urlsplit(urls(user)[1]).path)).parent
    assert place.parent == Path("/tmp")  # noqa: S108
    assert place.stat().st_mode & 0o777 == 0o700
    stop(user)
    shutil.copytree(folder / "logs", data / "logs")


def test_data_folder_may_be_relative(data):
    assert query("here", cwd=data, env=environment("here", PYTHONPATH=str(ROOT)))[0] == "1"
    shutil.copytree(data / "here" / "logs", data / "logs")


def test_cluster_of_another_major_version_is_refused_and_left_alone(data):
    query(data)
    wait_until(lambda: "is shut down" in log(data))
    (data / "postgres/cluster/PG_VERSION").write_text("17\n")
    message = start_user(data).communicate()[1]
    assert "was made by PostgreSQL 17; this release brings 18." in message
    assert "Nothing was changed" in message
    (data / "postgres/cluster/PG_VERSION").write_text("18\n")
    assert query(data)[0] == "2"


@pytest.fixture
def ordinary():
    """Options that make a process one of an ordinary user, with a Python that he can reach."""
    account = Account()
    system = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    for python in (Path(sys.executable).resolve(), system):
        if python.exists() and account.reaches(python) and account.reaches(ROOT / "manage.py"):
            libraries = sysconfig.get_path("purelib")
            environment = {"PYTHONPATH": libraries, "PYTHONDONTWRITEBYTECODE": "1"}
            return {"python": str(python), "env": environment, **account.popen_options()}
    pytest.skip("no Python within reach of an ordinary user")


@needs_root
def test_ordinary_user_runs_servers_as_himself(data, ordinary):
    shutil.chown(data, "nobody")
    ordinary["env"] = environment(data, **ordinary["env"])
    assert query(data, **ordinary) == ["1", "1"]
    assert {(data / name).owner() for name in ("valkey", "postgres/cluster")} == {"nobody"}
    assert query(data, **ordinary) == ["2", "2"]


@needs_root
def test_root_with_a_closed_folder_keeps_the_database_where_nobody_reaches_it(data):
    closed = data / "closed"
    closed.mkdir(mode=0o700)
    assert query(closed)[0] == "1"
    home = (closed / "postgres").resolve()
    assert home.parent == Path("/var/lib/ordergate")
    assert (home.stat().st_mode & 0o777, home.owner()) == (0o700, "nobody")
    assert query(closed)[0] == "2"
    shutil.copytree(closed / "logs", data / "logs")
    wait_until(lambda: not (home / "cluster/postmaster.pid").exists())
    shutil.rmtree(home)


def test_folder_for_sockets_of_somebody_else_is_refused(tmp_path, monkeypatch):
    other = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: other)
    with pytest.raises(sockets.UnsafeFolderError):
        sockets.make_private(tmp_path, other)
