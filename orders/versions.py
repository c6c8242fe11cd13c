"""What an order says, as data: to be kept when it is amended, and compared."""

from typing import Any

from orders.models import Order

HEADER = (
    "currency",
    "payment_days",
    "ship_to_name",
    "ship_to_phone",
    "ship_to_address",
    "note",
)
_LINE = ("quantity", "price", "discount_percent", "tax_percent", "net", "tax")


def content_of(order: Order) -> dict[str, Any]:
    """Header, total and lines of the order as they stand; figures as strings, amounts in its
    currency.
    """
    header: dict[str, Any] = {name: getattr(order, name) for name in HEADER}
    header["promised_at"] = order.promised_at.isoformat() if order.promised_at else None
    return header | {
        "total": str(order.total),
        "lines": [
            {"sku": line.product.sku, "name": line.product.name}
            | {name: str(getattr(line, name)) for name in _LINE}
            for line in order.lines.select_related("product")
        ],
    }
