"""Answers to what happens to receivables, inside the same transaction."""

from datetime import datetime
from decimal import Decimal

from django.dispatch import receiver

from credit.models import Invoice
from credit.signals import invoice_open_amount_changed
from orders import lifecycle
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
