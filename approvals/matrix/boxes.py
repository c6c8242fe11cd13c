"""Sets of cases as boxes: half-open spans of whole hundredths, and sets of symbols as bits."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

Span = tuple[int, int]
# One more than the largest amount in hundredths: the end of every span that never ends.
TOP = 10**18
ENDLESS: Span = (0, TOP)


class Box(NamedTuple):
    """Cases with excess, percent and amount inside the spans, and a class, a segment and a reason
    out of the masks.
    """

    spans: tuple[Span, ...]
    masks: tuple[int, ...]


def meets(one: Box, other: Box) -> bool:
    """Whether some case is in both."""
    for (low, high), (begin, end) in zip(one.spans, other.spans, strict=True):
        if high <= begin or end <= low:
            return False
    return all(a & b for a, b in zip(one.masks, other.masks, strict=True))


def common(one: Box, other: Box) -> Box:
    """The cases that are in both; only for boxes that meet."""
    return Box(
        tuple(
            (max(a, c), min(b, d)) for (a, b), (c, d) in zip(one.spans, other.spans, strict=True)
        ),
        tuple(a & b for a, b in zip(one.masks, other.masks, strict=True)),
    )


def subtract(box: Box, other: Box) -> Iterator[Box]:
    """What is left of `box` without the cases of `other`, as boxes that do not meet."""
    spans, masks = list(box.spans), list(box.masks)
    for place, (low, high) in enumerate(box.spans):
        begin, end = other.spans[place]
        if low < begin:
            yield Box((*spans[:place], (low, begin), *spans[place + 1 :]), tuple(masks))
        if end < high:
            yield Box((*spans[:place], (end, high), *spans[place + 1 :]), tuple(masks))
        spans[place] = (max(low, begin), min(high, end))
    for place, mask in enumerate(box.masks):
        if rest := mask & ~other.masks[place]:
            yield Box(tuple(spans), (*masks[:place], rest, *masks[place + 1 :]))
        masks[place] = mask & other.masks[place]


def uncovered(
    box: Box, others: Sequence[Box], possible: Callable[[Box], bool] = lambda box: True
) -> Iterator[Box]:
    """The parts of `box` that none of the others has, one by one; impossible ones are left out."""
    if not possible(box):
        return
    near = [other for other in others if meets(box, other)]
    if not near:
        yield box
        return
    # Whoever cuts off the fewest pieces leaves the least to look at; nothing is left of 0 pieces.
    pieces, place = min((_pieces(box, other), place) for place, other in enumerate(near))
    if pieces:
        rest = near[:place] + near[place + 1 :]
        for piece in subtract(box, near[place]):
            yield from uncovered(piece, rest, possible)


def _pieces(box: Box, other: Box) -> int:
    spans = zip(box.spans, other.spans, strict=True)
    cuts = sum((low < begin) + (end < high) for (low, high), (begin, end) in spans)
    masks = zip(box.masks, other.masks, strict=True)
    return cuts + sum(bool(mask & ~held) for mask, held in masks)


def widened(box: Box, others: Sequence[Box], within: Box) -> Box:
    """The box grown in each direction, as far as it goes without meeting another one."""
    for place in range(len(box.spans)):
        low, high = within.spans[place]
        begin, end = box.spans[place]
        column = Box((*box.spans[:place], (low, high), *box.spans[place + 1 :]), box.masks)
        near = [other.spans[place] for other in others if meets(column, other)]
        low = max([low, *(stop for _start, stop in near if stop <= begin)])
        high = min([high, *(start for start, _stop in near if start >= end)])
        box = Box((*box.spans[:place], (low, high), *box.spans[place + 1 :]), box.masks)
    for place in range(len(box.masks)):
        mask = within.masks[place]
        column = Box(box.spans, (*box.masks[:place], mask, *box.masks[place + 1 :]))
        for other in others:
            if meets(column, other):
                mask &= ~other.masks[place]
        box = Box(box.spans, (*box.masks[:place], mask, *box.masks[place + 1 :]))
    return box
