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
    """A warehouse, and how many of the lines that need goods it could fill by itself."""

    warehouse: Warehouse
    filled: int
    lines: int
    pieces: Decimal

    @property
    def label(self) -> str:
        if self.filled == self.lines:
            return _("%(name)s · everything available") % {"name": self.warehouse}
        text = _("%(name)s · %(filled)d of %(lines)d lines available")
        return text % {"name": self.warehouse, "filled": self.filled, "lines": self.lines}


def offers(lines: Sequence[OrderLine], *, leaving: bool) -> list[Offer]:
    """The warehouses in use, those that could fill most lines first, then most pieces.

    What counts is what is neither shipped nor allocated yet; where goods are `leaving`, all that
    has not shipped, of which a warehouse has also what it keeps for these lines.
    """
    needed = {line.pk: _needed(line, leaving) for line in lines}
    wanted = [line for line in lines if needed[line.pk]]
    there: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    for row in Stock.objects.filter(product__in={line.product_id for line in wanted}):
        there[row.warehouse_id, row.product_id] = row.free
    if leaving:
        for line in wanted:
            for one in line.allocations.all():
                there[one.warehouse_id, line.product_id] += one.quantity
    found = [
        _offer(each, [(there[each.pk, one.product_id], needed[one.pk]) for one in wanted])
        for each in Warehouse.objects.filter(active=True)
    ]
    return sorted(found, key=lambda one: (-one.filled, -one.pieces, one.warehouse.code))


def _needed(line: OrderLine, leaving: bool) -> Decimal:
    kept = sum((one.quantity for one in line.allocations.all()), ZERO)
    return line.unshipped if leaving else max(line.unshipped - kept, ZERO)


def _offer(warehouse: Warehouse, rows: list[tuple[Decimal, Decimal]]) -> Offer:
    """`rows`: how much there is, and how much is needed, of each line."""
    filled = sum(has >= needed for has, needed in rows)
    pieces = sum((max(min(has, needed), ZERO) for has, needed in rows), ZERO)
    return Offer(warehouse, filled, len(rows), pieces)


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
