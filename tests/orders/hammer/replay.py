"""The traced history worked out again, and what in it should not have happened.

Nothing here is taken from the product: what a limit allows, who belongs to which group and what is
used is computed anew from the rows, change by change.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from tests.orders.hammer.trace import Change

USED = ("reserved", "delivered", "receivable")
ZERO = Decimal(0)


class Replay:
    """The state after each change; `faults` says what was wrong, `seen` how much was looked at."""

    def __init__(self) -> None:
        self.parents: dict[int, int | None] = {}
        self.limits: dict[int, dict] = {}
        self.used: dict[int, Decimal] = defaultdict(lambda: ZERO)
        self.held: dict[int | None, Decimal] = defaultdict(lambda: ZERO)
        self.decided: dict[int, Change] = {}
        self.waived: set[int] = set()
        self.returned: dict[int, Decimal] = defaultdict(lambda: ZERO)
        self.last_return: dict[int, datetime] = {}
        self.faults: list[str] = []
        self.seen = {"decisions": 0, "passes": 0, "waived": 0, "takings": 0, "late": 0}

    def run(self, changes: Iterable[Change]) -> "Replay":
        for change in changes:
            getattr(self, change.kind)(change)
        return self

    def account(self, change: Change) -> None:
        self.parents[change.row["id"]] = change.row["parent_id"]

    def limit(self, change: Change) -> None:
        self.limits[change.row["id"]] = change.row

    def decision(self, change: Change) -> None:
        """What a decision froze is what was true when it was made."""
        row, order = change.row, change.row["order_id"]
        self.decided[order] = change
        self.seen["decisions"] += 1
        if row["outcome"] == "waived":
            self.seen["waived"] += 1
            self._waive(row)
        account, figures = row["facts"]["account"]["id"], self._figures(row)
        self._compare(row, account, self.used[account] - self.held[order], figures["limit"])
        groups, looked_at = list(self.above(account)), figures["group_limit"]["groups"]
        if self.below(account) != self.used[account]:
            groups.insert(0, account)  # the head of a group shares its limit with its members
        if len(groups) != len(looked_at):
            self.faults.append(f"decision {row['id']} looked at other groups than there were")
        for group, seen in zip(groups, looked_at, strict=False):
            self._compare(row, group, self.below(group) - self.held[order], seen)

    def entry(self, change: Change) -> None:
        """Credit is taken by a decision, and where that says passed, within every limit."""
        row, amount = change.row, Decimal(change.row["amount"])
        more = amount * ((row["to_bucket"] in USED) - (row["from_bucket"] in USED))
        account, order = row["account_id"], row["order_id"]
        self.used[account] += more
        self.held[order] += more
        if more <= 0:
            return
        self.seen["takings"] += 1
        decided = self.decided.get(order)
        if decided is None or decided.transaction != change.transaction:
            self._told_late(row, more)
        elif decided.row["outcome"] == "failed":
            self.faults.append(f"order {order} took {more} although it failed")
        elif decided.row["outcome"] == "passed":
            self._within(account, order, decided.row)

    def returned_goods(self, change: Change) -> None:
        order, at = change.row["order_id"], datetime.fromisoformat(change.row["at"])
        self.returned[order] += Decimal(change.row["amount"])
        self.last_return[order] = max(at, self.last_return.get(order, at))

    def _told_late(self, row: dict, more: Decimal) -> None:
        """Only what came back is claimed again, where what went before the return is told late."""
        order, at = row["order_id"], datetime.fromisoformat(row["at"])
        self.seen["late"] += 1
        late = order in self.last_return and at < self.last_return[order]
        if row["movement"] != "adjust" or not late or more > self.returned[order]:
            self.faults.append(f"order {order} took {more} that nobody decided")

    def above(self, account: int) -> Iterator[int]:
        parent = self.parents[account]
        while parent is not None:
            yield parent
            parent = self.parents[parent]

    def below(self, group: int) -> Decimal:
        """What the group and all its members use."""
        members = (one for one in self.parents if one == group or group in self.above(one))
        return sum((self.used[one] for one in members), ZERO)

    def allowed(self, account: int, day: str) -> Decimal | None:
        """What the account may use by its own limits; None where only its groups' count."""
        rows = [
            row
            for row in self.limits.values()
            if row["account_id"] == account and not row["ended_at"] and row["valid_from"] <= day
        ]
        more = sum(
            Decimal(row["amount"])
            for row in rows
            if row["type"] == "temporary" and row["valid_until"] >= day
        )
        bases = [row for row in rows if row["type"] == "base"]
        base = max(bases, key=lambda row: (row["valid_from"], row["id"]), default={"kind": "none"})
        if base["kind"] == "unlimited" or (base["kind"] == "group" and self.parents[account]):
            return None
        return more + (Decimal(base["amount"]) if base["kind"] == "amount" else ZERO)

    def _within(self, account: int, order: int, decision: dict) -> None:
        self.seen["passes"] += 1
        for one in (account, *self.above(account)):
            used, allowed = self.below(one), self.allowed(one, decision["facts"]["day"])
            if allowed is not None and used > allowed:
                self.faults.append(
                    f"order {order} passed: account {one} used {used} of {allowed}"
                    f" (decision {decision['id']}, {decision['kind']})"
                )

    def _waive(self, row: dict) -> None:
        """Only an approver waives; a change afterwards stands on what the approver said."""
        if row["kind"] == "approval":
            self.waived.add(row["order_id"])
        elif row["order_id"] not in self.waived:
            self.faults.append(f"decision {row['id']} waives what no approver saw")

    def _figures(self, row: dict) -> dict[str, dict]:
        return {check["code"]: check["figures"] for check in row["checks"]}

    def _compare(self, row: dict, account: int, used: Decimal, seen: dict) -> None:
        allowed = self.allowed(account, row["facts"]["day"])
        limit = Decimal(seen["limit"]) if "limit" in seen else None
        if (Decimal(seen["used"]), limit) != (used, allowed):
            self.faults.append(
                f"decision {row['id']} saw {seen['used']} of {limit} used by account {account}"
                f" where it was {used} of {allowed}"
            )
        needed = Decimal(seen["order"]) > 0
        if row["outcome"] == "passed" and needed and Decimal(seen.get("headroom", 0)) < 0:
            self.faults.append(f"decision {row['id']} passed without headroom on {account}")
