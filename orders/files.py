"""Files belong to orders: whoever may see an order sees them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from journal.attachments.subjects import Kind, declare
from orders.models import Order
from staff.models import User


def _seen_by(user: User) -> QuerySet[Any]:
    may = user.has_perm("orders.view_order")
    return Order.objects.for_user(user) if may else Order.objects.none()


declare(
    Kind(
        code="order",
        model=Order,
        seen_by=_seen_by,
        page=lambda order: reverse("orders:detail", args=[order.pk]),
        order_id=lambda order: order.pk,
    )
)
