"""How much of which lines moves, and what that is worth. Pure; amounts are in the order's currency.

A part of a line is worth the difference between what has moved after it and before it, each
rounded, so that the parts of a line come to the line whatever its price.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from credit.money import ZERO
from orders.amounts import worth
from orders.errors import InvalidQuantity
from orders.models import OrderLine
from staff.sentences import sentence as _

THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Portion:
    """`quantity` of a line moves, of which `before` had moved; together worth `amount`."""

    line: OrderLine
    quantity: Decimal
    before: Decimal

    @property
    def amount(self) -> Decimal:
        line = self.line
        after = worth(line.total, line.quantity, self.before + self.quantity)
        return after - worth(line.total, line.quantity, self.before)


def value(portions: Iterable[Portion]) -> Decimal:
    """What the portions are worth, with tax."""
    return sum((portion.amount for portion in portions), ZERO)


def rest(lines: Iterable[OrderLine]) -> list[Portion]:
    """All that has not shipped."""
    return [Portion(line, line.unshipped, line.shipped) for line in lines if line.unshipped]


def to_ship(lines: Sequence[OrderLine], quantities: Mapping[int, Decimal] | None) -> list[Portion]:
    """The portions that leave: `quantities` by line id, or all that is left without any.

    Raises InvalidQuantity for more of a line than is left, and for nothing at all.
    """
    if quantities is None:
        return rest(lines)
    return _chosen(lines, quantities, lambda line: (line.unshipped, line.shipped))


def to_return(lines: Sequence[OrderLine], quantities: Mapping[int, Decimal]) -> list[Portion]:
    """The portions that come back. Raises InvalidQuantity for more than the customer has."""
    return _chosen(lines, quantities, lambda line: (line.with_customer, line.returned))


def to_keep(
    lines: Sequence[OrderLine],
    quantities: Mapping[int, Decimal] | None,
    lacking: Mapping[int, Decimal],
) -> list[Portion]:
    """What is to be kept ready: `quantities` by line id, or without any all that is `lacking`.

    Whether it fits with what was kept and shipped before is not judged here. Raises InvalidQuantity
    for more of a line than was ordered, and for nothing at all.
    """
    if quantities is None:
        quantities = {line.pk: lacking[line.pk] for line in lines if lacking[line.pk] > 0}
    return _chosen(lines, quantities, lambda line: (line.quantity, ZERO))


def with_customer(lines: Iterable[OrderLine]) -> Decimal:
    """What shipped and did not come back is worth, with tax."""
    out = [Portion(line, line.shipped, ZERO) for line in lines]
    back = [Portion(line, line.returned, ZERO) for line in lines]
    return value(out) - value(back)


def _chosen(
    lines: Sequence[OrderLine],
    quantities: Mapping[int, Decimal],
    measure: Callable[[OrderLine], tuple[Decimal, Decimal]],
) -> list[Portion]:
    if set(quantities) - {line.pk for line in lines}:
        raise InvalidQuantity(_("One of these lines is not on the order. Open it again."))
    chosen = []
    for line in lines:
        quantity = quantities.get(line.pk, ZERO)
        most, before = measure(line)
        if not _possible(quantity, most):
            raise InvalidQuantity(
                _("Line %(position)d: the quantity can be at most %(most)s.")
                % {"position": line.position, "most": f"{most.normalize():f}"}
            )
        if quantity:
            chosen.append(Portion(line, quantity, before))
    if not chosen:
        raise InvalidQuantity(_("Enter a quantity for at least one line."))
    return chosen


def _possible(quantity: Decimal, most: Decimal) -> bool:
    return (
        quantity.is_finite() and 0 <= quantity <= most and quantity == quantity.quantize(THOUSANDTH)
    )
