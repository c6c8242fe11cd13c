"""Shipments of orders that are there: all that is left of an order, or lines of it by SKU.

Rows that name an order's SKUs with the same time and tracking number are one shipment. Its first
row stands for them all: what is written, refused or left out is the whole shipment.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import connection

from orders import lifecycle
from orders.enums import OrderState
from orders.events.acts import quantities, unshipped
from orders.imports.enums import Kind
from orders.imports.problems import Notes
from orders.imports.writing import Staged, Tell, refusing
from orders.models import Order, Shipment
from staff.models import User

# `head` names the first row of each shipment that is told line by line; what any row says of its
# delivery stands there. Those that have left already are known, with their delivery.
GROUP = """
    WITH same AS (
        SELECT id, first_value(id) OVER (
            PARTITION BY order_id, data->>'shipped_at', data->>'tracking_number'
            ORDER BY file, line) AS head
        FROM import_row
        WHERE kind = 'shipments' AND order_id IS NOT NULL AND product <> '' AND data ? 'shipped_at'
    )
    UPDATE import_row r SET head = same.head FROM same WHERE r.id = same.id;
    UPDATE import_row r SET data = r.data || jsonb_build_object('delivered_at', arrived)
        FROM (SELECT head, max(data->>'delivered_at') AS arrived FROM import_row
            WHERE head IS NOT NULL GROUP BY head) told
        WHERE r.id = told.head AND arrived IS NOT NULL;
    UPDATE import_row r SET known = EXISTS (
            SELECT FROM orders_shipment s JOIN orders_order o ON o.id = s.order_id
            WHERE s.order_id = h.order_id AND s.at = (h.data->>'shipped_at')::timestamptz
            AND s.tracking_number = coalesce(h.data->>'tracking_number', '')
            AND (NOT h.data ? 'delivered_at'
                OR o.shipped_at IS NULL OR o.delivered_at IS NOT NULL))
        FROM import_row h WHERE h.id = r.head
"""
LINES = """
    SELECT head, product, data->>'quantity' FROM import_row WHERE head = ANY(%s) ORDER BY file, line
"""
# Which order, when, and under which number.
Key = tuple[int, datetime, str]


class Shipments:
    """Records that goods of an order went out, and that they arrived."""

    kind, keyless = Kind.SHIPMENTS, True
    narrowed, ordered = "order_id IS NOT NULL AND coalesce(head, id) = id", "file, line"

    def __init__(self, by: User, at: datetime, notes: Notes) -> None:
        self.by, self.at, self.notes = by, at, notes

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        found = Order.objects.in_bulk({int(row.order_id or 0) for row in rows})
        sent = Shipment.objects.filter(order__in=found)
        left: set[Key] = set(sent.values_list("order_id", "at", "tracking_number"))
        lines = _lines(rows)
        for row in rows:
            values, order = json.loads(row.data), found[int(row.order_id or 0)]
            parts = lines.get(row.id)
            there = _key(order, values) in left if parts else order.shipped_at is not None
            if not there:
                refusing(row, partial(self._ship, order, values, parts))
            if arrived := values.get("delivered_at"):
                refusing(row, partial(self._deliver, order, datetime.fromisoformat(arrived)))
        tick(len(rows))

    def _ship(self, order: Order, values: dict[str, str], lines: list[Any] | None) -> Order:
        return lifecycle.ship(
            order_id=order.pk,
            by=self.by,
            happened_at=datetime.fromisoformat(values["shipped_at"]),
            at=self.at,
            quantities=quantities(order, lines, unshipped) if lines else None,
            carrier=values.get("carrier", ""),
            tracking_number=values.get("tracking_number", ""),
        )

    def _deliver(self, order: Order, arrived: datetime) -> None:
        if Order.objects.filter(pk=order.pk, state=OrderState.PARTLY_SHIPPED).exists():
            self.notes.add("delivery_of_part", order.number)
            return
        lifecycle.deliver(order_id=order.pk, by=self.by, happened_at=arrived, at=self.at)


def _lines(rows: Sequence[Staged]) -> dict[int, list[dict[str, Any]]]:
    """The lines of each shipment that names some, by the id of its first row."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(LINES, [[row.id for row in rows]])
        for head, sku, pieces in cursor.fetchall():
            found[head].append({"sku": sku, "quantity": Decimal(pieces)})
    return dict(found)


def _key(order: Order, values: dict[str, str]) -> Key:
    moment = datetime.fromisoformat(values["shipped_at"])
    return order.pk, moment, values.get("tracking_number", "")
