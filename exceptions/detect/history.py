"""The versions of a rule with what each changed, newest first."""

from dataclasses import dataclass

from exceptions.detect.differences import Change, differences
from exceptions.detect.models import AlertRule, AlertRuleVersion

# Versions shown on the page of a rule.
SHOWN = 20


@dataclass(frozen=True)
class Step:
    """A version and what it changed; the first has no changes."""

    version: AlertRuleVersion
    changes: list[Change]


def history(rule: AlertRule) -> list[Step]:
    """The latest versions of the rule."""
    versions = list(
        rule.versions.select_related("department", "author").order_by("-number")[: SHOWN + 1]
    )
    older = [*versions[1:], None]
    steps = [
        Step(version, differences(before, version) if before else [])
        for version, before in zip(versions, older, strict=True)
    ]
    return steps[:SHOWN]
