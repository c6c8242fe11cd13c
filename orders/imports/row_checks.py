"""What a row says against itself, once its values are read."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from credit.enums import LimitKind, LimitType
from orders.imports.enums import Kind
from orders.imports.fields import field
from orders.imports.open_parts import Found, part_problem
from orders.imports.options import Options
from orders.imports.values import Value

EVENTS = ("paid_at", "shipped_at", "delivered_at", "cancelled_at", "paid_amount", "refund_amount")

Values = dict[str, Value]
# The cells of a row as they are written, by the field that their column is mapped to.
Cells = Mapping[str, str]


def faults(kind: str, values: Values, cells: Cells, options: Options) -> Iterator[Found]:
    """Why the row cannot be so: the code of a problem, the field it is about, its figures.

    What cannot be read is missing in `values` and has been told. A limit gets the type and kind
    that it does not name.
    """
    if kind in (Kind.ORDERS, Kind.SHIPMENTS):
        yield from _shipping(kind, values, cells)
    if kind == Kind.ORDERS:
        yield from _order(values, options)
    if kind in (Kind.INVOICES, Kind.RECEIPTS) and values.get("amount") and not _amount(values):
        yield "nothing", "amount", {}
    if kind == Kind.RECEIPTS and not (values.get("customer") or values.get("payer")):
        yield "no_payer", "customer", {}
    if kind == Kind.INVOICES:
        yield from _invoice(values)
    if kind == Kind.LIMITS:
        yield from _limit(values, cells)


def _amount(values: Values) -> Decimal:
    return Decimal(values["amount"])


def _shipping(kind: str, values: Values, cells: Cells) -> Iterator[Found]:
    shipped, delivered = values.get("shipped_at"), values.get("delivered_at")
    if delivered and not shipped and "shipped_at" in cells:
        yield "delivered_unshipped", "delivered_at", {}
    if delivered and shipped and delivered < shipped:
        yield "before_shipping", "delivered_at", {}
    named = [code for code in ("product", "quantity") if cells.get(code)]
    if kind == Kind.SHIPMENTS and len(named) == 1:
        yield "shipment_line", named[0], {}


def _order(values: Values, options: Options) -> Iterator[Found]:
    if not options.history:
        for code in EVENTS:
            if values.get(code) not in (None, "0", "0.0", "0.00"):
                yield "new_with_events", code, {}
    if not (values.get("customer") or options.customer_code):
        yield "no_customer", "customer", {}


def _invoice(values: Values) -> Iterator[Found]:
    issued = values.get("issued_on", "")
    for code in ("due_on", "settled_on", "paid_on"):
        if issued and issued > values.get(code, issued):
            yield "before_issue", code, {}
    problem = part_problem(values)
    if problem:
        yield problem


def _limit(values: Values, cells: Cells) -> Iterator[Found]:
    values.setdefault("type", LimitType.BASE)
    values.setdefault("kind", LimitKind.AMOUNT)
    needed = ["amount"] if values["kind"] == LimitKind.AMOUNT else []
    needed += ["valid_until"] if values["type"] != LimitType.BASE else []
    needed += ["security", "covered_percent"] if values["type"] == LimitType.SECURED else []
    for code in needed:
        if code not in values and not cells.get(code):
            yield "limit_needs", code, {"field": field(Kind.LIMITS, code).label}
    last = values.get("valid_until")
    if last and values.get("valid_from", "") > last:
        yield "last_before_first", "valid_until", {}
