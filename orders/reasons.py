"""Decisions in words, for everybody who has to understand one."""

from dataclasses import dataclass
from typing import Any

from credit.checks import WEIGHT, CheckResult
from credit.enums import Verdict
from credit.sentences import HITS, label, sentence
from orders.enums import FlagKind
from orders.facts import can_read
from orders.measures import measured
from orders.models import Decision, ShadowDecision
from staff.models import User


@dataclass(frozen=True)
class CheckLine:
    """One check as recorded, with what it found as a sentence."""

    check: dict[str, Any]
    sentence: str

    @property
    def label(self) -> str:
        return label(self.check)

    @property
    def verdict(self) -> str:
        return str(Verdict(self.check["verdict"]).label)

    @property
    def flags(self) -> list[dict[str, str]]:
        """The flags on the order's goods that a gate rule saw, with the kind of risk in words."""
        found = self.check["figures"].get("flags", [])
        return [flag | {"risk": str(FlagKind(flag["kind"]).label)} for flag in found]

    @property
    def figures(self) -> list[tuple[str, str]]:
        """What was observed and the threshold, each with its name, where the check has figures."""
        return measured(self.check)

    @property
    def notable(self) -> bool:
        """Whether the check met what it looks for, so that a reader should see it first."""
        return self.check["verdict"] in HITS

    @property
    def blocks(self) -> bool:
        return bool(self.check["verdict"] == Verdict.BLOCKED)


def line(check: dict[str, Any], user: User | None) -> CheckLine:
    """One recorded check as `user` may read it: a gate rule can have seen what not all may see.

    For None it is written for everybody.
    """
    shown = readable(check, user)
    return CheckLine(shown, sentence(shown))


def readable(check: dict[str, Any], user: User | None) -> dict[str, Any]:
    """The check without what its gate rule saw of facts that are guarded from `user`."""
    figures = check["figures"]
    seen = figures.get("seen", [])
    kept = [row for row in seen if can_read(user, row["fact"])]
    return check if kept == seen else check | {"figures": figures | {"seen": kept, "hidden": True}}


def _lines(checks: list[dict[str, Any]], user: User | None) -> list[CheckLine]:
    lines = [line(check, user) for check in checks]
    return sorted(lines, key=lambda each: WEIGHT.index(Verdict(each.check["verdict"])))


def in_words(decision: Decision | ShadowDecision, user: User) -> list[CheckLine]:
    """Every check of a recorded decision, those that weigh most first."""
    return _lines(decision.checks, user)


def foreseen(checks: list[CheckResult], user: User | None) -> list[CheckLine]:
    """Every check of a decision that is not taken yet, those that weigh most first."""
    return _lines([check.as_json() for check in checks], user)
