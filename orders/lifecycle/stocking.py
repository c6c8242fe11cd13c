"""What lies in the warehouses: counts, adjustments, and what shipments and returns move.

Whoever touches stock locks its products first, by id, after account and order. What is on hand is
the latest count and what moved after it, so that counts and movements may come in any order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F

from credit.money import ZERO
from journal.models import Entry
from journal.record import entry, record
from orders import policies
from orders.enums import MovementKind, OrderAction
from orders.errors import InvalidQuantity, OrderError
from orders.lifecycle.steps import guard_past, guard_reason
from orders.models import Product, Return, Shipment, Stock, StockMovement, Warehouse
from orders.portions import THOUSANDTH, Portion
from staff import figures
from staff.models import User
from staff.sentences import sentence as _

# The largest figure that a row of stock holds.
MOST = Decimal("99999999999.999")


@dataclass(frozen=True, slots=True)
class StockCount:
    """So many pieces of a product were counted in a warehouse."""

    product_id: int
    warehouse_id: int
    on_hand: Decimal


@transaction.atomic
def set_stock(
    *, counts: Sequence[StockCount], source: str, counted_at: datetime, by: User, at: datetime
) -> int:
    """Take over what a source counted at `counted_at`; returns how many rows are as counted now.

    A row that was counted later already stays as it is. What moved after `counted_at` is added to
    the count. Of two counts of the same row the last one holds. Raises PermissionDenied, InFuture,
    or InvalidQuantity for a count below zero or finer than a thousandth; then nothing has changed.
    """
    guard_stock(by)
    guard_past(counted_at, at)
    rows = {(one.product_id, one.warehouse_id): one.on_hand for one in counts}
    for on_hand in rows.values():
        if on_hand < 0:
            raise InvalidQuantity(_("A count cannot be below zero."))
        _guard_figure(on_hand)
    if not rows:
        return 0
    lock_products(product for product, _warehouse in rows)
    _ensure(rows)
    changed = _count(rows, source, counted_at, by)
    _tell_counts(changed, source, counted_at, by)
    return len(changed)


@transaction.atomic
def adjust_stock(
    *, product_id: int, warehouse_id: int, change: Decimal, reason: str, by: User, at: datetime
) -> Stock:
    """Put right what is on hand of a product in a warehouse, by so many pieces more or less.

    Raises PermissionDenied, OrderError without a reason, or InvalidQuantity for no change and for
    more pieces less than are on hand.
    """
    guard_stock(by)
    guard_reason(reason)
    _guard_figure(change)
    if not change:
        raise InvalidQuantity(_("Enter by how many pieces the stock changes."))
    lock_products([product_id])
    kind = MovementKind.ADJUSTED
    stock = _move({product_id: change}, warehouse_id, kind, by=by, at=at, reason=reason)[0]
    if change < 0 and stock.on_hand < 0:
        there = figures.pieces(max(stock.on_hand - change, ZERO))
        raise InvalidQuantity(
            _("Only %(there)s are on hand, so no more can be taken off.") % {"there": there}
        )
    record(
        action=OrderAction.STOCK_ADJUSTED,
        subject=stock,
        by=by,
        at=at,
        reason=reason,
        data={"change": change, "on_hand": stock.on_hand, "warehouse": stock.warehouse_id},
    )
    return stock


def guard_stock(by: User) -> None:
    """Raises PermissionDenied for who may not say what lies in the warehouses."""
    if not policies.can_adjust_stock(by):
        raise PermissionDenied(_("You may not change stock."))


def lock_products(product_ids: Iterable[int]) -> None:
    """Lock the stock of these products, in every warehouse. Held until the transaction ends."""
    wanted = Product.objects.filter(pk__in=set(product_ids)).order_by("pk")
    list(wanted.select_for_update(no_key=True).values_list("pk", flat=True))


def move_out(shipment: Shipment, leaving: Sequence[Portion], *, by: User) -> None:
    """What a shipment carries is not on hand any more. The caller holds the products' locks."""
    if shipment.warehouse_id:
        change = {one: -pieces for one, pieces in pieces_of(leaving).items()}
        kind, at = MovementKind.SHIPPED, shipment.at
        _move(change, shipment.warehouse_id, kind, by=by, at=at, shipment=shipment)


def move_in(made: Return, back: Sequence[Portion], *, by: User) -> None:
    """What came back is on hand again, where the return says so."""
    if made.warehouse_id:
        pieces = pieces_of(back)
        lock_products(pieces)
        kind, at = MovementKind.RETURNED, made.at
        _move(pieces, made.warehouse_id, kind, by=by, at=at, returned=made)


def promise(changes: Mapping[tuple[int, int], Decimal]) -> None:
    """Change what is allocated, by (product id, warehouse id). The caller holds the locks."""
    _ensure(changes)
    for (product_id, warehouse_id), change in changes.items():
        row = Stock.objects.filter(product_id=product_id, warehouse_id=warehouse_id)
        row.update(allocated=F("allocated") + change)


def guard_warehouse(warehouse_id: int | None, *, in_use: bool = False) -> None:
    """Raises OrderError for an unknown warehouse, or with `in_use` for one not used any more."""
    if warehouse_id is None:
        return
    found = Warehouse.objects.filter(pk=warehouse_id).first()
    if found is None:
        raise OrderError(_("There is no such warehouse."))
    if in_use and not found.active:
        raise OrderError(_("Warehouse %(name)s is not in use.") % {"name": found.code})


def pieces_of(portions: Iterable[Portion]) -> dict[int, Decimal]:
    """How many pieces of each product the portions are, by product id."""
    pieces: dict[int, Decimal] = {}
    for one in portions:
        product_id = one.line.product_id
        pieces[product_id] = pieces.get(product_id, ZERO) + one.quantity
    return pieces


def _move(
    changes: Mapping[int, Decimal],
    warehouse_id: int,
    kind: MovementKind,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    shipment: Shipment | None = None,
    returned: Return | None = None,
) -> list[Stock]:
    _ensure([(product_id, warehouse_id) for product_id in changes])
    rows = list(Stock.objects.filter(product__in=changes, warehouse=warehouse_id))
    for row in rows:
        # What moved before the count is in it.
        if row.synced_at is None or at > row.synced_at:
            row.on_hand += changes[row.product_id]
    Stock.objects.bulk_update(rows, ["on_hand"])
    StockMovement.objects.bulk_create(
        StockMovement(
            stock=row,
            kind=kind,
            quantity=changes[row.product_id],
            reason=reason,
            shipment=shipment,
            returned=returned,
            at=at,
            by=by,
        )
        for row in rows
    )
    return rows


def _ensure(places: Iterable[tuple[int, int]]) -> None:
    rows = [Stock(product_id=product, warehouse_id=warehouse) for product, warehouse in places]
    Stock.objects.bulk_create(rows, ignore_conflicts=True)


_COUNT = """
WITH counted AS (
    SELECT s.id, s.warehouse_id, s.on_hand AS was,
        c.on_hand + COALESCE((
            SELECT sum(m.quantity) FROM orders_stockmovement m
            WHERE m.stock_id = s.id AND m.at > %(at)s AND m.kind <> 'counted'
        ), 0) AS now
    FROM unnest(%(products)s::bigint[], %(warehouses)s::bigint[], %(pieces)s::numeric[])
        AS c(product_id, warehouse_id, on_hand)
    JOIN orders_stock s USING (product_id, warehouse_id)
    WHERE s.synced_at IS NULL OR s.synced_at <= %(at)s
), written AS (
    UPDATE orders_stock s SET on_hand = counted.now, synced_at = %(at)s
    FROM counted WHERE s.id = counted.id
), told AS (
    INSERT INTO orders_stockmovement (stock_id, kind, quantity, reason, at, by_id)
    SELECT id, 'counted', now - was, %(source)s, %(at)s, %(by)s FROM counted WHERE now <> was
)
SELECT warehouse_id, now - was FROM counted
"""


def _count(
    rows: Mapping[tuple[int, int], Decimal], source: str, counted_at: datetime, by: User
) -> list[tuple[int, Decimal]]:
    """Write the counts; the warehouse and the difference of each row that is as counted now."""
    values: dict[str, Any] = {
        "products": [product for product, _warehouse in rows],
        "warehouses": [warehouse for _product, warehouse in rows],
        "pieces": list(rows.values()),
        "at": counted_at,
        "source": source,
        "by": by.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        return list(cursor.fetchall())


def _tell_counts(
    changed: Sequence[tuple[int, Decimal]], source: str, counted_at: datetime, by: User
) -> None:
    """One entry for each warehouse: how many rows were counted, and how many of them differed."""
    told: list[Entry] = []
    found = Warehouse.objects.in_bulk({warehouse for warehouse, _difference in changed})
    for number, warehouse in sorted(found.items()):
        differences = [difference for each, difference in changed if each == number]
        figures = {
            "source": source,
            "rows": len(differences),
            "different": sum(1 for difference in differences if difference),
        }
        told.append(
            entry(
                action=OrderAction.STOCK_COUNTED,
                subject=warehouse,
                by=by,
                at=counted_at,
                data=figures,
            )
        )
    Entry.objects.bulk_create(told)


def _guard_figure(pieces: Decimal) -> None:
    if not pieces.is_finite() or abs(pieces) > MOST or pieces != pieces.quantize(THOUSANDTH):
        raise InvalidQuantity(_("Give the pieces with at most three decimals."))
