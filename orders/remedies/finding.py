"""The least that makes an order pass, found by judging it again with supposed facts. Pure.

More of a remedy never stops an order that less of it lets pass, so that halving finds the least;
what is found was judged, and so was one cent less.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from credit.checks import Case
from credit.content import Content
from credit.enums import CheckCode, Exemption
from credit.limits import granted
from credit.money import CENT, LARGEST, ZERO
from orders.gate import blocking, judge
from orders.remedies import supposing
from orders.remedies.supposing import Facts, Item


@dataclass(frozen=True, slots=True)
class Found:
    """So much is enough for the order to pass but for the checks in `left`; none: it passes."""

    amount: Decimal
    left: frozenset[str]


@dataclass(frozen=True, slots=True)
class Raise:
    """A base limit of `amount`, `more` than there is now, for an account in its currency."""

    account_id: int
    amount: Decimal
    more: Decimal
    currency: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Raises:
    """Limits that have to be raised together, but for the checks in `left`."""

    limits: list[Raise]
    left: frozenset[str]


@dataclass(frozen=True, slots=True)
class Settling:
    """Open items, oldest due date first, whose payment is enough but for the checks in `left`."""

    items: Sequence[Item]
    left: frozenset[str]


def blocked(facts: Facts, content: Content) -> frozenset[str]:
    """The codes of the checks that block."""
    return frozenset(check.code for check in blocking(judge(facts, content)))


def prepayments(facts: Facts, content: Content) -> list[Found]:
    """The least payments in the order's currency: one that clears most, and a cheaper one.

    A cheaper one, that leaves more checks in the way, is given where there is one.
    """
    most = Decimal(facts["order"]["need"])
    first = _least(lambda sum_: supposing.paid(facts, sum_), facts, content, most)
    if first is None or first.amount <= CENT:
        return [first] if first else []
    less = first.amount - CENT
    second = _least(lambda sum_: supposing.paid(facts, sum_), facts, content, less)
    return [first, second] if second else [first]


def reduction(facts: Facts, content: Content) -> Found | None:
    """The least by which the order's total, tax included, has to fall; something of it is left."""
    most = Decimal(facts["order"]["total"]) - CENT
    return _least(lambda sum_: supposing.reduced(facts, sum_), facts, content, most)


def uses_prepaid_exemption(facts: Facts, content: Content, amount: Decimal) -> Decimal | None:
    """The percentage of the policy's exemption for prepaid orders that a payment comes to."""
    for row in content["exemptions"]:
        if row["exemption"] == Exemption.PREPAID:
            order, percent = facts["order"], Decimal(row["percent"])
            due = Decimal(order["total"]) * percent / 100
            before = Decimal(order["paid"]) + amount - CENT
            return percent if before < due <= before + CENT else None
    return None


def cash_on_order(facts: Facts, content: Content) -> frozenset[str] | None:
    """What is left in the way when the order is paid before it ships; None where it gains nothing.

    Only where the policy exempts such orders.
    """
    exempt = any(row["exemption"] == Exemption.CASH for row in content["exemptions"])
    if not exempt or facts["order"]["payment_days"] == 0:
        return None
    left = blocked(supposing.on_terms(facts, 0), content)
    return left if left < blocked(facts, content) else None


def raises(facts: Facts, content: Content) -> Raises | None:
    """The lowest base limits with which the order passes, of the account and of its groups."""
    ids = [facts["account"]["id"], *(group["id"] for group in facts["groups"])]
    huge = dict.fromkeys(ids, LARGEST)
    left = blocked(supposing.with_limits(facts, huge), content)
    if not left < blocked(facts, content):
        return None
    found: dict[int, Decimal] = {}
    for each in ids:
        others = {other: LARGEST for other in ids if other != each}
        if blocked(supposing.with_limits(facts, others), content) <= left:
            continue
        change = _limit_change(facts, others, each)
        start = _base(facts, content, each)
        guesses = [start + guess for guess in _guesses(facts, content)]
        found[each] = _halve(_clears(change, content, left), start, LARGEST, guesses)
    if blocked(supposing.with_limits(facts, found), content) != left:
        return None
    return Raises([_raise(facts, content, each, to) for each, to in found.items()], left)


def temporary(facts: Facts, content: Content, raised: Raises) -> Decimal | None:
    """The temporary limit that does what one raised base limit of the account's own does."""
    first, *others = raised.limits
    if others or first.group or not first.more:
        return None
    left = blocked(supposing.with_temporary(facts, first.more), content)
    return first.more if left <= raised.left else None


def settling(facts: Facts, content: Content, items: Sequence[Item]) -> Settling | None:
    """The fewest open items, oldest due date first, whose payment clears what payments can clear.

    `items` are the account's open ones in that order.
    """

    def left_after(count: int) -> frozenset[str]:
        return blocked(supposing.settled(facts, content, items, count), content)

    left = left_after(len(items))
    if not left < blocked(facts, content):
        return None
    counts = range(len(items) + 1)
    least = bisect_left(counts, True, key=lambda count: left_after(count) <= left)
    return Settling(items[:least], left)


def _limit_change(
    facts: Facts, others: dict[int, Decimal], account_id: int
) -> Callable[[Decimal], dict[str, Any]]:
    return lambda amount: supposing.with_limits(facts, others | {account_id: amount})


def _raise(facts: Facts, content: Content, account_id: int, to: Decimal) -> Raise:
    more = to - _base(facts, content, account_id)
    account = facts["account"]
    if account["id"] == account_id:
        return Raise(account_id, to, more, account["currency"])
    group = next(group for group in facts["groups"] if group["id"] == account_id)
    return Raise(account_id, to, more, group["currency"], group["name"])


def _base(facts: Facts, content: Content, account_id: int) -> Decimal:
    """The base limit now; nothing where there is none."""
    case = Case(facts, content)
    if facts["account"]["id"] == account_id:
        return case.limit.base
    group = next(group for group in facts["groups"] if group["id"] == account_id)
    inner = group is not facts["groups"][-1]
    return granted(
        group["limits"], group["segment"], group["currency"], case.rates, case.today, in_group=inner
    ).base


def _least(
    change: Callable[[Decimal], Facts], facts: Facts, content: Content, most: Decimal
) -> Found | None:
    """The least amount that clears all that `most` clears; None where that is nothing."""
    if most <= ZERO:
        return None
    left = blocked(change(most), content)
    if not left < blocked(facts, content):
        return None
    guesses = _guesses(facts, content)
    return Found(_halve(_clears(change, content, left), ZERO, most, guesses), left)


def _clears(
    change: Callable[[Decimal], Facts], content: Content, left: frozenset[str]
) -> Callable[[Decimal], bool]:
    return lambda amount: blocked(change(amount), content) <= left


def _guesses(facts: Facts, content: Content) -> list[Decimal]:
    """What the excess over each limit says is enough, tolerated or not; mostly one is right."""
    checks = {check.code: check.figures for check in blocking(judge(facts, content))}
    found = [checks[code] for code in (CheckCode.LIMIT, CheckCode.GROUP_LIMIT) if code in checks]
    return [Decimal(each["excess"]) - Decimal(each["tolerance"]) for each in found]


def _halve(
    passes: Callable[[Decimal], bool],
    low: Decimal,
    high: Decimal,
    guesses: Sequence[Decimal] = (),
) -> Decimal:
    """The least amount in whole cents from `low` to `high` that passes; `high` is known to."""
    for guess in guesses:
        if low < guess <= high and passes(guess) and not passes(guess - CENT):
            return guess
    first, last = int(low / CENT), int(high / CENT)
    found = bisect_left(range(last), True, first, last, key=lambda cents: passes(cents * CENT))
    return found * CENT
