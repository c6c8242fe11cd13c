"""The orders of an import, read back from the temporary table with all that belongs to them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection

from credit.models import Customer
from credit.money import ZERO
from orders.amounts import LineInput
from orders.imports.enums import Kind, Status
from orders.imports.options import Options
from orders.imports.writing import Staged
from orders.models import Product

PARTS = """
    SELECT parent, kind, product, data FROM import_row
    WHERE kind IN ('lines', 'payments', 'shipments') AND parent = ANY(%s) AND NOT bad
    ORDER BY id
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

    row: Staged
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
    """Puts orders together from their rows in the table."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def of(self, rows: Sequence[Staged]) -> list[PastOrder]:
        """The orders of these rows, in their order."""
        with connection.cursor() as cursor:
            cursor.execute(PARTS, [[row.key for row in rows]])
            parts = cursor.fetchall()
        customers = _customers({row.parent for row in rows})
        of_order: dict[str, list[tuple[str, str, Values]]] = defaultdict(list)
        for parent, kind, product, data in parts:
            of_order[parent].append((kind, product, json.loads(data)))
        skus = {product for _parent, kind, product, _data in parts if kind == Kind.LINES}
        products = _products(skus | {self.options.product_sku, self.options.freight_sku})
        orders = []
        for row in rows:
            customer, currency = customers[row.parent], row.currency or ""
            order = PastOrder(row, row.key, customer, currency, json.loads(row.data))
            self._fill(order, of_order[row.key], products)
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
