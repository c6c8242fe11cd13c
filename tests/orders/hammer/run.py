"""The processes of the hammer, and the judgement afterwards."""

import multiprocessing
import random
import signal
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import connection

from approvals.lifecycle import RequestError
from credit import lifecycle as credit_lifecycle
from credit.errors import CreditError
from orders.errors import OrderError
from orders.tasks import reevaluate_waiting
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import superuser
from tests.orders.hammer import books
from tests.orders.hammer.blows import BLOWS, Idle, Striker
from tests.orders.hammer.faults import FAULTS
from tests.orders.hammer.replay import Replay
from tests.orders.hammer.trace import changes, traced

DECIDERS = ("approver_1", "approver_2", "credit_analyst")
REFUSALS = (OrderError, CreditError, RequestError, PermissionDenied)
# A process that does not end so long after its time waits for a lock that nobody gives back.
PATIENCE = 60  # seconds
_fork = multiprocessing.get_context("fork")


@dataclass
class Report:
    """What happened; nothing is in `faults` if the product keeps its word."""

    faults: list[str]
    results: Counter = field(default_factory=Counter)
    seen: dict[str, int] = field(default_factory=dict)
    killed: int = 0
    killed_in_the_middle: int = 0
    samples: int = 0

    @property
    def done(self) -> int:
        return sum(n for (_blow, result), n in self.results.items() if result == "done")


def world(people: int) -> tuple[dict[str, list[int]], int]:
    """Three levels of groups with customers below, and loners: ids of accounts and a product."""
    for number in range(people):
        striker = superuser(username=f"striker{number}")
        striker.groups.set(Group.objects.filter(name__in=DECIDERS))
    groups = [credit.account(limit) for limit in ("10000.00", "6000.00", "5000.00")]
    members = [credit.account(limit) for limit in ("3000.00", "2500.00", "4000.00")]
    loners = [credit.account("2000.00"), credit.account("3000.00")]
    boss = superuser()
    top, left, right = groups
    for child, parent in zip([left, right, *members], [top, top, left, left, right], strict=True):
        credit_lifecycle.join_group(
            account_id=child.pk, parent_id=parent.pk, reason="set up", by=boss, at=NOW
        )
    places = {"groups": groups, "buyers": [*members, *loners, left]}
    # What is worked out once in a process is handed down to those that are started from it.
    orders.cancel(orders.submit(orders.draft(members[0])))
    ids = {name: [account.pk for account in accounts] for name, accounts in places.items()}
    return ids, orders.product().pk


def hammer(*, seconds: float, processes: int, seed: int = 1, fault: str = "") -> Report:
    """Strike for so long, with some killed in the middle, and say what was wrong in the end."""
    with traced(), tempfile.TemporaryDirectory() as folder:
        places, product = world(processes)
        crew = _Crew(Path(folder), places, product, seed, fault, time.monotonic() + seconds)
        report = crew.work(processes)
        report.faults += books.faults() + crew.judge(report)
        replay = Replay().run(changes())
        report.faults += replay.faults
        report.seen = replay.seen
        return report


class _Crew:
    """The processes, each with a diary that outlives it."""

    def __init__(
        self, folder: Path, places: dict[str, list[int]], product: int, seed: int, fault: str,
        until: float,
    ) -> None:  # fmt: skip
        self.folder, self.until, self.fault = folder, until, fault
        self.places, self.product, self.seed = places, product, seed
        self.dice, self.number = random.Random(seed), 0
        self.running: list = []

    def work(self, processes: int) -> Report:
        report, others = Report([]), _others()
        self.running = [self._start() for _ in range(processes)]
        while time.monotonic() < self.until - 1:
            time.sleep(self.dice.uniform(0.4, 1.2))
            report.faults += books.faults()
            report.samples += 1
            victim = self.dice.randrange(processes)
            self.running[victim].kill()
            self.running[victim].join()
            report.killed += 1
            self.running[victim] = self._start()
        for process in self.running:
            process.join(max(self.until + PATIENCE - time.monotonic(), 0))
            if process.exitcode is None:
                report.faults.append("a process waits without end")
                process.kill()
        _wait_until_quiet(others)
        return report

    def judge(self, report: Report) -> list[str]:
        """Read the diaries: how each blow ended, and whether what was paid is there."""
        promised, begun = set(), set()
        for diary in self.folder.iterdir():
            pages = [line.split("\t") for line in diary.read_text().splitlines()]
            for blow, reference, result in (page for page in pages if len(page) == 3):
                report.results[blow, result.partition(":")[0]] += 1
                if result.startswith("crash"):
                    report.faults.append(f"{blow} {result}")
                if (blow, result) == ("pay", "done"):
                    promised.add(reference)
            if pages and len(pages[-1]) == 2:
                report.killed_in_the_middle += 1
                begun.add(pages[-1][1])
        return books.payments(promised, begun)

    def _start(self):
        # A connection is not shared between processes.
        connection.close()
        self.number += 1
        process = _fork.Process(target=self._strike, args=[self.number], daemon=True)
        process.start()
        return process

    def _strike(self, number: int) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # Where a browser is open, its loop gives the parent another connection than the one that is
        # found here, whose socket is the parent's: let go of it without closing it.
        connection.connection = None
        # The hammer asks again itself.
        reevaluate_waiting.delay = lambda *_values: None
        if self.fault:
            FAULTS[self.fault]()
        with (self.folder / f"{number}").open("w", buffering=1) as diary:
            striker = Striker(self.seed * 1000 + number, number, self.places, self.product)
            names, weights = list(BLOWS), [weight for weight, _blow in BLOWS.values()]
            while time.monotonic() < self.until:
                (name,) = striker.dice.choices(names, weights)
                _one(striker, name, diary)


def _one(striker: Striker, name: str, diary) -> None:
    reference = f"P{striker.number}-{striker.count + 1}"
    print(name, reference, file=diary, sep="\t")
    try:
        striker.strike(name)
        result = "done"
    except Idle:
        result = "idle"
    except REFUSALS as refusal:
        result = f"{type(refusal).__name__}: {str(refusal).splitlines()[0]}"
    except Exception as error:
        where = traceback.format_exc().replace("\n", " | ").replace("\t", " ")
        result = f"crash of {type(error).__name__}: {where}"
    print(name, reference, result, file=diary, sep="\t")


def _others() -> set[int]:
    """Who else is connected, such as the server of a browser test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def _wait_until_quiet(before: set[int]) -> None:
    """Until the server has noticed that the killed are dead: only those of `before` are left."""
    for _ in range(10 * PATIENCE):
        if not _others() - before:
            return
        time.sleep(0.1)
    raise TimeoutError("connections of killed processes do not end")
