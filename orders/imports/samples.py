"""Files to begin with: the columns of each kind in the reader's language, and one row of each."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from credit.enums import LimitKind, LimitType
from orders.imports import fields
from orders.imports.enums import Kind
from orders.imports.fields import FIELDS, Field
from staff import sheets
from staff.sheets import Column, Sheet

# What a field says in the example row, where its type alone does not tell.
_EXAMPLES: dict[str, Any] = {
    "address": "1 Harbour Road",
    "carrier": "SF Express",
    "category": "Fasteners",
    "city": "Hamburg",
    "code": "C-1001",
    "country": "DE",
    "currency": "CNY",
    "customer": "C-1001",
    "email": "buyer@example.com",
    "method": "transfer",
    "name": "Example",
    "number": "A-1001",
    "order": "A-1001",
    "phone": "+86 10 5555 0100",
    "postcode": "20095",
    "product": "P-100",
    "sku": "P-100",
    "invoice": "A-1001",
    "kind": LimitKind.AMOUNT.value,
    "warehouse": "MAIN",
    "type": LimitType.BASE.value,
    "status": "delivered",
    "reference": "R-1",
    "tracking_number": "SF1234567890",
}
# Left empty: they would not go with the others of the row.
_EMPTY = {"cancelled_at", "security", "covered_percent", "settled_on", "paid_on", "refund_amount"}
_EMPTY |= {"open_amount", "paid_amount", "note", "freight", "payer"}
_BY_TYPE: dict[str, Any] = {
    fields.AMOUNT: Decimal("1200.00"),
    fields.PRICE: Decimal("12.00"),
    fields.QUANTITY: Decimal(100),
    fields.PIECES: Decimal(250),
    fields.PERCENT: Decimal(0),
    fields.DAYS: Decimal(30),
    fields.FLAG: "no",
}
_DRESS = {
    fields.AMOUNT: sheets.Kind.MONEY,
    fields.PRICE: sheets.Kind.MONEY,
    fields.QUANTITY: sheets.Kind.NUMBER,
    fields.PIECES: sheets.Kind.NUMBER,
    fields.PERCENT: sheets.Kind.NUMBER,
    fields.DAYS: sheets.Kind.NUMBER,
    fields.MOMENT: sheets.Kind.MOMENT,
    fields.DATE: sheets.Kind.DATE,
}
# When the example's things happened: the order of the columns is that of the events.
_DAYS = ("submitted_at", "issued_on", "valid_from", "counted_at", "paid_at", "received_on",
         "shipped_at", "delivered_at", "promised_at", "due_on", "valid_until")  # fmt: skip


def sample(kind: str) -> Sheet:
    """A file of this kind with one row, to be filled in. Raises KeyError for no such kind."""
    columns = [
        Column(
            field.label,
            partial(_example, field),
            _DRESS.get(field.type, sheets.Kind.TEXT),
        )
        for field in FIELDS[Kind(kind)]
    ]
    return Sheet(f"import-{kind}", columns, [None])


def _example(field: Field, _row: None) -> Any:
    if field.code in _EMPTY:
        return ""
    if field.type in (fields.MOMENT, fields.DATE):
        day = 2 + _DAYS.index(field.code)
        moment = datetime(2026, 1, day, 10, 0, tzinfo=timezone.get_current_timezone())
        return moment if field.type == fields.MOMENT else moment.date()
    return _EXAMPLES.get(field.code, _BY_TYPE.get(field.type, ""))
