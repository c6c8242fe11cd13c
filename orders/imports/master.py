"""Writing the customers and products of an import: those that are not there yet."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.translation import gettext as _

from credit import lifecycle as credit
from credit.enums import CreditAction, LimitKind
from credit.models import Customer, Segment
from journal.models import Entry
from journal.record import entry
from orders.enums import OrderAction
from orders.imports.enums import Kind
from orders.imports.options import Options
from orders.imports.problems import Notes
from orders.imports.staging import Tick
from orders.models import Product, ProductPrice
from staff.models import User

CHUNK = 500
NEW_CUSTOMERS = """
    SELECT key, currency, data FROM import_row
    WHERE kind = 'customers' AND NOT known ORDER BY id
"""
NEW_PRODUCTS = """
    SELECT p.key, p.currency, p.data, l.currency, l.price
    FROM import_row p LEFT JOIN LATERAL (
        SELECT o.currency, (l.data->>'price') AS price
        FROM import_row l JOIN import_row o ON o.kind = 'orders' AND o.key = l.parent
        WHERE l.kind = 'lines' AND l.product = p.key ORDER BY l.id LIMIT 1
    ) l ON true
    WHERE p.kind = 'products' AND NOT p.known ORDER BY p.id
"""


def guard_rights(by: User, options: Options) -> None:
    """Raises PermissionDenied when `by` may not write what the new rows in the table ask for."""
    kinds = {kind for (kind,) in _fetch("SELECT DISTINCT kind FROM import_row WHERE NOT known")}
    if Kind.INVOICES in kinds and not by.has_perm("credit.import_receivables"):
        raise PermissionDenied(_("You may not import receivables."))
    if kinds - {Kind.INVOICES, Kind.CUSTOMERS} and not by.has_perm("orders.import_data"):
        raise PermissionDenied(_("You may import receivables and their customers only."))
    if Kind.CUSTOMERS in kinds:
        if not (by.has_perm("credit.add_customer") and by.has_perm("credit.add_creditaccount")):
            raise PermissionDenied(_("You may not add customers with their credit accounts."))
        if options.limit_kind != LimitKind.NONE and not by.has_perm("credit.change_limit"):
            raise PermissionDenied(_("You may not give new customers a credit limit."))
    if Kind.PRODUCTS in kinds and not by.has_perm("orders.add_product"):
        raise PermissionDenied(_("You may not add products."))
    submits = by.has_perm("orders.add_order") and by.has_perm("orders.submit_order")
    if Kind.ORDERS in kinds and not options.history and not submits:
        raise PermissionDenied(_("You may not enter and submit new orders."))


def write_customers(options: Options, by: User, at: datetime, tick: Tick) -> None:
    """Create the new customers, each with a credit account where its currency is known."""
    rows = _fetch(NEW_CUSTOMERS)
    if not rows:
        return
    segment, _made = Segment.objects.get_or_create(
        code=options.segment,
        defaults={"name_en": "Imported", "name_zh_hans": "导入", "name_zh_hant": "匯入"},
    )
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        made = Customer.objects.bulk_create(
            _customer(key, json.loads(data), segment, options, by, at) for key, _cur, data in chunk
        )
        Entry.objects.bulk_create(
            entry(action=CreditAction.CUSTOMER_CHANGED, subject=customer, by=by, at=at,
                  data={"imported": True})
            for customer in made
        )  # fmt: skip
        for customer, (_key, currency, _data) in zip(made, chunk, strict=True):
            if currency:
                credit.open_account(
                    customer_id=customer.pk, currency=currency, by=by, at=at,
                    limit=credit.LimitInput(kind=options.limit_kind),
                )  # fmt: skip
        tick(len(chunk))


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


def write_products(options: Options, by: User, at: datetime, notes: Notes, tick: Tick) -> None:
    """Create the new products, each with the price of its row or the first one it was sold at."""
    rows = _fetch(NEW_PRODUCTS)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        made = Product.objects.bulk_create(
            _product(key, json.loads(data), options) for key, _cur, data, *_sold in chunk
        )
        Entry.objects.bulk_create(
            entry(action=OrderAction.PRODUCT_CHANGED, subject=product, by=by, at=at,
                  data={"imported": True})
            for product in made
        )  # fmt: skip
        prices = [_price(*pair, options, notes) for pair in zip(made, chunk, strict=True)]
        ProductPrice.objects.bulk_create(price for price in prices if price)
        tick(len(chunk))


def _product(sku: str, values: dict[str, str], options: Options) -> Product:
    return Product(
        sku=sku,
        name=values.get("name") or values.get("category") or sku,
        category=values.get("category", ""),
        tax_percent=Decimal(values.get("tax_percent", options.tax_percent)),
    )


def _price(
    product: Product, row: tuple[Any, ...], options: Options, notes: Notes
) -> ProductPrice | None:
    _key, own_currency, data, sold_currency, sold_price = row
    values = json.loads(data)
    currency = own_currency or options.currency or sold_currency
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


def _fetch(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
