"""What is wrong with a matrix before anybody is routed by it. Pure and exact.

A case is a point in excess, percent, amount, class, segment and reasons. As one reason is enough
for a row, a case with several reasons that no row takes has no reason that a row takes; so single
reasons suffice for gaps and for rows that are never reached, and pairs for rows that overlap.
Asked is of every case that can be told apart, also of an excess without the check of the limit:
whatever a policy will block one day, somebody is asked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from approvals.matrix.boxes import Box, common, meets, uncovered, widened
from approvals.matrix.enums import Purpose
from approvals.matrix.people import Deciders
from approvals.matrix.routing import Case, Content, Row, Seat, Stage, rows_of
from approvals.matrix.space import Space, can_be, codes_of

MOST_GAPS = 12


@dataclass(frozen=True)
class Gap:
    """Cases that no row takes, written as the row that is missing, and one of them.

    What is said of all but a few codes stands in `but`: the row is not for these.
    """

    missing: Row
    but: Row
    witness: Case


@dataclass(frozen=True)
class Unreachable:
    """A row that never decides, because those before it take all of its cases.

    `before` are these rows; none where no case can fit the row at all.
    """

    row: Row
    before: list[Row]


@dataclass(frozen=True)
class Overlap:
    """A case that two rows would send to different people; the first of them stands before."""

    first: Row
    second: Row
    witness: Case


@dataclass(frozen=True)
class EmptySeat:
    """A seat that nobody can fill today. `number` counts the stages from 1."""

    row: Row
    number: int
    seat: Seat
    escalation: bool = False


@dataclass(frozen=True)
class Findings:
    """Everything that was found. Overlaps alone do not keep a version from being published."""

    gaps: list[Gap] = field(default_factory=list)
    unreachable: list[Unreachable] = field(default_factory=list)
    empty_seats: list[EmptySeat] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)

    @property
    def prevents(self) -> bool:
        """Whether the version cannot be published like this."""
        return bool(self.gaps or self.unreachable or self.empty_seats)


def analyse(content: Content, deciders: Deciders, segments: Collection[str] = ()) -> Findings:
    """Look at a clean content; `segments` are the codes there are, for examples to name them."""
    rows, space = rows_of(content), Space(content, segments)
    found = Findings()
    for purpose in Purpose.values:
        mine = [row for row in rows if row.purpose == purpose]
        boxes = [space.box(row) for row in mine]
        found.gaps.extend(_gaps(space, purpose, boxes))
        found.unreachable.extend(_unreachable(space, mine, boxes))
        found.overlaps.extend(_overlaps(space, mine, boxes))
    found.empty_seats.extend(empty_seats(rows, deciders))
    return found


def _gaps(space: Space, purpose: str, rows: list[Box]) -> Iterator[Gap]:
    found: list[Box] = []
    for region in space.regions(purpose):
        while len(found) < MOST_GAPS:
            parts = uncovered(region, [*rows, *found], lambda box: can_be(purpose, box))
            part = next(parts, None)
            if part is None:
                break
            whole = widened(part, rows, space.everything(purpose))
            found.append(whole)
            yield Gap(*space.rows(purpose, whole), space.case(purpose, part))


def _unreachable(space: Space, rows: Sequence[Row], boxes: list[Box]) -> Iterator[Unreachable]:
    for place, (row, box) in enumerate(zip(rows, boxes, strict=True)):
        mine = [common(box, region) for region in space.regions(row.purpose) if meets(box, region)]
        if not any(_left(row.purpose, part, boxes[:place]) for part in mine):
            before = [rows[i] for i in range(place) if any(meets(boxes[i], part) for part in mine)]
            yield Unreachable(row, before)


def _left(purpose: str, box: Box, others: list[Box]) -> bool:
    """Whether some case of the box can be that the others leave over."""
    parts = uncovered(box, others, lambda part: can_be(purpose, part))
    return next(parts, None) is not None


def _overlaps(space: Space, rows: Sequence[Row], boxes: list[Box]) -> Iterator[Overlap]:
    for later, second in enumerate(rows):
        for earlier, first in enumerate(rows[:later]):
            if first.stages == second.stages:
                continue
            both = _both(space, first.purpose, boxes[earlier], boxes[later])
            if both is not None:
                reasons = _shared(space, boxes[earlier], boxes[later])
                yield Overlap(first, second, space.case(first.purpose, both, reasons))


def _both(space: Space, purpose: str, one: Box, other: Box) -> Box | None:
    """Cases of both, whatever their reasons: two reasons make a case of two rows."""
    reasons = space.everything(purpose).masks[2]
    one, other = (Box(box.spans, (*box.masks[:2], reasons)) for box in (one, other))
    if not meets(one, other):
        return None
    return space.possible(purpose, common(one, other))


def _shared(space: Space, one: Box, other: Box) -> list[str]:
    """One reason that both rows take, or one of each."""
    symbols = space.symbols[2]
    if both := one.masks[2] & other.masks[2]:
        return codes_of(both, symbols)[:1]
    return [codes_of(box.masks[2], symbols)[0] for box in (one, other)]


def empty_seats(rows: Sequence[Row], deciders: Deciders) -> Iterator[EmptySeat]:
    """The seats, and the roles that are asked when time passes, that nobody can fill."""
    for row in rows:
        for number, stage in enumerate(row.stages, start=1):
            for seat, escalation in _asked(stage):
                if not deciders.of(seat):
                    yield EmptySeat(row, number, seat, escalation)


def _asked(stage: Stage) -> list[tuple[Seat, bool]]:
    asked = [(seat, False) for seat in stage.seats]
    return [*asked, (stage.escalate, True)] if stage.escalate else asked
