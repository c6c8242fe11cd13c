"""Recorded decisions computed again from what they kept, to prove that they still come out so.

A decision keeps its facts and names the version of the policy; `orders.gate.judge` needs no more.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import QuerySet

from credit.content import Content
from credit.days import start_of
from credit.governing import content_of
from orders.enums import Outcome
from orders.gate import blocking, excess_of, judge
from orders.models import Decision

CHUNK = 500
# A report names so many differences; it always counts all.
MOST_NAMED = 1000


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a decision, or one in the shadow, kept. One in the shadow has no excess."""

    facts: dict[str, Any]
    checks: list[dict[str, Any]]
    outcome: str
    excess: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that came out otherwise: a check by its code, or `outcome`, `excess`, `error`."""

    part: str
    recorded: Any
    computed: Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision after it was computed again; `shadow` for the one beside it."""

    decision_id: int
    order: str
    shadow: bool
    differences: list[Difference]


@dataclass(slots=True)
class Report:
    """How many decisions were computed again, and what came out otherwise."""

    decisions: int = 0
    shadows: int = 0
    without_facts: int = 0
    differing: int = 0
    named: list[Replayed] = field(default_factory=list)

    def add(self, replayed: Replayed) -> None:
        if replayed.shadow:
            self.shadows += 1
        else:
            self.decisions += 1
        if replayed.differences:
            self.differing += 1
            if len(self.named) < MOST_NAMED:
                self.named.append(replayed)


def canonical(value: Any) -> str:
    """The one way to write a JSON value, so that equal values are equal byte for byte."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def differences(recorded: Recorded, content: Content) -> list[Difference]:
    """What comes out otherwise when the record is judged by `content`. Pure.

    Facts that can no longer be judged at all are a difference of their own, never an error.
    """
    try:
        results = judge(recorded.facts, content)
        excess = excess_of(recorded.facts, results)
    except Exception as error:  # whatever is wrong with a record, the others are still compared
        return [Difference("error", None, repr(error))]
    found = _of_checks(recorded.checks, [result.as_json() for result in results])
    blocked = bool(blocking(results))
    if blocked == (recorded.outcome == Outcome.PASSED):
        found.append(Difference("outcome", recorded.outcome, "failed" if blocked else "passed"))
    if recorded.excess is not None and recorded.excess != excess:
        found.append(Difference("excess", str(recorded.excess), str(excess)))
    return found


def _of_checks(recorded: list[dict[str, Any]], computed: list[dict[str, Any]]) -> list[Difference]:
    if canonical(recorded) == canonical(computed):
        return []
    return [
        Difference(str((was or now)["code"]), was, now)
        for was, now in zip_longest(recorded, computed)
        if canonical(was) != canonical(now)
    ]


def chosen(since: date | None, until: date | None, limit: int | None) -> QuerySet[Decision]:
    """The decisions of the company's days from `since` to `until`, the newest `limit` of them."""
    found = Decision.objects.order_by("-pk")
    if since:
        found = found.filter(at__gte=start_of(since))
    if until:
        found = found.filter(at__lt=start_of(until + timedelta(days=1)))
    return found[:limit]


def replay(decisions: QuerySet[Decision]) -> Report:
    """Compute the decisions again, a few hundred in memory at a time."""
    report = Report()
    rows = decisions.values(
        "pk", "order__number", "facts", "checks", "outcome", "excess", "policy_version",
        "shadow", "shadow__facts", "shadow__checks", "shadow__outcome", "shadow__policy_version",
    )  # fmt: skip
    for row in rows.iterator(chunk_size=CHUNK):
        if row["facts"] is None:
            report.without_facts += 1
        for replayed in _again(row):
            report.add(replayed)
    return report


def _again(row: Mapping[str, Any]) -> Iterator[Replayed]:
    if row["facts"] is not None:
        kept = Recorded(row["facts"], row["checks"], row["outcome"], row["excess"])
        found = differences(kept, content_of(row["policy_version"]))
        yield Replayed(row["pk"], row["order__number"], False, found)
    if row["shadow"] is not None and row["shadow__facts"] is not None:
        kept = Recorded(row["shadow__facts"], row["shadow__checks"], row["shadow__outcome"])
        found = differences(kept, content_of(row["shadow__policy_version"]))
        yield Replayed(row["pk"], row["order__number"], True, found)
