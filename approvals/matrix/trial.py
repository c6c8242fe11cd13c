"""Which way a case would go by a version of the matrix, and why not another. Writes nothing."""

from dataclasses import dataclass

from django.utils.text import capfirst

from approvals.matrix import wording
from approvals.matrix.models import MatrixVersion
from approvals.matrix.names import Names
from approvals.matrix.people import Deciders
from approvals.matrix.routing import Case, Row, Stage, matches, rows_of


@dataclass(frozen=True)
class Passed:
    """A row that does not take the case, and why."""

    number: int
    row: Row
    why: str


@dataclass(frozen=True)
class Asked:
    """A stage in words, and who can fill each of its seats today."""

    words: str
    seats: list[tuple[str, str]]


@dataclass(frozen=True)
class Trial:
    """How one version routes one case. `row` is None where no row takes it.

    `blocked` says whether anything stands against the case, so that somebody is asked at all.
    """

    version: MatrixVersion
    blocked: bool
    case_words: str
    passed: list[Passed]
    row: Row | None
    sentence: str
    stages: list[Asked]

    @property
    def number(self) -> int:
        """The place of the row that takes the case."""
        return len(self.passed) + 1


def try_version(version: MatrixVersion, case: Case, names: Names, people: Deciders) -> Trial:
    """Route the case, which is told in the version's currency, as people are now."""
    passed, found = [], None
    for number, row in enumerate(rows_of(version.content), start=1):
        if matches(row, case):
            found = row
            break
        passed.append(Passed(number, row, wording.why_not(row, case, names)))
    return Trial(
        version=version,
        blocked=bool(case.reasons),
        case_words=wording.case_words(case, names),
        passed=passed,
        row=found,
        sentence=wording.sentence(found, case.currency, names) if found else "",
        stages=[_asked(stage, names, people) for stage in found.stages] if found else [],
    )


def _asked(stage: Stage, names: Names, people: Deciders) -> Asked:
    return Asked(
        words=capfirst(wording.stage_words(stage, names)),
        seats=[
            (names.seat(seat), wording.people_words(people.named(seat))) for seat in stage.seats
        ],
    )
