"""All cases there can be for a matrix, as boxes, and boxes told as rows and as cases."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from approvals.matrix.boxes import ENDLESS, TOP, Box, common, meets
from approvals.matrix.content import CLASSES
from approvals.matrix.enums import Purpose
from approvals.matrix.routing import LIMIT_CHANGE, OTHER, UNRATED, Band, Case, Content, Row, rows_of
from credit.enums import CheckCode
from credit.money import LARGEST, ZERO

_CENTS = 100
# A round figure where a band begins at nothing, so that an example reads like a case.
_ROUND = 1_000 * _CENTS
_ANY = Band(ZERO, None)


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
        return next((part for part in parts if can_be(purpose, part)), None)

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
            codes = frozenset(codes_of(mask, symbols))
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
            codes_of(mask, symbols) for mask, symbols in zip(box.masks, self.symbols, strict=True)
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


def can_be(purpose: str, box: Box) -> bool:
    """Whether there can be such a case: a limit is never smaller than the rise that led to it."""
    (least, _high), _percent, (_low, most) = box.spans
    return purpose != Purpose.LIMIT or least < most


def _nameless(purpose: str, bands: Sequence[Band], sets: Sequence[frozenset[str]]) -> Row:
    excess, percent, amount = bands
    classes, segments, reasons = sets
    return Row("", {"en": ""}, purpose, excess, percent, amount, classes, segments, reasons, ())


def _mask(codes: frozenset[str], symbols: Sequence[str]) -> int:
    if not codes:
        return int(2 ** len(symbols) - 1)
    return sum(1 << symbols.index(code) for code in codes)


def codes_of(mask: int, symbols: Sequence[str]) -> list[str]:
    """The symbols whose bits are set, in their order."""
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
