"""Clients in processes of their own, each with its own connection, starting at the same instant."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.bench import scratch

_start: Any = None


def _begin(barrier: Any) -> None:
    global _start
    _start = barrier
    scratch.set_up()


def _work(job: tuple[Callable[..., Callable[[Any], object]], tuple[Any, ...], Sequence[Any]]):
    prepare, values, items = job
    do = prepare(*values)
    _start.wait()
    began = time.monotonic()
    for item in items:
        do(item)
    return began, time.monotonic()


class Clients:
    """So many processes; `rate` makes each of them do its share."""

    def __init__(self, number: int) -> None:
        self.number = number
        context = multiprocessing.get_context("spawn")
        barrier = context.Barrier(number)
        self.pool = context.Pool(number, _begin, [barrier])

    def __enter__(self) -> "Clients":
        return self

    def __exit__(self, *_error: object) -> None:
        self.pool.terminate()
        self.pool.join()

    def rate(self, prepare: Callable[..., Any], values: tuple[Any, ...], items: list[Any]) -> float:
        """Items per second, from the first start to the last end.

        `prepare(*values)` gives each client, before the start, the function it calls per item.
        """
        shares = [items[i :: self.number] for i in range(self.number)]
        jobs = [(prepare, values, share) for share in shares]
        spans = self.pool.map(_work, jobs, chunksize=1)
        return len(items) / (max(end for _, end in spans) - min(began for began, _ in spans))
