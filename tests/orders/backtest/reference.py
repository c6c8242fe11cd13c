"""What a backtest should find, worked out slowly from the whole history for each case.

Written from the definitions, without any of the product's code. Days are numbers; a moment is a
day and an hour. Invoices and what lowers them count from the beginning of their day.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass
class PastOrder:
    account: int
    currency: str
    amount: Decimal
    day: int
    payments: list = field(default_factory=list)  # (day, amount), at noon
    cancelled: int | None = None  # the day, at noon

    @property
    def at(self):
        return (self.day, 9)

    def left(self, at):
        if self.cancelled is not None and (self.cancelled, 12) < at:
            return Decimal(0)
        paid = sum(amount for day, amount in self.payments if (day, 12) < at)
        return max(self.amount - paid, Decimal(0))


@dataclass
class PastClaim:
    """An invoice that belongs to no order."""

    account: int
    amount: Decimal
    day: int
    due: int
    lowered: list = field(default_factory=list)  # (day, amount)
    disputed: tuple | None = None  # (amount, first day, last day or None), at three

    @property
    def at(self):
        return (self.day, 0)

    def open(self, day):
        return self.amount - sum(amount for each, amount in self.lowered if each <= day)

    def disputed_at(self, at):
        if self.disputed is None:
            return Decimal(0)
        amount, first, last = self.disputed
        known = (first, 3) < at and (last is None or at < (last, 3))
        return min(amount, self.open(at[0])) if known else Decimal(0)


@dataclass
class World:
    """Accounts are numbered; `parents` says whose group each is in, `rates` what USD is worth."""

    currencies: list
    parents: list
    limits: list  # per account: (from day, amount)
    temporary: list  # per account: (from day, to day, amount) or None
    orders: list
    claims: list
    rates: list  # (from day, yuan for a dollar)
    days: int  # tolerated days overdue
    disputed: bool  # whether disputed invoices count as overdue

    def rate(self, day, source, target):
        if source == target:
            return Decimal(1)
        found = max((each for each in self.rates if each[0] <= day), default=None)
        if found is None:
            return None
        return found[1] if source == "USD" else round(1 / found[1], 10)

    def cases(self):
        """Every case in order, each with the place it has among all."""
        claims = [(claim.at, place, claim) for place, claim in enumerate(self.claims)]
        orders = [(order.at, place, order) for place, order in enumerate(self.orders)]
        return [case for _at, _place, case in sorted(claims + orders, key=lambda each: each[:2])]

    def used(self, account, case):
        """What earlier cases of the account still use when this one comes."""
        whole, day = Decimal(0), case.at[0]
        for earlier in self.cases():
            if earlier is case:
                return whole
            if earlier.account != account:
                continue
            if isinstance(earlier, PastClaim):
                whole += earlier.open(day)
            else:
                rate = self.rate(earlier.day, earlier.currency, self.currencies[account])
                whole += cents(earlier.left(case.at) * (rate or 0))
        return whole

    def limit(self, account, day):
        base = max((row for row in self.limits[account] if row[0] <= day), default=None)
        # Without any history yet, the limit of today: the last one.
        amount = (base or max(self.limits[account]))[1]
        more = self.temporary[account]
        return amount + (more[2] if more and more[0] <= day <= more[1] else 0)

    def need(self, case, target):
        currency = self.currencies[case.account]
        amount, day = case.amount, case.at[0]
        if isinstance(case, PastOrder):
            own = self.rate(day, case.currency, currency)
            if own is None:
                return None
            amount = cents(case.left(case.at) * own)
        rate = self.rate(day, currency, target)
        return None if rate is None else cents(amount * rate)

    def reasons(self, case):
        """The codes of the checks that hold the case."""
        account, found = case.account, set()
        need = self.need(case, self.currencies[account])
        if need and self.used(account, case) + need > self.limit(account, case.at[0]):
            found.add("limit")
        if any(self._group_over(case, head) for head in self._heads(case)):
            found.add("group_limit")
        if self._rate_missing(case):
            found.add("rate")
        if self.late(account, case.at) > 0:
            found.add("overdue")
        return found

    def _heads(self, case):
        """Whose groups count: the account's parent's, and its own where members use anything."""
        parent = self.parents[case.account]
        own = [case.account] if self._members(case, case.account) else []
        return own + ([] if parent is None else [parent])

    def _members(self, case, head):
        """What the members of a group use, by currency."""
        found = {}
        for member, its_parent in enumerate(self.parents):
            used = self.used(member, case) if its_parent == head else 0
            if used:
                code = self.currencies[member]
                found[code] = found.get(code, 0) + used
        return found

    def _group_over(self, case, head):
        day, target = case.at[0], self.currencies[head]
        parts = [
            (amount, self.rate(day, code, target))
            for code, amount in self._members(case, head).items()
        ]
        need = self.need(case, target)
        if not need or any(rate is None for _amount, rate in parts):
            return False
        used = self.used(head, case) + sum(cents(amount * rate) for amount, rate in parts)
        return used + need > self.limit(head, day)

    def _rate_missing(self, case):
        own = self.currencies[case.account]
        pairs = {(case.currency if isinstance(case, PastOrder) else own, own)}
        for head in self._heads(case):
            target = self.currencies[head]
            pairs |= {(code, target) for code in (own, *self._members(case, head))}
        return any(self.rate(case.at[0], *pair) is None for pair in pairs)

    def late(self, account, at):
        whole, day = Decimal(0), at[0]
        for claim in self.claims:
            if claim.account != account or claim.day > day or day - claim.due <= self.days:
                continue
            disputed = Decimal(0) if self.disputed else claim.disputed_at(at)
            whole += claim.open(day) - disputed
        return whole
