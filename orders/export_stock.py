"""Stock as a file for a spreadsheet, row by row, however long it is."""

from collections.abc import Iterator
from datetime import tzinfo

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from orders.export import rows_as_csv
from orders.models import Warehouse
from orders.models.stock import StockQuerySet

_COLUMNS = (
    "product__sku", "product__name", "warehouse__code", "on_hand", "allocated", "available",
    "synced_at",
)  # fmt: skip


def stock_lines(stock: StockQuerySet, *, language: str, zone: tzinfo) -> Iterator[str]:
    """The lines of a CSV file with one product in one warehouse each, headed in `language`.

    Times are in `zone`.
    """
    with translation.override(language):
        headings = [
            _("SKU"), _("Product"), _("Warehouse code"), _("Warehouse"), _("On hand"),
            _("Allocated"), pgettext("stock", "Available"), _("Counted"),
        ]  # fmt: skip
        names = {each.code: str(each) for each in Warehouse.objects.all()}
    rows = stock.values_list(*_COLUMNS).iterator(chunk_size=2000)
    yield from rows_as_csv(
        headings,
        (
            [
                *row[:3],
                names.get(row[2], ""),
                *row[3:6],
                f"{row[6].astimezone(zone):%Y-%m-%d %H:%M:%S}" if row[6] else "",
            ]
            for row in rows
        ),
    )
