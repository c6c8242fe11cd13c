"""One submission taken apart: what it says to the database, and who takes how long."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, mode

from django.db import connection

from tests.bench import world
from tests.bench.table import show
from tests.bench.wire import RoundTrip, listen

SUBMISSIONS = 60
# What each round trip of a submission is for, by how it begins.
PURPOSES = [
    (r"COMMIT", "commit, written to disk"),
    (r"BEGIN", "begin"),
    (r"SELECT g\.version_id", "facts: governing policy, first order"),
    (r"SELECT o\.", "lock account and groups, then the order; facts under the lock"),
    (r"UPDATE|INSERT", "order, decision, ledger entry, journal"),
    (r"SELECT \"orders_order\"", "facts: gate rules, all in one"),
]
_LOCK, _COMMIT = PURPOSES[3][1], PURPOSES[0][1]


def print_one(policy: str, submitted: Callable[[int], object], account_ids: list[int]) -> None:
    """Print the round trips of a passing submission with their times, and the processors' share."""
    made = world.drafts(account_ids, 2 * SUBMISSIONS)
    # A connection of its own, so that the preparation of each statement is heard.
    connection.close()
    connection.ensure_connection()
    heard = [listen(lambda order=order: submitted(order)) for order in made[:SUBMISSIONS]]
    purposes = mode(tuple(map(_purpose, trips)) for trips in heard)
    alike = [trips for trips in heard if tuple(map(_purpose, trips)) == purposes]
    rows = [
        [purpose, f"{median(trips[place].milliseconds for trips in alike):.2f}"]
        for place, purpose in enumerate(purposes)
    ]
    rows.append(["between them: Python", f"{median(map(_between, alike)):.2f}"])
    rows.append(["of all that, under the lock", f"{median(map(_under_lock, alike)):.2f}"])
    show(
        f"A submission that passes, {policy}: {len(purposes)} round trips",
        ["for", "ms, median"],
        rows,
    )
    _processors(policy, submitted, made[SUBMISSIONS:])


def _processors(policy: str, submitted: Callable[[int], object], made: list[int]) -> None:
    server = connection.connection.info.backend_pid
    began, python, database = time.perf_counter(), time.process_time(), _used_by(server)
    for order in made:
        submitted(order)
    spent = [
        time.perf_counter() - began,
        time.process_time() - python,
        _used_by(server) - database,
    ]
    wall, ours, theirs = (1000 * seconds / len(made) for seconds in spent)
    most = os.cpu_count() * 1000 / (ours + theirs)
    show(
        f"Who works at one client, {policy}, ms per submission",
        ["wall", "Python", "PostgreSQL", "waiting"],
        [[f"{wall:.2f}", f"{ours:.2f}", f"{theirs:.2f}", f"{max(wall - ours - theirs, 0):.2f}"]],
    )
    print(f"  {os.cpu_count()} processors could do {most:,.0f} a second with any number of clients")


def _used_by(pid: int) -> float:
    """Seconds of processor that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _between(trips: list[RoundTrip]) -> float:
    whole = (trips[-1].answered - trips[0].sent).total_seconds() * 1000
    return whole - sum(trip.milliseconds for trip in trips)


def _under_lock(trips: list[RoundTrip]) -> float:
    purposes = [_purpose(trip) for trip in trips]
    held, freed = trips[purposes.index(_LOCK)], trips[purposes.index(_COMMIT)]
    return (freed.answered - held.answered).total_seconds() * 1000


def _purpose(trip: RoundTrip) -> str:
    text = trip.text
    found = (purpose for pattern, purpose in PURPOSES if re.match(pattern, text, re.DOTALL))
    return next(found, text[:60])
