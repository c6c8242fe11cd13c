"""Where the goods of an order lie, and which warehouse could send them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from credit.money import ZERO
from orders.models import Allocation, FulfilmentEvent, Order, OrderLine, Stock, Warehouse
from orders.policies import can_settle
from staff.models import User


@dataclass(frozen=True)
class Offer:
    """A warehouse, and how many of the lines that lack goods it could fill by itself."""

    warehouse: Warehouse
    filled: int
    lines: int

    @property
    def label(self) -> str:
        if self.filled == self.lines:
            return _("%(name)s · everything available") % {"name": self.warehouse}
        text = _("%(name)s · %(filled)d of %(lines)d lines available")
        return text % {"name": self.warehouse, "filled": self.filled, "lines": self.lines}


def offers(lines: Sequence[OrderLine]) -> list[Offer]:
    """The warehouses in use, those that could fill most lines first."""
    lacking = {line.pk: max(line.unshipped - _kept(line), ZERO) for line in lines}
    wanted = [line for line in lines if lacking[line.pk]]
    there: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for row in Stock.objects.filter(product__in={line.product_id for line in wanted}):
        there[row.warehouse_id, row.product_id] = row.free
    found = [
        Offer(each, sum(_fits(there, each, line, lacking) for line in wanted), len(wanted))
        for each in Warehouse.objects.filter(active=True)
    ]
    return sorted(found, key=lambda offer: (-offer.filled, offer.warehouse.code))


def _fits(
    there: dict[tuple[int, int], Decimal],
    warehouse: Warehouse,
    line: OrderLine,
    lacking: dict[int, Decimal],
) -> bool:
    return there[warehouse.pk, line.product_id] >= lacking[line.pk]


def _kept(line: OrderLine) -> Decimal:
    return sum((one.quantity for one in line.allocations.all()), ZERO)


def goods_of(user: User, order: Order) -> dict[str, Any]:
    """What the page of an order shows of allocations, and of events that could not be applied."""
    allocations = Allocation.objects.filter(order_line__order=order)
    kept = list(allocations.select_related("warehouse", "order_line__product"))
    stock = {
        (row.product_id, row.warehouse_id): row
        for row in Stock.objects.filter(product__in={one.order_line.product_id for one in kept})
        if kept
    }
    for one in kept:
        one.stock = stock.get((one.order_line.product_id, one.warehouse_id))  # type: ignore[attr-defined]
    events = FulfilmentEvent.objects.unsettled().filter(order=order)
    stuck = list(events.select_related("by").order_by("happened_at", "pk"))
    for event in stuck:
        event.order = order
        event.may_settle = can_settle(user, event)
    return {"kept": sorted(kept, key=lambda one: one.order_line.position), "stuck": stuck}
