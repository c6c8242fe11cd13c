"""Which promises to pay were kept. Pure: each amount that came in counts for one promise only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Promised:
    """`amount` promised for `until`; money counts that came in from `since` on.

    With an `order_id` it was promised for that order, and of the first day only what came from
    `made_at` on: what came before was not owed any more. `settled` are promises of earlier days,
    which keep what they took whatever it was allocated to since.
    """

    pk: int
    amount: Decimal
    since: date
    until: date
    order_id: int | None = None
    made_at: datetime | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Paid:
    """Money of one customer that came in on a day.

    `order_id` is the order that it was for, 0 for another debt, None for money that nobody
    allocated yet.
    """

    amount: Decimal
    on: date
    order_id: int | None = None
    at: datetime | None = None


def kept(promises: Sequence[Promised], money: Sequence[Paid]) -> dict[int, Decimal]:
    """By promise of one account, what came in for it, at most what was promised.

    The promise that is due first takes first, so that one payment never keeps two promises. One
    for an order takes that order's money, then what nobody allocated; any other takes what nobody
    allocated, then all the rest; of each the earliest money first.
    """
    left = {place: paid.amount for place, paid in enumerate(money)}
    came: dict[int, Decimal] = {}
    for promise in sorted(promises, key=lambda one: (one.until, one.pk)):
        missing = promise.amount
        for place in _in_turn(promise, money):
            part = min(left[place], missing)
            left[place] -= part
            missing -= part
        came[promise.pk] = promise.amount - missing
    return came


def _in_turn(promise: Promised, money: Sequence[Paid]) -> Iterator[int]:
    """The places of what may count for the promise, in the order in which it is taken."""
    ranked = [(_rank(promise, paid), paid.on, place) for place, paid in enumerate(money)]
    return (place for rank, _on, place in sorted(r for r in ranked if r[0] >= 0))


def _rank(promise: Promised, paid: Paid) -> int:
    """How soon the promise takes the money: 0 first, -1 never."""
    if not promise.since <= paid.on <= promise.until:
        return -1
    if promise.order_id is None:
        return 0 if paid.order_id is None else 1
    if paid.order_id == promise.order_id:
        return -1 if _came_before(paid, promise) else 0
    if paid.order_id is None:
        return 1
    return 2 if promise.settled else -1


def _came_before(paid: Paid, promise: Promised) -> bool:
    """Whether the money came earlier on the day on which it was promised."""
    if paid.on > promise.since or paid.at is None or promise.made_at is None:
        return False
    return paid.at < promise.made_at
