"""What a column of each kind of file can mean: the fields that rows are read into."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from credit.enums import LimitKind, LimitType, Security
from orders.amounts import HUNDRED, LARGEST_PRICE, LARGEST_QUANTITY
from orders.imports.enums import Kind

TEXT, CODE, AMOUNT, PRICE, QUANTITY, PIECES, PERCENT, DAYS = (
    "text", "code", "amount", "price", "quantity", "pieces", "percent", "days",
)  # fmt: skip
MOMENT, DATE, CURRENCY, STATUS, METHOD, FLAG, WORD = (
    "moment", "date", "currency", "status", "method", "flag", "word",
)  # fmt: skip

# The largest figure of each type. Amounts of a whole order stay within what its column holds.
LARGEST_OF = {
    AMOUNT: LARGEST_PRICE,
    PRICE: LARGEST_PRICE,
    QUANTITY: LARGEST_QUANTITY,
    PIECES: LARGEST_QUANTITY,
    PERCENT: HUNDRED,
    DAYS: Decimal(365),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a column can hold. `longest` bounds texts; `future` allows a time to come.

    `words` are the codes that a word stands for, with the labels by which it is known as well.
    """

    code: str
    label: str | Promise
    type: str = TEXT
    required: bool = False
    longest: int = 0
    future: bool = False
    words: tuple[tuple[str, str | Promise], ...] = ()


def _choices(words: type[TextChoices]) -> tuple[tuple[str, str | Promise], ...]:
    return tuple(words.choices)


FIELDS: dict[str, tuple[Field, ...]] = {
    Kind.CUSTOMERS: (
        Field("code", _("Customer code"), CODE, required=True, longest=40),
        Field("name", _("Name"), longest=200),
        Field("email", _("E-mail"), longest=254),
        Field("phone", _("Phone"), longest=40),
        Field("address", _("Address"), longest=300),
        Field("postcode", _("Postcode"), longest=20),
        Field("city", _("City"), longest=100),
        Field("region", _("State or province"), longest=100),
        Field("country", _("Country"), longest=60),
        Field("payment_days", _("Payment terms in days"), DAYS),
        Field("currency", _("Currency"), CURRENCY),
    ),
    Kind.LIMITS: (
        Field("customer", _("Customer code"), CODE, required=True, longest=40),
        Field("type", _("Type of limit"), WORD, words=_choices(LimitType)),
        Field("kind", _("Kind of limit"), WORD, words=_choices(LimitKind)),
        Field("amount", _("Amount"), AMOUNT),
        Field("currency", _("Currency"), CURRENCY),
        Field("valid_from", _("First day"), DATE, future=True),
        Field("valid_until", _("Last day"), DATE, future=True),
        Field("security", _("Security"), WORD, words=_choices(Security)),
        Field("covered_percent", _("Covered %"), PERCENT),
        Field("reference", _("Document"), longest=120),
        Field("reason", _("Reason"), longest=500),
    ),
    Kind.PRODUCTS: (
        Field("sku", _("SKU"), CODE, required=True, longest=60),
        Field("name", _("Name"), longest=200),
        Field("category", _("Category"), longest=80),
        Field("price", _("List price"), PRICE),
        Field("cost", _("Cost"), PRICE),
        Field("tax_percent", _("Tax %"), PERCENT),
        Field("currency", _("Currency"), CURRENCY),
    ),
    Kind.STOCK: (
        Field("product", _("SKU"), CODE, required=True, longest=60),
        Field("warehouse", _("Warehouse code"), CODE, required=True, longest=40),
        Field("on_hand", _("On hand"), PIECES, required=True),
        Field("counted_at", _("Counted at"), MOMENT),
    ),
    Kind.ORDERS: (
        Field("number", _("Order number"), required=True, longest=80),
        Field("customer", _("Customer code"), CODE, longest=40),
        Field("submitted_at", _("Ordered at"), MOMENT, required=True),
        Field("status", _("Status"), STATUS),
        Field("paid_at", _("Paid at"), MOMENT),
        Field("shipped_at", _("Shipped at"), MOMENT),
        Field("delivered_at", _("Delivered at"), MOMENT),
        Field("cancelled_at", _("Cancelled at"), MOMENT),
        Field("promised_at", _("Promised for"), MOMENT, future=True),
        Field("total", _("Order total"), AMOUNT),
        Field("freight", _("Freight of the order"), AMOUNT),
        Field("paid_amount", _("Amount paid, less refunds"), AMOUNT),
        Field("refund_amount", _("Amount refunded"), AMOUNT),
        Field("currency", _("Currency"), CURRENCY),
        Field("ship_to_name", _("Recipient"), longest=120),
        Field("ship_to_phone", _("Phone"), longest=40),
        Field("ship_to_address", _("Ship-to address"), longest=300),
        Field("carrier", _("Carrier"), longest=80),
        Field("tracking_number", _("Tracking number"), longest=80),
        Field("payment_days", _("Payment terms in days"), DAYS),
        Field("note", _("Note"), longest=2000),
    ),
    Kind.LINES: (
        Field("order", _("Order number"), required=True, longest=80),
        Field("product", _("SKU"), CODE, required=True, longest=60),
        Field("quantity", _("Quantity"), QUANTITY),
        Field("price", _("Price of one piece"), PRICE, required=True),
        Field("freight", _("Freight of the line"), AMOUNT),
        Field("discount_percent", _("Discount %"), PERCENT),
        Field("tax_percent", _("Tax %"), PERCENT),
        Field("list_price", _("List price"), PRICE),
        Field("unit_cost", _("Cost of one piece"), PRICE),
        Field("currency", _("Currency"), CURRENCY),
    ),
    Kind.PAYMENTS: (
        Field("order", _("Order number"), required=True, longest=80),
        Field("amount", _("Amount"), AMOUNT, required=True),
        Field("paid_at", _("Paid at"), MOMENT),
        Field("method", _("Payment method"), METHOD),
        Field("reference", _("Bank reference"), longest=80),
        Field("currency", _("Currency"), CURRENCY),
    ),
    Kind.SHIPMENTS: (
        Field("order", _("Order number"), required=True, longest=80),
        Field("shipped_at", _("Shipped at"), MOMENT, required=True),
        Field("product", _("SKU"), CODE, longest=60),
        Field("quantity", _("Quantity"), QUANTITY),
        Field("delivered_at", _("Delivered at"), MOMENT),
        Field("carrier", _("Carrier"), longest=80),
        Field("tracking_number", _("Tracking number"), longest=80),
    ),
    Kind.INVOICES: (
        Field("number", _("Invoice number"), required=True, longest=60),
        Field("customer", _("Customer code"), CODE, required=True, longest=40),
        Field("issued_on", _("Invoice date"), DATE, required=True),
        Field("due_on", _("Due date"), DATE, future=True),
        Field("amount", _("Invoice amount"), AMOUNT, required=True),
        Field("open_amount", _("Open amount"), AMOUNT),
        Field("paid_amount", _("Amount paid"), AMOUNT),
        Field("paid_on", _("Last paid on"), DATE),
        Field("settled_on", _("Settled on"), DATE),
        Field("disputed", _("Disputed"), FLAG),
        Field("currency", _("Currency"), CURRENCY),
        Field("country", _("Country"), longest=60),
    ),
    Kind.RECEIPTS: (
        Field("customer", _("Customer code"), CODE, longest=40),
        Field("payer", _("Name of the customer"), longest=200),
        Field("amount", _("Amount"), AMOUNT, required=True),
        Field("received_on", _("Received on"), DATE, required=True),
        Field("reference", _("Bank reference"), longest=80),
        Field("invoice", _("Invoice number"), longest=60),
        Field("method", _("Payment method"), METHOD),
        Field("currency", _("Currency"), CURRENCY),
    ),
}


def field(kind: str, code: str) -> Field:
    """Raises KeyError for a field that the kind does not have."""
    for known in FIELDS[kind]:
        if known.code == code:
            return known
    raise KeyError(code)
