"""Warehouses with stock, goods kept for orders, and messages from other systems."""

from decimal import Decimal
from itertools import count

from orders import lifecycle
from orders.enums import EventKind, ScanKind
from orders.events.lifecycle import take_event
from orders.lifecycle import StockCount
from orders.models import Stock, Warehouse
from tests.factories.moments import NOW
from tests.factories.staff import person

_number = count(1)


def warehouse(**values):
    number = next(_number)
    values = {"code": f"W{number}", "name_en": f"Warehouse {number}"} | values
    return Warehouse.objects.create(**values)


def counted(product, warehouse, on_hand, *, counted_at=NOW, by=None, at=NOW):
    """The stock of the product there after a count."""
    lifecycle.set_stock(
        counts=[StockCount(product.pk, warehouse.pk, Decimal(on_hand))],
        source="WMS",
        counted_at=counted_at,
        by=by or person("warehouse"),
        at=at,
    )
    return stock(product, warehouse)


def stock(product, warehouse):
    return Stock.objects.get(product=product, warehouse=warehouse)


def adjust(stock, change, *, by=None, reason="broken", at=NOW):
    return lifecycle.adjust_stock(
        product_id=stock.product_id,
        warehouse_id=stock.warehouse_id,
        change=Decimal(change),
        reason=reason,
        by=by or person("warehouse"),
        at=at,
    )


def _handle(verb, order, warehouse, pieces, by, happened_at, at):
    lines = order.lines.values_list("pk", flat=True)
    return verb(
        order_id=order.pk,
        warehouse_id=warehouse.pk,
        quantities=dict(zip(lines, map(Decimal, pieces), strict=False)) if pieces else None,
        by=by or person("warehouse"),
        happened_at=happened_at or at,
        at=at,
    )


def allocate(order, warehouse, *pieces, by=None, happened_at=None, at=NOW):
    return _handle(lifecycle.allocate, order, warehouse, pieces, by, happened_at, at)


def pick(order, warehouse, *pieces, by=None, happened_at=None, at=NOW):
    return _handle(lifecycle.pick, order, warehouse, pieces, by, happened_at, at)


def scan(order, kind=ScanKind.PICKED_UP, *, by=None, happened_at=None, at=NOW, **values):
    return lifecycle.record_scan(
        order_id=order.pk,
        kind=kind,
        by=by or person("warehouse"),
        happened_at=happened_at or at,
        at=at,
        **values,
    )


def tell(order, kind=EventKind.DELIVERED, *, by=None, happened_at=None, at=NOW, **values):
    """A message about the order, of a system with the rights of a person."""
    values = {"source": "WMS", "external_id": f"M{next(_number)}"} | values
    values.setdefault("reference", order.number if order else "")
    return take_event(
        kind=kind,
        happened_at=happened_at or at,
        by=by or person("warehouse", "finance"),
        at=at,
        **values,
    )


def kept(order):
    """(warehouse, allocated, picked) of each line that something is kept for, as text."""
    return [
        (one.warehouse.code, f"{one.quantity.normalize():f}", f"{one.picked.normalize():f}")
        for line in order.lines.order_by("position")
        for one in line.allocations.select_related("warehouse").order_by("warehouse")
    ]
