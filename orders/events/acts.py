"""Which verb a message calls, and with what: names become lines, products and warehouses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from credit.money import ZERO
from orders import lifecycle
from orders.enums import EventKind, EventState, PaymentMethod
from orders.errors import EventAwaited, InvalidQuantity, OrderError
from orders.lifecycle import StockCount
from orders.models import FulfilmentEvent, Order, OrderLine, Product, Warehouse
from staff.sentences import sentence as _

# A message that was given up keeps none waiting.
_SETTLED = (EventState.APPLIED, EventState.DISMISSED)

Measure = Callable[[OrderLine], Decimal]


def carry_out(event: FulfilmentEvent, at: datetime) -> None:
    """Let the verb of its kind do what the message says, on behalf of whoever sent it.

    Raises what the verb raises, or OrderError for a name that nothing here has.
    """
    content: dict[str, Any] = event.payload
    if event.kind == EventKind.COUNTED:
        _count(event, content, at)
        return
    order = event.order
    if order is None:
        raise Order.DoesNotExist(_("There is no such order."))
    _guard_after(event, content)
    _guard_currency(order, content)
    values = _VALUES[event.kind](order, content)
    _VERBS[event.kind](
        order_id=order.pk, by=event.by, happened_at=event.happened_at, at=at, **values
    )


def _count(event: FulfilmentEvent, content: Mapping[str, Any], at: datetime) -> None:
    place = _warehouse(content)
    pieces = {line["sku"]: Decimal(line["on_hand"]) for line in content["lines"]}
    known = dict(Product.objects.filter(sku__in=pieces).values_list("sku", "pk"))
    if missing := sorted(set(pieces) - set(known)):
        raise OrderError(_("No product has the SKU %(skus)s.") % {"skus": ", ".join(missing[:8])})
    lifecycle.set_stock(
        counts=[StockCount(known[sku], place["warehouse_id"], n) for sku, n in pieces.items()],
        source=event.source,
        counted_at=event.happened_at,
        by=event.by,
        at=at,
    )


def _money(_order: Order, content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "amount": Decimal(content["amount"]),
        "method": content.get("method", PaymentMethod.TRANSFER),
        "reference": content.get("reference", ""),
    }


def _refund(order: Order, content: Mapping[str, Any]) -> dict[str, Any]:
    return _money(order, content) | {"reason": content["reason"]}


def _kept(order: Order, content: Mapping[str, Any]) -> dict[str, Any]:
    return {**_warehouse(content), "quantities": _quantities_or_all(order, content, _ordered)}


def _shipped(order: Order, content: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: content.get(name, "") for name in ("carrier", "tracking_number")}
    values["quantities"] = _quantities_or_all(order, content, unshipped)
    return {**_warehouse(content), **values}


def _scanned(_order: Order, content: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: content.get(name, "") for name in ("tracking_number", "place", "note")}
    return {"kind": content["scan"], **said}


def _returned(order: Order, content: Mapping[str, Any]) -> dict[str, Any]:
    back = quantities(order, content["lines"], _with_customer)
    return {**_warehouse(content), "quantities": back, "reason": content["reason"]}


def _invoiced(_order: Order, content: Mapping[str, Any]) -> dict[str, Any]:
    amount = content.get("amount")
    return {"number": content["number"], "amount": None if amount is None else Decimal(amount)}


_VALUES: dict[str, Callable[[Order, Mapping[str, Any]], dict[str, Any]]] = {
    EventKind.PAYMENT: _money,
    EventKind.REFUND: _refund,
    EventKind.ALLOCATED: _kept,
    EventKind.PICKED: _kept,
    EventKind.SHIPPED: _shipped,
    EventKind.SCANNED: _scanned,
    EventKind.DELIVERED: lambda order, content: {},
    EventKind.RETURNED: _returned,
    EventKind.INVOICED: _invoiced,
}
_VERBS: dict[str, Callable[..., Order]] = {
    EventKind.PAYMENT: lifecycle.record_payment,
    EventKind.REFUND: lifecycle.refund,
    EventKind.ALLOCATED: lifecycle.allocate,
    EventKind.PICKED: lifecycle.pick,
    EventKind.SHIPPED: lifecycle.ship,
    EventKind.SCANNED: lifecycle.record_scan,
    EventKind.DELIVERED: lifecycle.deliver,
    EventKind.RETURNED: lifecycle.return_goods,
    EventKind.INVOICED: lifecycle.invoice,
}


def _warehouse(content: Mapping[str, Any]) -> dict[str, Any]:
    code = content.get("warehouse")
    if code is None:
        return {"warehouse_id": None}
    found = Warehouse.objects.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise OrderError(_("No warehouse has the code %(code)s.") % {"code": code})
    return {"warehouse_id": found}


def _guard_after(event: FulfilmentEvent, content: Mapping[str, Any]) -> None:
    """Raises EventAwaited until each message that this one names counts, or was dismissed."""
    numbers = content.get("after", [])
    told = FulfilmentEvent.objects.filter(
        source=event.source, external_id__in=numbers, order=event.order, state__in=_SETTLED
    )
    if missing := set(numbers) - set(told.values_list("external_id", flat=True)):
        raise EventAwaited(
            _("This waits for messages of %(source)s that do not count yet: %(numbers)s.")
            % {"source": event.source, "numbers": ", ".join(sorted(missing)[:8])}
        )


def _guard_currency(order: Order, content: Mapping[str, Any]) -> None:
    said = content.get("currency", order.currency)
    if said != order.currency:
        raise OrderError(
            _("The order is in %(currency)s, not in %(said)s.")
            % {"currency": order.currency, "said": said}
        )


def _ordered(line: OrderLine) -> Decimal:
    return line.quantity


def unshipped(line: OrderLine) -> Decimal:
    """How much of a line has not left."""
    return line.unshipped


def _with_customer(line: OrderLine) -> Decimal:
    return line.with_customer


def _quantities_or_all(
    order: Order, content: Mapping[str, Any], measure: Measure
) -> dict[int, Decimal]:
    """The quantities by line id; of a message that names no lines, all that was ordered.

    Not what is left, which would depend on what else was told by then.
    """
    if "lines" in content:
        return quantities(order, content["lines"], measure)
    lines = list(order.lines.all())
    if any(measure(line) < line.quantity for line in lines):
        raise InvalidQuantity(
            _("Without lines the whole order is meant, but a part of it left. Name the lines.")
        )
    return {line.pk: line.quantity for line in lines}


def quantities(
    order: Order, wanted: Sequence[Mapping[str, Any]], measure: Measure
) -> dict[int, Decimal]:
    """The quantities of lines that are named by SKU or position, by line id.

    `measure` tells how much of a line can be meant. Raises InvalidQuantity for a line that the
    order does not have.
    """
    lines = list(order.lines.select_related("product"))
    found: dict[int, Decimal] = {}
    for named in wanted:
        _spread(found, _meant(lines, named), Decimal(named["quantity"]), measure)
    return found


def _meant(lines: Sequence[OrderLine], named: Mapping[str, Any]) -> list[OrderLine]:
    if "position" in named:
        meant = [line for line in lines if line.position == named["position"]]
    else:
        meant = [line for line in lines if line.product.sku == named["sku"]]
    if not meant:
        name = named.get("sku", named.get("position"))
        raise InvalidQuantity(_("The order has no line %(name)s.") % {"name": name})
    return meant


def _spread(
    found: dict[int, Decimal], lines: Sequence[OrderLine], pieces: Decimal, measure: Measure
) -> None:
    """Give the pieces to the lines of one product, first come first served; the last takes more."""
    for line in lines:
        taken = found.get(line.pk, ZERO)
        part = min(pieces, max(measure(line) - taken, ZERO))
        if line is lines[-1]:
            part = pieces
        found[line.pk] = taken + part
        pieces -= part
