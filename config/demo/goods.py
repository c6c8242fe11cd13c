"""Goods of the demo company that leave in parts, come back, or never leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from config.demo import warehouses
from credit import lifecycle as credit
from credit.models import Invoice
from orders import lifecycle as orders
from orders.enums import OrderState
from orders.models import Order

if TYPE_CHECKING:
    from config.demo.business import Company

# Partly shipped orders younger than this still wait for the rest.
_WAITING = timedelta(days=9)


def ship(
    company: Company,
    order: Order,
    carrier: str,
    at: datetime,
    quantities: dict[int, Decimal] | None = None,
) -> None:
    """Let what is named, or all that is left, leave the warehouse."""
    number = order.pk * 7919 % 89_999_999 + (500 if quantities else 0)
    tracking_number = f"SF{10_000_000 + number}"
    orders.ship(
        order_id=order.pk,
        by=company.people["warehouse"],
        happened_at=at,
        at=at,
        quantities=quantities,
        carrier=carrier,
        tracking_number=tracking_number,
        warehouse_id=warehouses.of(order),
    )
    warehouses.follow(company, order, tracking_number, at)


def ship_half(
    company: Company, order: Order, carrier: str, at: datetime, arrives: Callable[[datetime], None]
) -> bool:
    """Let half of each line leave, and the rest later or never; False where nothing can be halved.

    What shipped is invoiced the next day; `arrives` follows when nothing more will leave.
    """
    lines = order.lines.values_list("pk", "quantity")
    half = {pk: Decimal(quantity // 2) for pk, quantity in lines if quantity >= 2}
    if not half:
        return False
    ship(company, order, carrier, at, half)
    company.later(at + timedelta(days=1), lambda then: _invoice(company, order, then))
    if company.now - at > _WAITING:
        company.later(at + timedelta(days=6), lambda then: _rest(company, order, carrier, then))
        company.later(at + timedelta(days=7), arrives)
    return True


def _invoice(company: Company, order: Order, at: datetime) -> None:
    by = company.people["finance"]
    count = order.pk * 10 + order.shipments.count()
    number = f"INV-{at:%y%m}-{count:06}"
    orders.invoice(order_id=order.pk, number=number, by=by, happened_at=at, at=at)


def _rest(company: Company, order: Order, carrier: str, at: datetime) -> None:
    if Order.objects.get(pk=order.pk).state != OrderState.PARTLY_SHIPPED:
        return
    if order.pk % 2:
        by, reason = company.people["customer_service"], "剩余货品停产，客户同意按已发货数量结算。"
        orders.close_short(order_id=order.pk, reason=reason, by=by, happened_at=at, at=at)
        return
    ship(company, order, carrier, at)
    company.later(at + timedelta(days=1), lambda then: _invoice(company, order, then))


def give_back(company: Company, order: Order, at: datetime) -> None:
    """One piece of the first line comes back."""
    line = order.lines.first()
    if line is None or line.quantity < 1:
        return
    orders.return_goods(
        order_id=order.pk,
        quantities={line.pk: Decimal(1)},
        reason="到货外箱破损，客户退回一件。",
        by=company.people["warehouse"],
        happened_at=at,
        at=at,
    )
    if order.pk % 2:
        company.later(at + timedelta(days=2), lambda then: _credit(company, order, then))


def _credit(company: Company, order: Order, at: datetime) -> None:
    """Finance takes back what was invoiced of the returned goods, where that is open still."""
    due = Order.objects.get(pk=order.pk).credit_due
    invoice = Invoice.objects.filter(order_id=order.pk, open_amount__gte=due).first()
    if due and invoice:
        by = company.people["finance"]
        credit.credit_note(invoice_id=invoice.pk, amount=due, reason="退货一件。", by=by, at=at)
