"""Answers to what happens to credit, inside the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.dispatch import receiver

from credit.models import Invoice
from credit.signals import credit_arrived, invoice_open_amount_changed
from orders import lifecycle
from orders.events import lifecycle as events
from orders.models import Order
from orders.signals import order_went_on, orders_came
from orders.tasks import reevaluate_waiting
from orders.waiting import waiting
from staff.models import User


@receiver(invoice_open_amount_changed)
def follow_invoice(
    *,
    invoice: Invoice,
    paid: Decimal,
    by: User,
    at: datetime,
    happened_at: datetime,
    **_signal: object,
) -> None:
    if invoice.order_id:
        lifecycle.follow_invoice(
            order_id=invoice.order_id, paid=paid, by=by, at=at, happened_at=happened_at
        )


@receiver(order_went_on)
def apply_waiting(*, order: Order, at: datetime, **_signal: object) -> None:
    events.apply_waiting(order_id=order.pk, at=at)


@receiver(orders_came)
def adopt_events(*, orders: Sequence[Order], at: datetime, **_signal: object) -> None:
    names = {order.external_id for order in orders}

    def adopt() -> None:
        early = events.orphans().filter(reference__in=names).values_list("pk", flat=True)
        events.adopt(event_ids=list(early), at=at)

    transaction.on_commit(adopt, robust=True)


@receiver(credit_arrived)
def ask_waiting_orders_again(*, account_id: int, by: User | None, **_signal: object) -> None:
    if waiting(account_id).exists():

        def ask_again() -> None:
            reevaluate_waiting.delay(account_id, by.pk if by else None)

        # Should the broker be away, the next round of the clock asks them all.
        transaction.on_commit(ask_again, robust=True)
