"""The notes of an import, as sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Of payments that look recorded already: they are skipped, or recorded once more.
SKIPPED_PAYMENT, REPEATED_PAYMENT = "payment_known", "payment_again"
# Of receipts that are more than is open on the invoice that they name.
OVER_INVOICE = "over_invoice"
# What was imported differently from how the file says it.
NOTES: dict[str, str | Promise] = {
    "no_lines": _("Orders without lines: imported with what else the file says, total 0."),
    "paid_without_amount": _("Orders paid according to their time, without an amount to record."),
    "paid_differs": _("Orders whose payments differ from their total: they count as paid."),
    "payment_without_time": _("Payments left out because neither they nor their order has a time."),
    "payment_of_zero": _("Payments of 0 left out."),
    SKIPPED_PAYMENT: _(
        "Payments without a bank reference that look recorded already, by order or customer, "
        "amount and day: skipped. If they are further payments, choose below to record them and "
        "check again."
    ),
    REPEATED_PAYMENT: _(
        "Payments without a bank reference that look recorded already, by order or customer, "
        "amount and day: recorded once more, as you chose."
    ),
    OVER_INVOICE: _(
        "Receipts of more than is open on their invoice: the rest waits to be allocated by hand."
    ),
    "refunded": _("Orders refunded in part or in full: the refund is in the order's note."),
    "cancelled_shipped": _("Cancelled orders that had shipped: they stay shipped."),
    "cancelled_now": _("Cancelled orders without a cancellation time: cancelled as of the import."),
    "shipped_without_time": _("Orders called shipped without a shipping time: they stay open."),
    "delivered_without_time": _(
        "Orders called delivered without a delivery time: they stay shipped."
    ),
    "delivery_of_part": _(
        "Deliveries of a part of an order: left out, for an order arrives when all of it has."
    ),
    "shipped_before_ordered": _(
        "Orders shipped before they were ordered: the file's times are kept."
    ),
    "skipped_hour": _("Times that a change of the clock skipped: taken as one hour later."),
    "unknown_method": _("Payment methods that are not known: recorded as 'other'."),
    "limit_requested": _(
        "Limits that let a customer use more: requested, and waiting for approval."
    ),
    "no_currency_price": _("Products without a price anywhere: they cannot be sold yet."),
}
