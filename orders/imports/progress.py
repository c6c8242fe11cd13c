"""How far an import is, told to whoever watches; it lies beside the database, in the cache."""

from dataclasses import asdict, dataclass
from functools import partial

from django.core.cache import cache

from orders.imports.enums import Kind
from orders.imports.running import Progress, Stopped

KEPT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Stage:
    """`done` of `total` rows of a phase; a total of 0 is not known."""

    phase: str
    done: int
    total: int

    @property
    def label(self) -> str:
        """What the rows are, in the reader's language; nothing while they are read."""
        return str(Kind(self.phase).label) if self.phase in Kind.values else ""


def reporter(run_id: int) -> Progress:
    """What a running import calls to tell how far it is."""
    return partial(_report, run_id)


def stage_of(run_id: int) -> Stage | None:
    """How far the import is, None if it has said nothing yet."""
    told = cache.get(_key(run_id))
    return Stage(**told) if told else None


def forget(run_id: int) -> None:
    cache.delete_many([_key(run_id), _stop_key(run_id)])


def ask_to_stop(run_id: int) -> None:
    """Have a running import stop when it next tells how far it is."""
    cache.set(_stop_key(run_id), True, KEPT_SECONDS)


def is_stopping(run_id: int) -> bool:
    """Whether the import was asked to stop and has not yet."""
    return bool(cache.get(_stop_key(run_id)))


def _report(run_id: int, phase: str, done: int, total: int) -> None:
    if is_stopping(run_id):
        raise Stopped
    cache.set(_key(run_id), asdict(Stage(phase, done, total)), KEPT_SECONDS)


def _stop_key(run_id: int) -> str:
    return f"import:{run_id}:stop"


def _key(run_id: int) -> str:
    return f"import:{run_id}"
