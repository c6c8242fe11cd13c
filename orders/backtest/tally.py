"""What a run comes to: how much was held, why, and beside it what happened then."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from credit.money import ZERO
from orders.backtest.enums import Assumption
from orders.backtest.sweep import Judged, Judgement


@dataclass(slots=True)
class Count:
    """How many cases, of how many customers, worth how much in each currency.

    `days_late` adds up the days by which those cases were late that were late.
    """

    count: int = 0
    days_late: int = 0
    customers: set[int] = field(default_factory=set)
    value: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    def add(self, judged: Judged) -> None:
        case = judged.case
        self.count += 1
        self.days_late += judged.days_late or 0
        self.customers.add(case.account.customer_id)
        self.value[case.currency] += case.event.amount

    def as_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "customers": len(self.customers),
            "value": {code: str(amount) for code, amount in sorted(self.value.items())},
            "days_late": self.days_late,
        }


def _counts() -> dict[str, Count]:
    return defaultdict(Count)


@dataclass(slots=True)
class VersionTally:
    """What one version held and passed. `names` are those of gate rules, by code."""

    name: str
    held: Count = field(default_factory=Count)
    reasons: dict[str, Count] = field(default_factory=_counts)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    held_then: dict[str, Count] = field(default_factory=_counts)
    passed_then: dict[str, Count] = field(default_factory=_counts)

    def add(self, judged: Judged, judgement: Judgement) -> None:
        if not judgement.held:
            self.passed_then[judged.ending].add(judged)
            return
        self.held.add(judged)
        self.held_then[judged.ending].add(judged)
        for reason in judgement.reasons:
            self.reasons[reason.code].add(judged)
            if "names" in reason.figures:
                self.names[reason.code] = reason.figures["names"]

    def as_json(self) -> dict[str, Any]:
        by_count = sorted(self.reasons.items(), key=lambda each: (-each[1].count, each[0]))
        return {
            "name": self.name,
            "held": self.held.as_json(),
            "reasons": [
                {"code": code, "names": self.names.get(code)} | count.as_json()
                for code, count in by_count
            ],
            "then": {
                "held": {code: count.as_json() for code, count in self.held_then.items()},
                "passed": {code: count.as_json() for code, count in self.passed_then.items()},
            },
        }


class Tally:
    """The summary of a run of one version or of two."""

    def __init__(self, names: list[str]) -> None:
        self.all = Count()
        self.versions = [VersionTally(name) for name in names]
        self.both, self.only_first, self.only_second = Count(), Count(), Count()
        self.limits_as_now = Count()
        self.rules_unasked = Count()
        self.rules_as_now = Count()
        self.facts_as_now: set[str] = set()

    def add(self, judged: Judged) -> None:
        self.all.add(judged)
        for version, judgement in zip(self.versions, judged.judgements, strict=True):
            version.add(judged, judgement)
        held = [judgement.held for judgement in judged.judgements]
        if len(held) == 2 and any(held):
            (self.both if all(held) else self.only_first if held[0] else self.only_second).add(
                judged
            )
        if any(judgement.limit_as_now for judgement in judged.judgements):
            self.limits_as_now.add(judged)
        if not judged.case.is_order and any(each.has_rules for each in judged.judgements):
            self.rules_unasked.add(judged)

        asked = {name for each in judged.judgements for name in each.asked_as_now}
        if asked:
            self.rules_as_now.add(judged)
            self.facts_as_now |= asked

    def as_json(self) -> dict[str, Any]:
        compared = {
            "both": self.both.as_json(),
            "only_first": self.only_first.as_json(),
            "only_second": self.only_second.as_json(),
        }
        return {
            "cases": self.all.as_json(),
            "versions": [version.as_json() for version in self.versions],
            "differences": compared if len(self.versions) == 2 else None,
            "limits_as_now": self.limits_as_now.as_json(),
            "rules_unasked": self.rules_unasked.as_json(),
            "rules_as_now": self.rules_as_now.as_json() | {"facts": sorted(self.facts_as_now)},
            "assumed_as_now": list(Assumption.values),
        }
