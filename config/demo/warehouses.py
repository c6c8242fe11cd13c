"""Warehouses of the demo company: what lies there, what is kept for orders, what carriers say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from orders import lifecycle as orders
from orders.enums import SHIPPABLE, EventKind, OrderState, ScanKind
from orders.events.lifecycle import take_event
from orders.lifecycle import StockCount
from orders.models import Order, Product, Warehouse

if TYPE_CHECKING:
    from config.demo.business import Company

_WAREHOUSES = (
    ("SHA", "Shanghai", "上海仓", "上海倉"),
    ("SZX", "Shenzhen", "深圳仓", "深圳倉"),
    ("RTM", "Rotterdam", "鹿特丹仓", "鹿特丹倉"),
)
# Only the parcels of the last weeks are followed on their way.
_FOLLOWED = timedelta(days=14)
_WAY = (
    (timedelta(hours=5), ScanKind.PICKED_UP, "上海分拨中心"),
    (timedelta(hours=22), ScanKind.IN_TRANSIT, "杭州转运中心"),
    (timedelta(hours=29), ScanKind.OUT_FOR_DELIVERY, "客户所在地营业部"),
)


def load() -> list[Warehouse]:
    """Open the warehouses, empty."""
    return Warehouse.objects.bulk_create(
        Warehouse(code=code, name_en=english, name_zh_hans=hans, name_zh_hant=hant)
        for code, english, hans, hant in _WAREHOUSES
    )


def of(order: Order) -> int:
    """The warehouse that an order leaves from: abroad what is not sold in yuan."""
    code = "RTM" if order.currency in ("EUR", "USD") else ("SHA", "SZX")[order.pk % 2]
    return Warehouse.objects.get(code=code).pk


def follow(company: Company, order: Order, tracking_number: str, at: datetime) -> None:
    """Let the carrier scan a parcel on its way, unless it forgets to pick it up."""
    if company.now - at > _FOLLOWED or order.pk % 13 == 5:
        return
    for after, kind, place in _WAY:
        company.later(at + after, _scan(company, order, tracking_number, kind, place))


def _scan(
    company: Company, order: Order, tracking_number: str, kind: ScanKind, place: str
) -> Callable[[datetime], None]:
    def scan(at: datetime) -> None:
        if Order.objects.get(pk=order.pk).state in (OrderState.SHIPPED, OrderState.PARTLY_SHIPPED):
            orders.record_scan(
                order_id=order.pk,
                kind=kind,
                place=place,
                tracking_number=tracking_number,
                by=company.people["warehouse"],
                happened_at=at,
                at=at,
            )

    return scan


def stock(company: Company) -> None:
    """Count what lies there, keep goods for orders, and leave two messages that do not fit."""
    _count(company)
    ready = list(Order.objects.filter(state__in=SHIPPABLE).order_by("-pk")[:24])
    by, at = company.people["warehouse"], company.now
    for order in ready[: len(ready) * 2 // 3]:
        for verb in (orders.allocate, orders.pick)[: 1 + (order.pk % 3 == 0)]:
            verb(order_id=order.pk, warehouse_id=of(order), by=by, happened_at=at, at=at)
    for order in ready[:1]:
        _tell(company, EventKind.DELIVERED, order, {})
    for order in ready[1:2]:
        payload = {"warehouse": "HAM", "lines": [{"position": 1, "quantity": "1"}]}
        _tell(company, EventKind.ALLOCATED, order, payload)


def _count(company: Company) -> None:
    """The harbour counts once a week, the others every night."""
    products = list(Product.objects.order_by("sku").values_list("pk", flat=True))
    for number, warehouse in enumerate(Warehouse.objects.order_by("code")):
        age = timedelta(days=4) if warehouse.code == "RTM" else timedelta(hours=2 + number)
        counts = [
            StockCount(product, warehouse.pk, Decimal((place * 37 + number * 11) % 240))
            for place, product in enumerate(products)
        ]
        orders.set_stock(
            counts=counts,
            source="WMS",
            counted_at=company.now - age,
            by=company.people["warehouse"],
            at=company.now,
        )


def _tell(company: Company, kind: EventKind, order: Order, payload: Mapping[str, object]) -> None:
    take_event(
        source="WMS",
        external_id=f"{kind}-{order.number}",
        kind=kind,
        reference=order.number,
        happened_at=company.now - timedelta(minutes=20),
        payload=payload,
        by=company.people["warehouse"],
        at=company.now,
    )
