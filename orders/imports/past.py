"""The orders of an import, read back from the temporary table with all that belongs to them."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from credit.models import Customer
from credit.money import ZERO
from orders.amounts import LineInput
from orders.imports.enums import Kind, Status
from orders.imports.options import Options
from orders.models import Product

CHUNK = 500
IDS = """
    SELECT id FROM import_row WHERE kind = 'orders' AND NOT known
    ORDER BY (data->>'submitted_at')::timestamptz, id
"""
ORDERS = """
    SELECT id, file, line, key, parent, currency, data FROM import_row WHERE id = ANY(%s)
"""
PARTS = """
    SELECT parent, kind, product, data FROM import_row
    WHERE kind IN ('lines', 'payments', 'shipments') AND parent = ANY(%s) ORDER BY id
"""
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class PastPayment:
    """Money received; `at` is None where the source does not say when."""

    amount: Decimal
    at: datetime | None
    method: str
    reference: str


@dataclass(slots=True)
class PastOrder:
    """What the files say about one order."""

    file: int
    line: int
    key: str
    customer: Customer
    currency: str
    values: Values
    lines: list[LineInput] = field(default_factory=list)
    payments: list[PastPayment] = field(default_factory=list)

    def moment(self, name: str) -> datetime | None:
        text = self.values.get(name)
        return datetime.fromisoformat(text) if text else None

    def amount(self, name: str) -> Decimal:
        """An amount of the order's own row, 0 where it has none."""
        return Decimal(self.values.get(name) or ZERO)

    @property
    def status(self) -> str:
        return self.values.get("status") or Status.OPEN


class PastOrders:
    """Reads the orders back in the order in which they were placed, a few hundred at a time."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def __iter__(self) -> Iterator[list[PastOrder]]:
        with connection.cursor() as cursor:
            cursor.execute(IDS)
            ids = [row_id for (row_id,) in cursor.fetchall()]
        for start in range(0, len(ids), CHUNK):
            yield self._chunk(ids[start : start + CHUNK])

    def _chunk(self, ids: list[int]) -> list[PastOrder]:
        with connection.cursor() as cursor:
            cursor.execute(ORDERS, [ids])
            rows = {row[0]: row for row in cursor.fetchall()}
            cursor.execute(PARTS, [[row[3] for row in rows.values()]])
            parts = cursor.fetchall()
        customers = _customers({row[4] for row in rows.values()})
        of_order: dict[str, list[tuple[str, str, Values]]] = defaultdict(list)
        for parent, kind, product, data in parts:
            of_order[parent].append((kind, product, json.loads(data)))
        skus = {product for _parent, kind, product, _data in parts if kind == Kind.LINES}
        products = _products(skus | {self.options.product_sku, self.options.freight_sku})
        orders = []
        for row_id in ids:
            _id, file, line, key, parent, currency, data = rows[row_id]
            order = PastOrder(file, line, key, customers[parent], currency, json.loads(data))
            self._fill(order, of_order[key], products)
            orders.append(order)
        return orders

    def _fill(
        self, order: PastOrder, parts: list[tuple[str, str, Values]], products: dict[str, Product]
    ) -> None:
        freight = order.amount("freight")
        for kind, sku, values in parts:
            if kind == Kind.LINES:
                order.lines.append(_line(products[sku], order.currency, values))
                freight += Decimal(values.get("freight") or ZERO)
            elif kind == Kind.PAYMENTS:
                order.payments.append(_payment(values))
            else:
                order.values |= {name: text for name, text in values.items() if name != "order"}
        if not order.lines and order.amount("total") > 0:
            goods = order.amount("total") - freight
            order.lines.append(_whole(products[self.options.product_sku], max(goods, ZERO)))
        if freight > 0:
            order.lines.append(_whole(products[self.options.freight_sku], freight))


def _customers(codes: set[str]) -> dict[str, Customer]:
    found = Customer.objects.filter(code__in=codes).select_related("account")
    return {customer.code: customer for customer in found}


def _products(skus: set[str]) -> dict[str, Product]:
    found = Product.objects.filter(sku__in=skus).prefetch_related("prices")
    return {product.sku: product for product in found}


def _line(product: Product, currency: str, values: Values) -> LineInput:
    """A line as the file has it; tax, list price and cost are the product's where it is silent."""
    price = next((p for p in product.prices.all() if p.currency == currency), None)
    cost, listed = values.get("unit_cost"), values.get("list_price")
    return LineInput(
        product_id=product.pk,
        quantity=Decimal(values.get("quantity") or 1),
        price=Decimal(values["price"]),
        tax_percent=Decimal(values.get("tax_percent") or product.tax_percent),
        discount_percent=Decimal(values.get("discount_percent") or ZERO),
        list_price=Decimal(listed) if listed else price.price if price else None,
        unit_cost=Decimal(cost) if cost else price.cost if price else None,
    )


def _whole(product: Product, amount: Decimal) -> LineInput:
    return LineInput(product_id=product.pk, quantity=Decimal(1), price=amount, tax_percent=ZERO)


def _payment(values: Values) -> PastPayment:
    at = values.get("paid_at")
    return PastPayment(
        amount=Decimal(values["amount"]),
        at=datetime.fromisoformat(at) if at else None,
        method=values.get("method") or "other",
        reference=values.get("reference", ""),
    )


def count() -> int:
    """How many orders wait in the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM import_row WHERE kind = 'orders' AND NOT known")
        row: tuple[Any, ...] = cursor.fetchone()
    return int(row[0])
