"""Which promises to pay were kept. Pure: each amount that came in counts for one promise only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Promised:
    """`amount` promised for `until`; money counts that came in from `since` on."""

    pk: int
    amount: Decimal
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Paid:
    """Money of one customer that came in on a day."""

    amount: Decimal
    on: date


def kept(promises: Sequence[Promised], money: Sequence[Paid]) -> dict[int, Decimal]:
    """By promise of one account, what came in for it, at most what was promised.

    The promise that is due first takes what came in within its days first, the earliest money
    first, so that one payment never keeps two promises.
    """
    ordered = sorted(money, key=lambda paid: paid.on)
    left = [paid.amount for paid in ordered]
    came: dict[int, Decimal] = {}
    for promise in sorted(promises, key=lambda one: (one.until, one.pk)):
        missing = promise.amount
        for place, paid in enumerate(ordered):
            if promise.since <= paid.on <= promise.until:
                part = min(left[place], missing)
                left[place] -= part
                missing -= part
        came[promise.pk] = promise.amount - missing
    return came
