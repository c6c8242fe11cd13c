"""Stock as a file for a spreadsheet."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from orders.models.stock import StockQuerySet
from staff.sheets import Column, Kind, Sheet

_COLUMNS = (
    Column(gettext_lazy("SKU"), "product__sku"),
    Column(gettext_lazy("Product"), "product__name"),
    Column(gettext_lazy("Warehouse code"), "warehouse__code"),
    Column(gettext_lazy("Warehouse"), "warehouse"),
    Column(gettext_lazy("On hand"), "on_hand", Kind.NUMBER),
    Column(gettext_lazy("Allocated"), "allocated", Kind.NUMBER),
    Column(pgettext_lazy("stock", "Available"), "available", Kind.NUMBER),
    Column(gettext_lazy("Counted"), "synced_at", Kind.MOMENT),
)


def stock_sheet(stock: StockQuerySet) -> Sheet:
    """The stock as it is given, one product in one warehouse a row."""
    return Sheet("stock", _COLUMNS, stock.select_related("product", "warehouse"))
