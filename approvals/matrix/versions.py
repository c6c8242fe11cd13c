"""The versions of the matrix, each with what it changed."""

from dataclasses import dataclass, field

from approvals.matrix.differences import differences
from approvals.matrix.enums import MatrixState
from approvals.matrix.models import MatrixVersion
from approvals.matrix.names import Names
from credit.differences import Change


@dataclass(frozen=True)
class Step:
    """One version, and what it changes in the one `before` it (None for the first)."""

    version: MatrixVersion
    before: MatrixVersion | None
    changes: list[Change] = field(default_factory=list)


def step(version: MatrixVersion, before: MatrixVersion | None, names: Names) -> Step:
    """A version compared with another."""
    found = differences(before.content, version.content, names) if before else []
    return Step(version, before, found)


def history(names: Names) -> list[Step]:
    """Every version, the latest first, each compared with the one before it."""
    versions = list(
        MatrixVersion.objects.select_related("author", "published_by").order_by("number")
    )
    befores = [None, *versions[:-1]]
    pairs = zip(versions, befores, strict=True)
    return [step(version, before, names) for version, before in pairs][::-1]


def in_force() -> MatrixVersion | None:
    """The published version."""
    return MatrixVersion.objects.published().first()


def compared(version: MatrixVersion, names: Names) -> Step:
    """A draft compared with the version in force; others with the one before them.

    So the page of a draft says what publishing it would change.
    """
    before = in_force() if version.state == MatrixState.DRAFT else None
    earlier = MatrixVersion.objects.filter(number__lt=version.number).order_by("-number")
    return step(version, before or earlier.first(), names)
