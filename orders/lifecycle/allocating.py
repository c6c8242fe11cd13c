"""Goods are kept ready for an order: allocated at a warehouse, picked there, or set free again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from credit.money import ZERO
from orders import policies
from orders.allocating import SHIPPED, Kept, Step, kept
from orders.enums import SHIPPABLE, HandlingKind, OrderAction, OrderState
from orders.errors import OrderError, WrongState
from orders.lifecycle.books import journal
from orders.lifecycle.steps import guard_past, guard_reason, lock_order, may
from orders.lifecycle.stocking import guard_warehouse, lock_products, move_out, promise
from orders.models import (
    Allocation,
    Handling,
    Order,
    OrderLine,
    Shipment,
    ShipmentLine,
    Warehouse,
)
from orders.portions import Portion, to_keep
from staff.models import User
from staff.sentences import sentence as _

# An order whose goods have left may hear late of what was done before.
_HANDLED = (*SHIPPABLE, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED)


def allocate(
    *,
    order_id: int,
    warehouse_id: int,
    by: User,
    happened_at: datetime,
    at: datetime,
    quantities: Mapping[int, Decimal] | None = None,
) -> Order:
    """Keep goods for a released order at a warehouse: the quantities by line id, or all that lacks.

    More may be allocated than is on hand: that is oversold, and shows as such. Raises
    PermissionDenied, WrongState, InFuture, OrderError for a warehouse that is not in use, or
    InvalidQuantity for more than is neither shipped nor allocated.
    """
    return _handle(
        HandlingKind.ALLOCATED, OrderAction.ALLOCATED, order_id, warehouse_id, quantities,
        by=by, happened_at=happened_at, at=at,
    )  # fmt: skip


def pick(
    *,
    order_id: int,
    warehouse_id: int,
    by: User,
    happened_at: datetime,
    at: datetime,
    quantities: Mapping[int, Decimal] | None = None,
) -> Order:
    """Record that goods of an order were taken off the shelf: those named, or all not picked yet.

    Goods that were not allocated are so by being picked. Raises what `allocate` raises.
    """
    return _handle(
        HandlingKind.PICKED, OrderAction.PICKED, order_id, warehouse_id, quantities,
        by=by, happened_at=happened_at, at=at,
    )  # fmt: skip


@transaction.atomic
def _handle(
    kind: HandlingKind,
    action: OrderAction,
    order_id: int,
    warehouse_id: int,
    quantities: Mapping[int, Decimal] | None,
    *,
    by: User,
    happened_at: datetime,
    at: datetime,
) -> Order:
    order = lock_order(order_id)
    picks = kind == HandlingKind.PICKED
    may(by, policies.can_ship if picks else policies.can_allocate, order)
    _guard_handled(order)
    guard_past(happened_at, at)
    guard_warehouse(warehouse_id, in_use=not picks)
    lines = list(order.lines.select_related("product"))
    lock_products(line.product_id for line in lines)
    most = {line.pk: _lacking(line, picks, warehouse_id) for line in _with_kept(lines)}
    portions = to_keep(lines, quantities, most)
    made = [
        Handling(
            order_line=portion.line,
            warehouse_id=warehouse_id,
            kind=kind,
            quantity=portion.quantity,
            at=happened_at,
            recorded_by=by,
        )
        for portion in portions
    ]
    keep_up(order, lines, new=made)
    Handling.objects.bulk_create(made)
    journal(order, action, order.state, by, happened_at, _figures(warehouse_id, portions))
    return order


@transaction.atomic
def set_free(*, order_id: int, reason: str, by: User, at: datetime) -> Order:
    """Keep nothing ready for an order any more.

    Raises PermissionDenied, or OrderError without a reason and for an order without allocations.
    """
    order = lock_order(order_id)
    may(by, policies.can_allocate, order)
    guard_reason(reason)
    if not let_go_of_goods(order, by=by, at=at, reason=reason):
        raise OrderError(_("Nothing is allocated to order %(number)s.") % {"number": order.number})
    return order


def let_go_of_goods(order: Order, *, by: User, at: datetime, reason: str = "") -> bool:
    """Set free what is kept for a locked order, if anything is; whether it was."""
    open_ones = Handling.objects.filter(order_line__order=order, ended_at__isnull=True)
    if not open_ones.exists():
        return False
    lines = list(order.lines.all())
    lock_products(line.product_id for line in lines)
    freed = Allocation.objects.filter(order_line__order=order).exists()
    open_ones.update(ended_at=at)
    keep_up(order, lines)
    if freed:
        journal(order, OrderAction.FREED, order.state, by, at, {}, reason)
    return freed


def keep_up(order: Order, lines: Sequence[OrderLine], *, new: Sequence[Handling] = ()) -> None:
    """Bring the allocations of an order along with what was handled and shipped of its lines.

    `new` are handlings that are not stored yet and have to fit. The caller holds the locks of the
    order and of the products. Raises InvalidQuantity when they do not fit.
    """
    steps = _steps(order, new)
    ships = order.state in SHIPPABLE
    stood = {(one.order_line_id, one.warehouse_id): one for one in _allocations(lines)}
    changes: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    stands: list[Allocation] = []
    for line in lines:
        found = kept(line.quantity, steps[line.pk])
        for number, each in found.items() if ships else ():
            stands.append(_allocation(line, number, each))
            changes[line.product_id, number] += each.quantity
    for one in stood.values():
        changes[one.order_line.product_id, one.warehouse_id] -= one.quantity
    _write(stood, stands)
    promise({place: change for place, change in sorted(changes.items()) if change})


def goods_left(
    order: Order,
    lines: Sequence[OrderLine],
    shipment: Shipment,
    leaving: Sequence[Portion],
    *,
    by: User,
) -> None:
    """What a shipment carries is neither on hand nor kept any more. The order is locked."""
    follows = Handling.objects.filter(order_line__order=order, ended_at__isnull=True).exists()
    if follows or shipment.warehouse_id:
        lock_products(line.product_id for line in lines)
    move_out(shipment, leaving, by=by)
    if follows:
        keep_up(order, lines)


def _write(stood: Mapping[tuple[int, int], Allocation], stands: Sequence[Allocation]) -> None:
    kept_now = {(one.order_line_id, one.warehouse_id) for one in stands}
    gone = [one.pk for place, one in stood.items() if place not in kept_now]
    if gone:
        Allocation.objects.filter(pk__in=gone).delete()
    if stands:
        Allocation.objects.bulk_create(
            stands,
            update_conflicts=True,
            unique_fields=["order_line", "warehouse"],
            update_fields=["quantity", "picked"],
        )


def _allocation(line: OrderLine, warehouse_id: int, each: Kept) -> Allocation:
    return Allocation(
        order_line=line, warehouse_id=warehouse_id, quantity=each.quantity, picked=each.picked
    )


def _steps(order: Order, new: Sequence[Handling]) -> dict[int, list[Step]]:
    steps: dict[int, list[Step]] = defaultdict(list)
    done = Handling.objects.filter(order_line__order=order, ended_at__isnull=True)
    for one in [*done, *new]:
        fresh = one.pk is None
        step = Step(one.kind, one.at, one.warehouse_id, one.quantity, new=fresh)
        steps[one.order_line_id].append(step)
    left = ShipmentLine.objects.filter(order_line__order=order)
    for line_id, at, warehouse_id, quantity in left.values_list(
        "order_line_id", "shipment__at", "shipment__warehouse_id", "quantity"
    ):
        steps[line_id].append(Step(SHIPPED, at, warehouse_id, quantity))
    return steps


def _allocations(lines: Sequence[OrderLine]) -> list[Allocation]:
    return list(Allocation.objects.filter(order_line__in=lines).select_related("order_line"))


def _with_kept(lines: Sequence[OrderLine]) -> Sequence[OrderLine]:
    """The lines, each with its allocations as `kept_now`, by warehouse id."""
    found = _allocations(lines)
    for line in lines:
        line.kept_now = {  # type: ignore[attr-defined]
            one.warehouse_id: one for one in found if one.order_line_id == line.pk
        }
    return lines


def _lacking(line: OrderLine, picks: bool, warehouse_id: int) -> Decimal:
    """How much of a line is still to allocate, or to pick in a warehouse."""
    kept_now: dict[int, Allocation] = line.kept_now  # type: ignore[attr-defined]
    lacks = line.unshipped - sum((one.quantity for one in kept_now.values()), ZERO)
    if not picks:
        return lacks
    here = kept_now.get(warehouse_id)
    return here.quantity - here.picked if here else lacks


def _figures(warehouse_id: int, portions: Sequence[Portion]) -> dict[str, object]:
    """What the journal keeps of it: where, and how many pieces of which lines."""
    return {
        "warehouse": Warehouse.objects.get(pk=warehouse_id).code,
        "lines": {str(one.line.position): one.quantity for one in portions},
        "skus": {str(one.line.position): one.line.product.sku for one in portions},
    }


def _guard_handled(order: Order) -> None:
    if order.state not in _HANDLED:
        raise WrongState(
            _("Order %(number)s is %(state)s, so nothing can be kept ready for it.")
            % {"number": order.number, "state": OrderState(order.state).label}
        )
