"""Orders, holds, misjudgments, products and flags as files for a spreadsheet."""

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.enums import FlagKind, HoldReason, HoldSource, OrderState
from orders.models import Misjudgment, Product, ProductFlag, ProductPrice
from orders.querysets import HoldQuerySet, MisjudgmentQuerySet, OrderQuerySet
from staff.sheets import Column, Kind, Sheet

_MONEY, _NUMBER, _MOMENT = Kind.MONEY, Kind.NUMBER, Kind.MOMENT
_ORDER = (
    Column(gettext_lazy("Order"), "number"),
    Column(gettext_lazy("State"), "state", words=dict(OrderState.choices)),
    Column(gettext_lazy("Customer code"), "customer__code"),
    Column(gettext_lazy("Customer"), "customer__name"),
    Column(gettext_lazy("Salesperson"), "owner__full_name"),
    Column(gettext_lazy("Currency"), "currency"),
    Column(gettext_lazy("Net"), "net", _MONEY),
    Column(gettext_lazy("Tax"), "tax", _MONEY),
    Column(gettext_lazy("Total"), "total", _MONEY),
    Column(gettext_lazy("Not shipped or returned"), "reduction", _MONEY),
    Column(gettext_lazy("Invoiced"), "invoiced_amount", _MONEY),
    Column(gettext_lazy("Paid"), "paid_amount", _MONEY),
    Column(gettext_lazy("Number at the source"), "external_id"),
    Column(gettext_lazy("Recipient"), "ship_to_name"),
    Column(gettext_lazy("Ship-to address"), "ship_to_address"),
    Column(gettext_lazy("Entered"), "created_at", _MOMENT),
    Column(gettext_lazy("Submitted"), "submitted_at", _MOMENT),
    Column(gettext_lazy("Released"), "approved_at", _MOMENT),
    Column(gettext_lazy("Paid in full"), "paid_at", _MOMENT),
    Column(gettext_lazy("Shipped"), "shipped_at", _MOMENT),
    Column(gettext_lazy("Delivered"), "delivered_at", _MOMENT),
)
_MARGIN = (
    Column(gettext_lazy("Cost"), "cost", _MONEY),
    Column(gettext_lazy("Margin %"), "margin_percent", _NUMBER),
)
_HELD = Column(gettext_lazy("Held"), "held")


def order_sheet(orders: OrderQuerySet, keys: Iterable[str], *, margin: bool) -> Sheet:
    """The orders in the order of `keys`, with cost and margin for those who may see them."""
    columns = (*_ORDER, *(_MARGIN if margin else ()), _HELD)
    rows = orders.with_held().select_related("customer", "owner").order_by(*keys)
    return Sheet("orders", columns, rows)


_HOLD = (
    Column(gettext_lazy("Order"), "order__number"),
    Column(gettext_lazy("State"), "order__state", words=dict(OrderState.choices)),
    Column(gettext_lazy("Customer code"), "order__customer__code"),
    Column(gettext_lazy("Customer"), "order__customer__name"),
    Column(gettext_lazy("Salesperson"), "order__owner__full_name"),
    Column(gettext_lazy("Currency"), "order__currency"),
    Column(gettext_lazy("Total"), "order__total", _MONEY),
    Column(gettext_lazy("Reason"), "reason", words=dict(HoldReason.choices)),
    Column(gettext_lazy("Placed through"), "source", words=dict(HoldSource.choices)),
    Column(gettext_lazy("Forced"), "forced"),
    Column(gettext_lazy("Note"), "note"),
    Column(gettext_lazy("Placed"), "placed_at", _MOMENT),
    Column(gettext_lazy("Placed by"), "placed_by__full_name"),
    Column(gettext_lazy("Released"), "released_at", _MOMENT),
    Column(gettext_lazy("Released by"), "released_by__full_name"),
    Column(gettext_lazy("Why released"), "release_note"),
    Column(
        gettext_lazy("Why it was wrong"),
        lambda hold: hold.misjudgment.reason if hasattr(hold, "misjudgment") else "",
    ),
)
_OF_HOLD = ("order__customer", "order__owner", "placed_by", "released_by", "misjudgment")


def hold_sheet(holds: HoldQuerySet, keys: Iterable[str]) -> Sheet:
    """The holds in the order of `keys`."""
    return Sheet("holds", _HOLD, holds.select_related(*_OF_HOLD).order_by(*keys))


def _kind(one: Misjudgment) -> str:
    return _("Hold") if one.hold_id is not None else _("Credit check")


# What a row about a misjudgment shows of it.
MISJUDGED = ("hold__order__customer", "decision__order__customer", "by")
_WRONG = (
    Column(gettext_lazy("Order"), "order__number"),
    Column(gettext_lazy("Customer code"), "order__customer__code"),
    Column(gettext_lazy("Customer"), "order__customer__name"),
    Column(gettext_lazy("Salesperson"), "order__owner__display_name"),
    Column(gettext_lazy("Currency"), "order__currency"),
    Column(gettext_lazy("Total"), "order__total", _MONEY),
    Column(gettext_lazy("What was wrong"), _kind),
    Column(gettext_lazy("Reason"), "label"),
    Column(gettext_lazy("Why it was wrong"), "reason"),
    Column(gettext_lazy("Marked by"), "by__display_name"),
    Column(gettext_lazy("Marked"), "at", _MOMENT),
)


def misjudgment_sheet(found: MisjudgmentQuerySet) -> Sheet:
    """The misjudgments, the latest first."""
    rows = found.select_related(*MISJUDGED, "hold__order__owner", "decision__order__owner")
    return Sheet("wrongly-held", _WRONG, rows.order_by("-at", "-pk"))


def product_sheet(products: QuerySet[Product], *, costs: bool) -> Sheet:
    """The products by SKU, a row for each price; costs for those who may see them."""
    cost = (Column(gettext_lazy("Cost"), lambda row: row[1] and row[1].cost, _MONEY),)
    columns = (
        Column(gettext_lazy("SKU"), lambda row: row[0].sku),
        Column(gettext_lazy("Product"), lambda row: row[0].name),
        Column(gettext_lazy("Category"), lambda row: row[0].category),
        Column(gettext_lazy("List price"), lambda row: row[1] and row[1].price, _MONEY),
        *(cost if costs else ()),
        Column(gettext_lazy("Currency"), lambda row: row[1].currency if row[1] else ""),
        Column(gettext_lazy("Tax %"), lambda row: row[0].tax_percent, _NUMBER),
        Column(gettext_lazy("Sold"), lambda row: row[0].active),
    )
    found = products.order_by("sku", "pk").iterator(chunk_size=1000)
    rows = ((each, price) for each in found for price in _prices(each))
    return Sheet("products", columns, rows)


def _prices(product: Product) -> Sequence[ProductPrice | None]:
    return list(product.prices.all()) or [None]


_FLAG = (
    Column(gettext_lazy("SKU"), "product__sku"),
    Column(gettext_lazy("Product"), "product__name"),
    Column(gettext_lazy("Category"), "category"),
    Column(gettext_lazy("Lot"), "lot"),
    Column(gettext_lazy("Kind of risk"), "kind", words=dict(FlagKind.choices)),
    Column(gettext_lazy("Evidence"), "evidence"),
    Column(gettext_lazy("Raised"), "raised_at", _MOMENT),
    Column(gettext_lazy("Raised by"), "raised_by__display_name"),
    Column(gettext_lazy("Why lifted"), "lift_note"),
    Column(gettext_lazy("Lifted"), "lifted_at", _MOMENT),
    Column(gettext_lazy("Lifted by"), "lifted_by__display_name"),
)


def flag_sheet(flags: QuerySet[ProductFlag], keys: Iterable[str]) -> Sheet:
    """The product flags in the order of `keys`."""
    return Sheet("product-flags", _FLAG, flags.order_by(*keys))
