"""What is wrong with a matrix before anybody is routed by it. Pure and exact.

A case is a point in excess, percent, amount, class, segment and reasons. As one reason is enough
for a row, a case with several reasons that no row takes has no reason that a row takes; so single
reasons suffice for gaps and for rows that are never reached, and pairs for rows that overlap.
Asked is of every case that can be told apart, also of an excess without the check of the limit:
whatever a policy will block one day, somebody is asked.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from approvals.matrix.boxes import ENDLESS, TOP, Box, common, meets, uncovered, widened
from approvals.matrix.content import CLASSES
from approvals.matrix.enums import Purpose
from approvals.matrix.people import Deciders
from approvals.matrix.routing import (
    LIMIT_CHANGE,
    OTHER,
    UNRATED,
    Band,
    Case,
    Content,
    Row,
    Seat,
    Stage,
    rows_of,
)
from credit.enums import CheckCode
from credit.money import LARGEST, ZERO

MOST_GAPS = 12
_CENTS = 100
# A round figure where a band begins at nothing, so that an example reads like a case.
_ROUND = 1_000 * _CENTS
_ANY = Band(ZERO, None)


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


class Space:
    """All cases there can be, and how rows and boxes of them are told."""

    def __init__(self, content: Content, segments: Collection[str]) -> None:
        rows = rows_of(content)
        self.currency: str = content["currency"]
        named = {code for row in rows for code in row.segments}
        rules = {code for row in rows for code in row.reasons} - set(CheckCode.values)
        self.symbols = (
            CLASSES,
            (*sorted(named | set(segments)), OTHER),
            # An excess is the first thing that comes to mind, so examples begin with it.
            (CheckCode.LIMIT.value, *(c for c in CheckCode.values if c != CheckCode.LIMIT),
             *sorted(rules), OTHER),
        )  # fmt: skip

    def everything(self, purpose: str) -> Box:
        """Every case of that purpose, also those that cannot be."""
        classes, segments, reasons = (2 ** len(symbols) - 1 for symbols in self.symbols)
        # A change of a limit has one reason; which bit stands for it does not matter.
        masks = (classes, segments, 1 if purpose == Purpose.LIMIT else reasons)
        return Box((ENDLESS, ENDLESS, ENDLESS), masks)

    def regions(self, purpose: str) -> tuple[Box, Box]:
        """The cases with an excess, and those without one, whose percentage is nothing too."""
        masks = self.everything(purpose).masks
        return (
            Box(((1, TOP), ENDLESS, ENDLESS), masks),
            Box(((0, 1), (0, 1), ENDLESS), masks),
        )

    def possible(self, purpose: str, box: Box) -> Box | None:
        """A part of the box with cases that can be, those with an excess first."""
        parts = [common(box, each) for each in self.regions(purpose) if meets(box, each)]
        return next((part for part in parts if _possible(purpose, part)), None)

    def box(self, row: Row) -> Box:
        """The cases that fit the row by itself."""
        chosen = (row.risk_classes, row.segments, row.reasons)
        masks = (_mask(codes, symbols) for codes, symbols in zip(chosen, self.symbols, strict=True))
        return Box(tuple(_span(band) for band in (row.excess, row.percent, row.amount)), (*masks,))

    def rows(self, purpose: str, box: Box) -> tuple[Row, Row]:
        """The box as a row that takes its cases, and the codes that are left out as another."""
        bands = [_band(span) for span in box.spans]
        sets, left_out = [], []
        for mask, symbols in zip(box.masks, self.symbols, strict=True):
            codes = frozenset(_codes(mask, symbols))
            others = frozenset(symbols) - codes
            sets.append(frozenset() if OTHER in codes or not others else codes)
            left_out.append(others if OTHER in codes else frozenset())
        if purpose == Purpose.LIMIT:
            sets[2] = left_out[2] = frozenset()
        return _nameless(purpose, bands, sets), _nameless(purpose, [_ANY] * 3, left_out)

    def case(self, purpose: str, box: Box, reasons: Collection[str] = ()) -> Case:
        """One case of the box, a plain one where there is a choice."""
        (low, high), (percent, end), (least, most) = box.spans
        limit = purpose == Purpose.LIMIT
        excess = _plain(low, min(high, most) if limit else high)
        # Where it can be, the whole is not smaller than its excess.
        amount = _plain(max(least, min(excess, most - 1)), most)
        classes, segments, causes = (
            _codes(mask, symbols) for mask, symbols in zip(box.masks, self.symbols, strict=True)
        )
        causes = [LIMIT_CHANGE] if limit else list(reasons) or causes[:1]
        return Case(
            purpose=purpose,
            excess=_figure(excess),
            excess_percent=_some_percent(percent, end) if excess else _figure(0),
            amount=_figure(amount),
            currency=self.currency,
            risk_class="" if classes[0] == UNRATED else classes[0],
            segment=segments[0],
            reasons=frozenset(causes),
        )


def _nameless(purpose: str, bands: Sequence[Band], sets: Sequence[frozenset[str]]) -> Row:
    excess, percent, amount = bands
    classes, segments, reasons = sets
    return Row("", {"en": ""}, purpose, excess, percent, amount, classes, segments, reasons, ())


def _possible(purpose: str, box: Box) -> bool:
    """Whether there can be such a case: a limit is never smaller than the rise that led to it."""
    (least, _high), _percent, (_low, most) = box.spans
    return purpose != Purpose.LIMIT or least < most


def _gaps(space: Space, purpose: str, rows: list[Box]) -> Iterator[Gap]:
    found: list[Box] = []
    for region in space.regions(purpose):
        while len(found) < MOST_GAPS:
            parts = uncovered(region, [*rows, *found], lambda box: _possible(purpose, box))
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
    parts = uncovered(box, others, lambda part: _possible(purpose, part))
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
        return _codes(both, symbols)[:1]
    return [_codes(box.masks[2], symbols)[0] for box in (one, other)]


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


def _mask(codes: frozenset[str], symbols: Sequence[str]) -> int:
    if not codes:
        return int(2 ** len(symbols) - 1)
    return sum(1 << symbols.index(code) for code in codes)


def _codes(mask: int, symbols: Sequence[str]) -> list[str]:
    return [code for place, code in enumerate(symbols) if mask >> place & 1]


def _span(band: Band) -> tuple[int, int]:
    high = TOP if band.high is None else int(band.high * _CENTS)
    return int(band.low * _CENTS), high


def _band(span: tuple[int, int]) -> Band:
    low, high = span
    return Band(_figure(low), None if high == TOP else _figure(high))


def _figure(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)


def _plain(low: int, high: int) -> int:
    return low if low > 1 else max(low, min(high - 1, _ROUND))


def _some_percent(low: int, high: int) -> Decimal:
    """A percentage of the span that an excess can come to, so never nothing."""
    if low:
        return min(_figure(low), LARGEST)
    return min(_figure(10 * _CENTS), _figure(high) / 2)
