"""Which product flags an order, or a product, carries."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from orders.models import OrderLine, Product, ProductFlag
from orders.models.risk import ProductFlagQuerySet


def flags_on(order_id: int, at: datetime) -> list[ProductFlag]:
    """The flags that stand at `at` on what the order carries, with their products, oldest first.

    A flag on a lot counts where a line names this lot; see `possible_flags_on` for the others.
    """
    return list(_ordered(_standing_on(order_id, at)))


def possible_flags_on(order_id: int, at: datetime) -> list[ProductFlag]:
    """The flags on lots of products that the order carries without saying from which lot."""
    lines = OrderLine.objects.filter(order=order_id, lot="", product=OuterRef("product_id"))
    doubtful = ProductFlag.objects.standing(at).exclude(lot="").filter(Exists(lines))
    return list(_ordered(doubtful.exclude(pk__in=_standing_on(order_id, at).values("pk"))))


def flags_of(products: Iterable[Product], at: datetime) -> dict[int, list[ProductFlag]]:
    """The flags that stand at `at` on each product, its lots or its category; one query for all."""
    products = list(products)
    categories = {product.category for product in products if product.category}
    standing = ProductFlag.objects.standing(at).filter(
        Q(product__in=products) | Q(category__in=categories)
    )
    flags = list(_ordered(standing))
    return {
        product.pk: [flag for flag in flags if _concerns(flag, product)] for product in products
    }


def _concerns(flag: ProductFlag, product: Product) -> bool:
    if flag.product_id is None:
        return flag.category == product.category
    return flag.product_id == product.pk


def _standing_on(order_id: int, at: datetime) -> ProductFlagQuerySet:
    lines = OrderLine.objects.filter(order=order_id)
    same_product = lines.filter(product=OuterRef("product_id"))
    same_lot = same_product.filter(lot__iexact=OuterRef("lot"))
    same_category = lines.filter(product__category=OuterRef("category"))
    return ProductFlag.objects.standing(at).filter(
        Q(Exists(same_product), lot="")
        | Q(Exists(same_lot)) & ~Q(lot="")
        | Q(Exists(same_category), product__isnull=True)
    )


def _ordered(flags: ProductFlagQuerySet) -> ProductFlagQuerySet:
    return flags.select_related("product", "raised_by").order_by("raised_at", "pk")
