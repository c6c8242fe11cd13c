"""Whether the parts that the product stands on are there, for load balancers and people on call."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_HEARTBEAT = "health.heartbeat"
_HEARTBEAT_LATE = 120  # seconds; beat sends one every 30

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Check:
    """One part: `ok` or not; without an `essential` part nobody can be served."""

    name: str
    ok: bool
    essential: bool = True


def note_heartbeat(at: float) -> None:
    """Remember that the worker lived at `at`, in seconds since the epoch."""
    cache.set(_HEARTBEAT, at, timeout=3600)


def checks(at: float) -> list[Check]:
    """The state of every part at `at` (seconds since the epoch). Why a part failed is logged."""
    return [
        Check("database", _answers(_database)),
        Check("migrations", _answers(_migrations)),
        Check("cache", _answers(_cache)),
        # Pages work without the background work; it must not take the web out of service.
        Check("worker", _answers(lambda: _worker(at)), essential=False),
    ]


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        log.exception("health_check_failed")
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> bool:
    cache.set("health.probe", 1, timeout=10)
    return cache.get("health.probe") == 1


def _worker(at: float) -> bool:
    return at - cache.get(_HEARTBEAT, 0) < _HEARTBEAT_LATE
