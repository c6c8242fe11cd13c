"""Counts of what lies in the warehouses."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import connection

from orders import lifecycle
from orders.imports.enums import Kind
from orders.imports.writing import Staged, Tell, refusing
from orders.lifecycle import StockCount
from orders.models import ImportRun
from staff.models import User

PLACES = """
    SELECT r.id, p.id, w.id FROM import_row r
    JOIN orders_product p ON p.sku = r.product JOIN orders_warehouse w ON w.code = r.parent
    WHERE r.id = ANY(%s)
"""


class Counts:
    """Takes over counts; those made at the same moment together, the earliest first."""

    kind, narrowed, keyless = Kind.STOCK, "true", True
    ordered = "file, line"

    def __init__(self, run: ImportRun, by: User, at: datetime) -> None:
        self.by, self.at = by, at
        self.source = f"import {run.pk}"

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        with connection.cursor() as cursor:
            cursor.execute(PLACES, [[row.id for row in rows]])
            places = {row_id: place for row_id, *place in cursor.fetchall()}  # product, warehouse
        counted: dict[datetime, list[StockCount]] = defaultdict(list)
        for row in rows:
            values = json.loads(row.data)
            moment = values.get("counted_at")
            at = datetime.fromisoformat(moment) if moment else self.at
            product, warehouse = places[row.id]
            counted[at].append(StockCount(product, warehouse, Decimal(values["on_hand"])))
        for at in sorted(counted):
            refusing(
                rows[0],
                partial(
                    lifecycle.set_stock,
                    counts=counted[at],
                    source=self.source,
                    counted_at=at,
                    by=self.by,
                    at=self.at,
                ),
            )
        tick(len(rows))
