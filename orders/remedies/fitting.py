"""Which part of an order fits now, and what is left for another order. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from credit.money import ZERO
from orders.amounts import LineInput

_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines that stay on the order, and those that go to a new one, each in their order."""

    kept: list[LineInput]
    rest: list[LineInput]

    @property
    def total(self) -> Decimal:
        """What the kept lines come to, with tax."""
        return worth(self.kept)

    @property
    def rest_total(self) -> Decimal:
        return worth(self.rest)


def worth(lines: Sequence[LineInput]) -> Decimal:
    """What the lines come to, with tax, in the order's currency."""
    return sum((line.net + line.tax for line in lines), ZERO)


def parts(lines: Sequence[LineInput], most: Decimal) -> Parts | None:
    """The lines split so that the kept ones come to `most` at the most, tax included.

    Whole lines are kept first, from the first one on, then whole pieces of the first line that did
    not fit. None where nothing fits, or all of it.
    """
    kept: dict[int, LineInput] = {}
    room = most
    for place, line in enumerate(lines):
        if worth([line]) <= room:
            kept[place] = line
            room -= worth([line])
    rest = {place: line for place, line in enumerate(lines) if place not in kept}
    if not rest:
        return None
    place, line = next(iter(rest.items()))
    if pieces := _pieces(line, room):
        kept[place] = replace(line, quantity=pieces)
        rest[place] = replace(line, quantity=line.quantity - pieces)
    if not kept:
        return None
    return Parts([kept[place] for place in sorted(kept)], [rest[place] for place in sorted(rest)])


def _pieces(line: LineInput, room: Decimal) -> Decimal:
    """The most whole pieces of a line that come to `room` or less; the line itself does not."""
    few, many = 0, int(line.quantity.to_integral_value(ROUND_FLOOR))
    while few < many:
        middle = (few + many + 1) // 2
        if worth([replace(line, quantity=middle * _ONE)]) <= room:
            few = middle
        else:
            many = middle - 1
    return few * _ONE
