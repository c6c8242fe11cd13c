"""What an order says, as data: to be kept when it is amended, and compared."""

from typing import Any

from orders.amounts import LineInput
from orders.enums import Outcome
from orders.models import Order, OrderVersion

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


def inputs_of(order: Order) -> list[LineInput]:
    """The lines of the order as a verb takes them, so that they can be written anew."""
    return [
        LineInput(**{name: getattr(line, name) for name in LineInput.__slots__})
        for line in order.lines.all()
    ]


def history_of(order: Order) -> list[tuple[OrderVersion, dict[str, Any]]]:
    """Each earlier version that was kept, newest first, with what the order said next."""
    told, after = [], None
    for version in order.versions.select_related("replaced_by").order_by("-number"):
        told.append((version, content_of(order) if after is None else after))
        after = version.content
    return told


def since_release(order: Order) -> dict[str, Any] | None:
    """What the order said when it was last released; None where it says the same still.

    Only for orders that were amended: drafts keep no versions.
    """
    released = order.decisions.filter(outcome__in=[Outcome.PASSED, Outcome.WAIVED])
    last = released.order_by("-pk").values_list("order_version", flat=True).first()
    found = order.versions.filter(number=last).first() if last else None
    return found.content if found else None
