"""How our own lists head the columns that an import can read again."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.imports.enums import Kind

# What our own lists call these columns when they are exported.
EXPORTED: dict[str, dict[str, tuple[str | Promise, ...]]] = {
    Kind.CUSTOMERS: {"address": (_("Address"),)},
    Kind.PRODUCTS: {"name": (_("Product"),)},
    Kind.ORDERS: {
        "number": (_("Order"),),
        "submitted_at": (_("Submitted"), _("Entered")),
        "status": (_("State"),),
        "paid_at": (_("Paid in full"),),
        "shipped_at": (_("Shipped"),),
        "delivered_at": (_("Delivered"),),
        "total": (_("Total"),),
        "paid_amount": (_("Paid"),),
        "ship_to_name": (_("Recipient"),),
        "ship_to_address": (_("Ship-to address"),),
    },
    Kind.INVOICES: {
        "number": (_("Invoice"),),
        "issued_on": (_("Issued on"),),
        "due_on": (_("Due on"),),
        "settled_on": (_("Settled on"),),
    },
    Kind.LIMITS: {"security": (_("Secured by"),), "covered_percent": (_("Covered, in %"),)},
}
