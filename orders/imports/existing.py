"""Payments and shipments of orders that are there already: the verbs that record them by hand."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from orders import lifecycle
from orders.enums import PaymentMethod
from orders.imports.enums import Kind
from orders.imports.writing import Staged, Tell, refusing
from orders.models import Order
from staff.models import User


class Payments:
    """Records payments, each as of the time at which it came in."""

    kind, narrowed, keyless = Kind.PAYMENTS, "order_id IS NOT NULL", True
    ordered = "file, line"

    def __init__(self, by: User, at: datetime) -> None:
        self.by, self.at = by, at

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        for row in rows:
            values = json.loads(row.data)
            refusing(
                row,
                partial(
                    lifecycle.record_payment,
                    order_id=_order(row),
                    amount=Decimal(values["amount"]),
                    method=values.get("method", PaymentMethod.TRANSFER),
                    reference=values.get("reference", ""),
                    by=self.by,
                    happened_at=_moment(values.get("paid_at"), self.at),
                    at=self.at,
                ),
            )
        tick(len(rows))


class Shipments:
    """Records that all that is left of an order went out, and that it arrived."""

    kind, narrowed, keyless = Kind.SHIPMENTS, "order_id IS NOT NULL", True
    ordered = "file, line"

    def __init__(self, by: User, at: datetime) -> None:
        self.by, self.at = by, at

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        shipped = set(
            Order.objects.filter(
                pk__in=[row.order_id for row in rows], shipped_at__isnull=False
            ).values_list("pk", flat=True)
        )
        for row in rows:
            values = json.loads(row.data)
            if row.order_id not in shipped:
                refusing(row, partial(self._ship, row, values))
            if arrived := values.get("delivered_at"):
                refusing(row, partial(self._deliver, row, datetime.fromisoformat(arrived)))
        tick(len(rows))

    def _ship(self, row: Staged, values: dict[str, str]) -> Order:
        return lifecycle.ship(
            order_id=_order(row),
            by=self.by,
            happened_at=datetime.fromisoformat(values["shipped_at"]),
            at=self.at,
            carrier=values.get("carrier", ""),
            tracking_number=values.get("tracking_number", ""),
        )

    def _deliver(self, row: Staged, arrived: datetime) -> Order:
        return lifecycle.deliver(order_id=_order(row), by=self.by, happened_at=arrived, at=self.at)


def _order(row: Staged) -> int:
    return int(row.order_id or 0)


def _moment(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise
