"""Products and their list prices: entered and changed, with what was there before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit.money import quantize
from journal.changes import change, enter, keep, remove
from journal.models import Entry
from journal.record import entry
from orders import policies
from orders.enums import OrderAction
from orders.models import Product, ProductPrice
from staff.models import User
from staff.sentences import sentence as _


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What one piece of a product is listed at and costs in a currency, both without tax.

    With `keeps_cost` the cost that is known stays.
    """

    product_id: int
    currency: str
    price: Decimal
    cost: Decimal | None = None
    keeps_cost: bool = False


@transaction.atomic
def enter_product(*, values: Mapping[str, Any], by: User, at: datetime) -> Product:
    """A new product, without a price yet; `values` are fields of the model.

    Raises PermissionDenied, or ValidationError naming each field that is wrong.
    """
    if not by.has_perm("orders.add_product"):
        raise PermissionDenied(_("You may not enter products."))
    product = Product(**values)
    enter(product, values, action=OrderAction.PRODUCT_CHANGED, by=by, at=at)
    return product


@transaction.atomic
def change_product(
    *, product_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> Product:
    """The product with other `values`; what is not named stays. Nothing is written for no change.

    Orders keep the price and the tax that they were entered with. Raises PermissionDenied, or
    ValidationError naming each field that is wrong.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if not by.has_perm("orders.change_product"):
        raise PermissionDenied(_("You may not change products."))
    keep(product, change(product, values), action=OrderAction.PRODUCT_CHANGED, by=by, at=at)
    return product


@transaction.atomic
def remove_product(*, product_id: int, by: User, at: datetime) -> None:
    """Take away a product to which nothing refers. Raises PermissionDenied, or InUse."""
    product = Product.objects.select_for_update().get(pk=product_id)
    if not by.has_perm("orders.delete_product"):
        raise PermissionDenied(_("You may not remove products."))
    instead = _("Orders or stock name this product. Mark it as not active instead.")
    remove(product, action=OrderAction.PRODUCT_REMOVED, instead=instead, by=by, at=at)


@transaction.atomic
def set_prices(*, prices: Sequence[ListPrice], by: User, at: datetime) -> int:
    """List products at these prices, each in its currency; returns how many prices changed.

    Of two prices of a product in the same currency the last one holds. Orders keep the prices that
    they were entered with. A fixed number of queries. Raises PermissionDenied, or ValidationError
    for a price that cannot be; then nothing has changed.
    """
    if not policies.can_set_prices(by):
        raise PermissionDenied(_("You may not change prices."))
    products = _lock(one.product_id for one in prices)
    before = _known(products)
    wanted = {(one.product_id, one.currency): _row(one, before) for one in prices}
    for row in wanted.values():
        row.clean_fields(exclude=["product"])
    changed = {
        key: row for key, row in wanted.items() if _figures(row) != _figures(before.get(key))
    }
    ProductPrice.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["product", "currency"],
        update_fields=["price", "cost"],
    )
    _tell(products, before, changed, by, at)
    return len(changed)


@transaction.atomic
def remove_price(*, product_id: int, currency: str, by: User, at: datetime) -> None:
    """Sell the product in this currency no more. Orders keep the price that they were entered with.

    Raises PermissionDenied, or ProductPrice.DoesNotExist where there is no such price.
    """
    products = _lock([product_id])
    if not by.has_perm("orders.delete_productprice"):
        raise PermissionDenied(_("You may not remove prices."))
    gone = ProductPrice.objects.get(product=product_id, currency=currency)
    gone.delete()
    key = (product_id, currency)
    _tell(products, {key: gone}, {key: None}, by, at)


def _lock(product_ids: Iterable[int]) -> dict[int, Product]:
    wanted = Product.objects.filter(pk__in=set(product_ids)).order_by("pk")
    return {product.pk: product for product in wanted.select_for_update(no_key=True)}


Key = tuple[int, str]


def _known(products: Iterable[int]) -> dict[Key, ProductPrice]:
    found = ProductPrice.objects.filter(product__in=list(products))
    return {(price.product_id, price.currency): price for price in found}


def _row(one: ListPrice, before: Mapping[Key, ProductPrice]) -> ProductPrice:
    was = before.get((one.product_id, one.currency))
    cost = was.cost if one.keeps_cost and was else one.cost
    return ProductPrice(
        product_id=one.product_id, currency=one.currency, price=one.price, cost=cost
    )


def _figures(price: ProductPrice | None) -> dict[str, Any] | None:
    if price is None:
        return None
    cost = None if price.cost is None else quantize(price.cost)
    return {"price": quantize(price.price), "cost": cost}


def _tell(
    products: Mapping[int, Product],
    before: Mapping[Key, ProductPrice],
    after: Mapping[Key, ProductPrice | None],
    by: User,
    at: datetime,
) -> None:
    """One entry for each product: its prices by currency, before and after."""
    told: dict[int, dict[str, dict[str, Any]]] = {}
    for (product_id, currency), row in after.items():
        data = told.setdefault(product_id, {"before": {}, "after": {}})
        data["before"][currency] = _figures(before.get((product_id, currency)))
        data["after"][currency] = _figures(row)
    action = OrderAction.PRODUCT_CHANGED
    Entry.objects.bulk_create(
        entry(action=action, subject=products[pk], by=by, at=at, data=data)
        for pk, data in sorted(told.items())
    )
