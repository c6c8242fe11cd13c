"""Decisions in words, for everybody who has to understand one."""

from dataclasses import dataclass
from typing import Any

from credit.checks import WEIGHT, CheckResult
from credit.enums import Verdict
from credit.sentences import HITS, label, sentence
from orders.enums import FlagKind
from orders.measures import measured
from orders.models import Decision, ShadowDecision


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


def _lines(checks: list[dict[str, Any]]) -> list[CheckLine]:
    lines = [CheckLine(check, sentence(check)) for check in checks]
    return sorted(lines, key=lambda line: WEIGHT.index(Verdict(line.check["verdict"])))


def in_words(decision: Decision | ShadowDecision) -> list[CheckLine]:
    """Every check of a recorded decision, those that weigh most first."""
    return _lines(decision.checks)


def foreseen(checks: list[CheckResult]) -> list[CheckLine]:
    """Every check of a decision that is not taken yet, those that weigh most first."""
    return _lines([check.as_json() for check in checks])
