"""What is broken on purpose in the processes, to show that the proof would find it."""

import itertools
import os
from collections.abc import Callable

from orders.lifecycle import billing, steps

_LOCKING = "SELECT credit_lock(o.account_id) FROM orders_order o WHERE {known}"


def unlocked() -> None:
    """The gate looks at an account that nobody has locked."""
    _lock_by("SELECT o.account_id FROM orders_order o WHERE {known}")


def ungrouped() -> None:
    """The account is locked, but none of the groups above it."""
    _lock_by(
        "SELECT FROM credit_creditaccount"
        " WHERE id = (SELECT o.account_id FROM orders_order o WHERE {known}) FOR NO KEY UPDATE"
    )


def backwards() -> None:
    """Every other process locks the groups in the opposite order."""
    if os.getpid() % 2:
        _lock_by(
            "SELECT FROM credit_creditaccount WHERE id IN ("
            " SELECT unnest(a.ancestors || a.id) FROM orders_order o"
            " JOIN credit_creditaccount a ON a.id = o.account_id WHERE {known}"
            ") ORDER BY id DESC FOR NO KEY UPDATE"
        )


def twice() -> None:
    """Every other payment of a process is booked twice."""
    post, count = billing.post, itertools.count(1)

    def post_twice(*values: object) -> None:
        for _ in range(1 + next(count) % 2):
            post(*values)

    billing.post = post_twice


def _lock_by(locking: str) -> None:
    assert steps._LOCK == _LOCKING
    steps._LOCK = locking


FAULTS: dict[str, Callable[[], None]] = {
    "unlocked": unlocked,
    "ungrouped": ungrouped,
    "backwards": backwards,
    "twice": twice,
}
