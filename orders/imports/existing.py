"""Payments of orders that are there already: the verb that records them by hand."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from orders import lifecycle
from orders.enums import PaymentMethod
from orders.imports.enums import Kind
from orders.imports.writing import Staged, Tell, refusing
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
                    order_id=int(row.order_id or 0),
                    amount=Decimal(values["amount"]),
                    method=values.get("method", PaymentMethod.TRANSFER),
                    reference=values.get("reference", ""),
                    by=self.by,
                    happened_at=_moment(values.get("paid_at"), self.at),
                    at=self.at,
                ),
            )
        tick(len(rows))


def _moment(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise
