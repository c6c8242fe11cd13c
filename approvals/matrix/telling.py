"""What the analysis found, as sentences that say what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from approvals.matrix import wording
from approvals.matrix.analysis import EmptySeat, Findings, Overlap, Unreachable, analyse
from approvals.matrix.names import Names
from approvals.matrix.people import deciders
from approvals.matrix.routing import Content, Row, rows_of

MOST_OVERLAPS = 60


@dataclass(frozen=True)
class Told:
    """One finding, and a case that shows it where there is one."""

    text: str
    example: str = ""


@dataclass(frozen=True)
class Report:
    """The findings about a matrix in the reader's language."""

    findings: Findings
    gaps: list[Told]
    unreachable: list[Told]
    empty_seats: list[Told]
    overlaps: list[Told]

    @property
    def prevents(self) -> bool:
        return self.findings.prevents

    @property
    def more_overlaps(self) -> int:
        """How many overlaps are not written out."""
        return len(self.findings.overlaps) - len(self.overlaps)


def report(content: Content, names: Names) -> Report:
    """Look at a clean content as things and people are now, in two queries."""
    found = analyse(content, deciders(), names.segments)
    teller = _Teller(content, names)
    return Report(
        findings=found,
        gaps=[
            Told(
                wording.gap_words(gap, content["currency"], names),
                wording.case_words(gap.witness, names),
            )
            for gap in found.gaps
        ],
        unreachable=[Told(teller.unreachable(each)) for each in found.unreachable],
        empty_seats=[Told(teller.empty_seat(each)) for each in found.empty_seats],
        overlaps=[teller.overlap(each) for each in found.overlaps[:MOST_OVERLAPS]],
    )


class _Teller:
    def __init__(self, content: Content, names: Names) -> None:
        self.names = names
        self.places = {row.code: place for place, row in enumerate(rows_of(content), start=1)}

    def row(self, row: Row) -> str:
        words = {"number": self.places[row.code], "name": row.name}
        return _("row %(number)s “%(name)s”") % words

    def unreachable(self, found: Unreachable) -> str:
        words = {"number": self.places[found.row.code], "name": found.row.name}
        if not found.before:
            return _("Row %(number)s “%(name)s” never decides: no case can fit it.") % words
        before = ", ".join(self.row(row) for row in found.before)
        return _(
            "Row %(number)s “%(name)s” never decides: all of its cases are taken by %(before)s."
        ) % (words | {"before": before})

    def empty_seat(self, found: EmptySeat) -> str:
        words = {
            "number": self.places[found.row.code],
            "name": found.row.name,
            "stage": found.number,
            "seat": self.names.seat(found.seat),
        }
        if found.escalation:
            text = _(
                "Row %(number)s “%(name)s”, stage %(stage)s escalates to %(seat)s: nobody active "
                "there may decide."
            )
        elif found.seat.role is not None:
            text = _(
                "Row %(number)s “%(name)s”, stage %(stage)s: nobody active holds the role "
                "%(seat)s and may decide."
            )
        else:
            text = _(
                "Row %(number)s “%(name)s”, stage %(stage)s: %(seat)s is not active or may not "
                "decide."
            )
        return text % words

    def overlap(self, found: Overlap) -> Told:
        words = {"first": self.row(found.first), "second": self.row(found.second)}
        text = _("Fits %(first)s and %(second)s, which ask different people; the first decides.")
        return Told(text % words, wording.case_words(found.witness, self.names))
