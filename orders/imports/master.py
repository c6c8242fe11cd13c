"""Writing the customers and products of an import: those that are not there yet."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from credit import lifecycle as credit
from credit.enums import CreditAction, LimitKind
from credit.models import Customer, Segment
from journal.record import entry
from orders.enums import OrderAction
from orders.imports.enums import Kind
from orders.imports.options import Options
from orders.imports.problems import Notes
from orders.imports.rights import submits_orders
from orders.imports.writing import Staged, Tell
from orders.lifecycle.stocking import guard_stock
from orders.models import Product, ProductPrice
from staff.bulk import copy_in, reserve_ids
from staff.models import User
from staff.sentences import sentence as _

LIMIT_RIGHTS = ("credit.change_limit", "approvals.request_limit_change")
SOLD = """
    SELECT DISTINCT ON (l.product) l.product, o.currency, l.data->>'price'
    FROM import_row l JOIN import_row o ON o.kind = 'orders' AND o.key = l.parent
    WHERE l.kind = 'lines' AND l.product = ANY(%s) ORDER BY l.product, l.id
"""


def guard_rights(by: User, options: Options) -> None:
    """Raises PermissionDenied when `by` may not write what the new rows in the table ask for."""
    kinds = {kind for (kind,) in _fetch("SELECT DISTINCT kind FROM import_row WHERE NOT known")}
    parts = {Kind.LINES.value, Kind.PAYMENTS.value, Kind.SHIPMENTS.value}
    if Kind.INVOICES in kinds and not by.has_perm("credit.import_receivables"):
        raise PermissionDenied(_("You may not import receivables."))
    if Kind.RECEIPTS in kinds and not by.has_perm("credit.record_receipt"):
        raise PermissionDenied(_("You may not record receipts of customers."))
    moved = Kind.ORDERS in kinds or Kind.PRODUCTS in kinds
    if moved and not by.has_perm("orders.import_data"):
        raise PermissionDenied(_("You may not import orders and products."))
    if Kind.CUSTOMERS in kinds:
        if not (by.has_perm("credit.add_customer") and by.has_perm("credit.add_creditaccount")):
            raise PermissionDenied(_("You may not add customers with their credit accounts."))
        if options.limit_kind != LimitKind.NONE and not by.has_perm("credit.change_limit"):
            raise PermissionDenied(_("You may not give new customers a credit limit."))
    if Kind.PRODUCTS in kinds and not by.has_perm("orders.add_product"):
        raise PermissionDenied(_("You may not add products."))
    if Kind.ORDERS in kinds and not options.history and not submits_orders(by):
        raise PermissionDenied(_("You may not enter and submit new orders."))
    if Kind.LIMITS in kinds and not any(map(by.has_perm, LIMIT_RIGHTS)):
        raise PermissionDenied(_("You may neither change nor request credit limits."))
    if Kind.ORDERS not in kinds and kinds & parts:
        _guard_events(by, kinds)
    if Kind.STOCK in kinds:
        guard_stock(by)


def _guard_events(by: User, kinds: set[str]) -> None:
    if Kind.PAYMENTS in kinds and not by.has_perm("orders.record_payment"):
        raise PermissionDenied(_("You may not record payments of orders."))
    if Kind.SHIPMENTS in kinds and not by.has_perm("orders.ship_order"):
        raise PermissionDenied(_("You may not record shipments of orders."))


class Customers:
    """Creates the new customers, each with a credit account where its currency is known."""

    kind, narrowed, ordered, keyless = Kind.CUSTOMERS, "true", "id", False

    def __init__(self, options: Options, by: User, at: datetime) -> None:
        self.options, self.by, self.at = options, by, at

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        by, at = self.by, self.at
        segment, _made = Segment.objects.get_or_create(
            code=self.options.segment,
            defaults={"name_en": "Imported", "name_zh_hans": "导入", "name_zh_hant": "匯入"},
        )
        made = [
            _customer(row.key, json.loads(row.data), segment, self.options, by, at) for row in rows
        ]
        _write(made, CreditAction.CUSTOMER_CHANGED, by, at)
        limit = credit.LimitInput(kind=self.options.limit_kind)
        credit.open_accounts(
            currencies={
                customer.pk: row.currency
                for customer, row in zip(made, rows, strict=True)
                if row.currency
            },
            limit=limit,
            by=by,
            at=at,
        )
        tick(len(rows))


def _customer(
    code: str, values: dict[str, str], segment: Segment, options: Options, by: User, at: datetime
) -> Customer:
    place = [values.get(name, "") for name in ("address", "postcode", "city", "region")]
    return Customer(
        code=code,
        name=values.get("name", code),
        segment=segment,
        owner_id=options.owner_id or by.pk,
        payment_days=int(values.get("payment_days", options.payment_days)),
        email=values.get("email", ""),
        phone=values.get("phone", ""),
        ship_to_name=values.get("name", "")[:120],
        ship_to_address=", ".join(filter(None, place))[:300],
        country=values.get("country", ""),
        created_at=at,
    )


class Products:
    """Creates the new products, each with the price of its row or the first one it was sold at."""

    kind, narrowed, ordered, keyless = Kind.PRODUCTS, "true", "id", False

    def __init__(self, options: Options, by: User, at: datetime, notes: Notes) -> None:
        self.options, self.by, self.at, self.notes = options, by, at, notes

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        sold = {sku: told for sku, *told in _fetch(SOLD, [row.key for row in rows])}
        made = [_product(row.key, json.loads(row.data), self.options) for row in rows]
        _write(made, OrderAction.PRODUCT_CHANGED, self.by, self.at)
        prices = [
            _price(product, row, sold.get(row.key, (None, None)), self.options, self.notes)
            for product, row in zip(made, rows, strict=True)
        ]
        copy_in([price for price in prices if price])
        tick(len(rows))


def _product(sku: str, values: dict[str, str], options: Options) -> Product:
    return Product(
        sku=sku,
        name=values.get("name") or values.get("category") or sku,
        category=values.get("category", ""),
        tax_percent=Decimal(values.get("tax_percent", options.tax_percent)),
    )


def _price(
    product: Product, row: Staged, sold: Sequence[Any], options: Options, notes: Notes
) -> ProductPrice | None:
    sold_currency, sold_price = sold
    values = json.loads(row.data)
    currency = row.currency or options.currency or sold_currency
    price = values.get("price") or (sold_price if sold_currency == currency else None)
    if product.sku in (options.product_sku, options.freight_sku):
        return None
    if not (price and currency):
        notes.add("no_currency_price", product.sku)
        return None
    cost = values.get("cost")
    return ProductPrice(
        product=product,
        currency=currency,
        price=Decimal(price),
        cost=Decimal(cost) if cost else None,
    )


def _write(
    made: Sequence[Customer] | Sequence[Product], action: str, by: User, at: datetime
) -> None:
    """Insert the rows, each with its entry in the journal."""
    for pk, row in zip(reserve_ids(type(made[0]), len(made)), made, strict=True):
        row.pk = pk
    copy_in(made)
    told = {"imported": True}
    copy_in([entry(action=action, subject=row, by=by, at=at, data=told) for row in made])


def _fetch(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()
