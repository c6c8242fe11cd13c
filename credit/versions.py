"""The versions of a policy, each with what it changed."""

from dataclasses import dataclass, field

from credit.differences import Change, differences
from credit.enums import VersionState
from credit.models import Policy, PolicyVersion


@dataclass(frozen=True)
class Step:
    """One version, and what it changes in the one `before` it (None for the first)."""

    version: PolicyVersion
    before: PolicyVersion | None
    changes: list[Change] = field(default_factory=list)


def history(policy: Policy) -> list[Step]:
    """Every version of the policy, oldest first, each compared with the one before it."""
    versions = policy.versions.select_related("author", "published_by").order_by("number")
    steps: list[Step] = []
    for version in versions:
        steps.append(step(version, steps[-1].version if steps else None))
    return steps


def newest_first(steps: list[Step]) -> list[Step]:
    """The same steps, the latest version on top."""
    return steps[::-1]


def step(version: PolicyVersion, before: PolicyVersion | None) -> Step:
    """A version compared with another."""
    return Step(version, before, differences(before.content, version.content) if before else [])


def in_force(policy: Policy) -> PolicyVersion | None:
    """The published version of the policy."""
    return policy.versions.filter(state=VersionState.PUBLISHED).first()


def compared(version: PolicyVersion) -> Step:
    """A version that may come into force, compared with the one that is; others with the last.

    So the page of a draft says what publishing it would change.
    """
    policy = version.policy
    before = None
    if version.state in (VersionState.DRAFT, VersionState.SHADOW):
        before = in_force(policy)
    earlier = policy.versions.filter(number__lt=version.number)
    return step(version, before or earlier.order_by("-number").first())
