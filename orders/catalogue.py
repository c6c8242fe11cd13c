"""Finding the product that somebody means, with its price in the currency of the order."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from orders.models import Product, ProductPrice
from orders.models.product import ProductQuerySet
from staff.listing import listed
from staff.prepared import ask_many
from staff.rows import columns, instance, width

# How many products are offered or named when several match.
OFFERED = 8
# How many texts that are no SKU are looked for among the names.
_BY_NAME = 30


@dataclass(frozen=True)
class Found:
    """The product meant by a text, or the problem to tell the person who typed it."""

    product: Product | None = None
    price: ProductPrice | None = None
    problem: str = ""


def offers(words: str, currency: str) -> list[tuple[Product, ProductPrice]]:
    """Products sold in `currency` whose SKU or name contains `words`, those that begin so first."""
    found = _with_price(Product.objects.sellable_in(currency).search(words), currency)
    beginning = found.filter(sku__istartswith=words).order_by("sku")[:OFFERED]
    others = found.exclude(sku__istartswith=words).order_by("sku")[:OFFERED]
    return [(product, _listed(product)[0]) for product in [*beginning, *others][:OFFERED]]


def sold_in(own: str) -> list[str]:
    """The currencies in which something has a price, that of the account first."""
    priced = ProductPrice.objects.filter(product__active=True).order_by("currency")
    others = priced.values_list("currency", flat=True).distinct()
    return [own, *(currency for currency in others if currency != own)]


def several(matching: list[Product]) -> str:
    """What to tell whoever wrote words that mean several products, at most OFFERED of them."""
    skus = {"skus": listed(product.sku for product in matching)}
    if len(matching) < OFFERED:
        return _("Several products match: %(skus)s. Write one of them.") % skus
    return _("Many products match, such as %(skus)s. Write more of the name, or a SKU.") % skus


def find(texts: Iterable[str], currency: str) -> dict[str, Found]:
    """What each text (a SKU, or words of a name) stands for.

    One query for all the SKUs; one each for the first texts that are none, so that a whole sheet of
    unknown SKUs is told at once.
    """
    wanted = list(dict.fromkeys(texts))
    spellings = {spelt for text in wanted for spelt in (text, text.upper(), text.lower())}
    by_sku = {
        product.sku.upper(): product
        for product in _with_price(Product.objects.filter(sku__in=spellings), currency)
    }
    named = [text for text in wanted if text.upper() not in by_sku]
    found = {text: _by_name(text, currency) for text in named[:_BY_NAME]}
    found |= {text: Found(problem=_("No product has this SKU.")) for text in named[_BY_NAME:]}
    skus = {text: by_sku[text.upper()] for text in wanted if text.upper() in by_sku}
    return found | {text: _judged(product, currency) for text, product in skus.items()}


def find_skus(skus: Iterable[str], currency: str) -> dict[str, Found]:
    """What each SKU stands for, exactly as written. One query for any number of them."""
    wanted, known = set(skus), {}
    for row in ask_many((_by_sku(), [currency, list(wanted)])):
        product, price = instance(Product, row[: width(Product)]), row[width(Product) :]
        product.listed = [instance(ProductPrice, price)] if price[0] else []  # type: ignore[attr-defined]
        known[product.sku] = product
    missing = Found(problem=_("No product has this SKU."))
    return {sku: _judged(known[sku], currency) if sku in known else missing for sku in wanted}


@cache
def _by_sku() -> str:
    # The columns are the models' own.
    return f"""
        SELECT {columns(Product, "p")}, {columns(ProductPrice, "r")}
        FROM orders_product p
        LEFT JOIN orders_productprice r ON r.product_id = p.id AND r.currency = %s
        WHERE p.sku = ANY(%s)
    """  # noqa: S608


def _with_price(products: ProductQuerySet, currency: str) -> ProductQuerySet:
    prices = ProductPrice.objects.filter(currency=currency)
    return products.prefetch_related(Prefetch("prices", prices, to_attr="listed"))


def _listed(product: Product) -> list[ProductPrice]:
    return product.listed  # type: ignore[attr-defined]


def _by_name(text: str, currency: str) -> Found:
    matching = list(_with_price(Product.objects.search(text), currency).order_by("sku")[:OFFERED])
    if not matching:
        return Found(problem=_("No product has this SKU, or a name like this."))
    if len(matching) > 1:
        return Found(problem=several(matching))
    return _judged(matching[0], currency)


def _judged(product: Product, currency: str) -> Found:
    if not product.active:
        return Found(problem=_("%(product)s is no longer sold.") % {"product": product})
    listed = _listed(product)
    if not listed:
        return Found(
            problem=_("%(product)s has no price in %(currency)s. Ask an administrator to add one.")
            % {"product": product, "currency": currency}
        )
    return Found(product, listed[0])
