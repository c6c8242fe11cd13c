"""How far an import is, told to whoever watches; it lies beside the database, in the cache."""

from dataclasses import asdict, dataclass
from functools import partial

from django.core.cache import cache

from orders.imports.running import Progress

KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Stage:
    """`done` of `total` rows of a phase; a total of 0 is not known."""

    phase: str
    done: int
    total: int


def reporter(run_id: int) -> Progress:
    """What a running import calls to tell how far it is."""
    return partial(_report, run_id)


def stage_of(run_id: int) -> Stage | None:
    """How far the import is, None if it has said nothing yet."""
    told = cache.get(_key(run_id))
    return Stage(**told) if told else None


def forget(run_id: int) -> None:
    cache.delete(_key(run_id))


def _report(run_id: int, phase: str, done: int, total: int) -> None:
    cache.set(_key(run_id), asdict(Stage(phase, done, total)), KEPT_SECONDS)


def _key(run_id: int) -> str:
    return f"import:{run_id}"
