"""What is kept for an order line at each warehouse: pure, from what was done in the order of time.

Whatever arrives late is put where it belongs, so that the same steps always come to the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credit.money import ZERO
from orders.enums import HandlingKind
from orders.errors import InvalidQuantity
from staff.sentences import sentence as _

SHIPPED = "shipped"
# What of a line was done at the same moment counts in this order.
_RANK = {HandlingKind.ALLOCATED.value: 0, HandlingKind.PICKED.value: 1, SHIPPED: 2}


@dataclass(frozen=True, slots=True)
class Step:
    """`quantity` was allocated, picked or shipped at a warehouse; None where it was not said.

    `new` marks a step that is being asked for and has to fit.
    """

    kind: str
    at: datetime
    warehouse_id: int | None
    quantity: Decimal
    new: bool = False


@dataclass(slots=True)
class Kept:
    """What is kept at one warehouse, and how much of it is picked."""

    quantity: Decimal = ZERO
    picked: Decimal = ZERO


class _Line:
    def __init__(self, ordered: Decimal) -> None:
        self.ordered, self.shipped = ordered, ZERO
        self.kept: dict[int, Kept] = {}

    @property
    def left(self) -> Decimal:
        """How much is neither shipped nor kept."""
        return (
            self.ordered - self.shipped - sum((each.quantity for each in self.kept.values()), ZERO)
        )

    def keep(self, step: Step, more: Decimal) -> None:
        if step.new and more > self.left:
            raise InvalidQuantity(
                _("Only %(left)s of this line is neither shipped nor allocated yet.")
                % {"left": f"{max(self.left, ZERO).normalize():f}"}
            )
        self.at(step).quantity += min(more, max(self.left, ZERO))

    def at(self, step: Step) -> Kept:
        return self.kept.setdefault(step.warehouse_id or 0, Kept())

    def take(self, step: Step) -> None:
        if step.kind == HandlingKind.ALLOCATED:
            self.keep(step, step.quantity)
        elif step.kind == HandlingKind.PICKED:
            here = self.at(step)
            # Picking what was not allocated allocates it.
            self.keep(step, max(here.picked + step.quantity - here.quantity, ZERO))
            here.picked = min(here.picked + step.quantity, here.quantity)
        else:
            self.ship(step)

    def ship(self, step: Step) -> None:
        self.shipped += step.quantity
        here = self.kept.get(step.warehouse_id or 0)
        if here is not None:
            here.quantity -= min(here.quantity, step.quantity)
            here.picked -= min(here.picked, step.quantity)
        # What is kept for goods that left from elsewhere is needed no more.
        for number in sorted(self.kept):
            each = self.kept[number]
            each.quantity -= min(each.quantity, max(-self.left, ZERO))
            each.picked = min(each.picked, each.quantity)


def kept(ordered: Decimal, steps: Iterable[Step]) -> dict[int, Kept]:
    """What is kept of a line of `ordered` pieces, by the id of each warehouse that keeps some.

    A pick of what was not allocated counts as its allocation. Raises InvalidQuantity when a new
    step asks for more than is neither shipped nor kept.
    """
    line = _Line(ordered)
    for step in sorted(steps, key=lambda one: (one.at, _RANK[one.kind], one.warehouse_id or 0)):
        line.take(step)
    return {number: each for number, each in line.kept.items() if each.quantity > 0}
