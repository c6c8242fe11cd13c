"""What happens to an order after its release: payments, shipments, returns."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from orders.enums import PaymentMethod
from orders.models.line import OrderLine
from orders.models.order import Order
from orders.models.stock import Warehouse


def person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    """A column naming somebody who did something."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


class Payment(models.Model):
    """Money received for an order, in its currency."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="payments"
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    method = models.CharField(
        _("method"), max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER
    )
    reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    at = models.DateTimeField(_("received"))
    recorded_by = person(_("recorded by"))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="payment_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(
                name="payment_reference_once_per_order",
                fields=["order", "reference"],
                condition=~Q(reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class OrderRefund(models.Model):
    """Money given back for an order, in its currency. Appended, never changed."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="refunds"
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    method = models.CharField(
        _("method"), max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER
    )
    reference = models.CharField(_("bank reference"), max_length=80, blank=True)
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("given back"))
    recorded_by = person(_("recorded by"))

    class Meta:
        verbose_name = _("refund of an order")
        verbose_name_plural = _("refunds of orders")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="order_refund_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="order_refund_has_reason", condition=~Q(reason="")),
            models.UniqueConstraint(
                name="refund_reference_once_per_order",
                fields=["order", "reference"],
                condition=~Q(reference=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class Shipment(models.Model):
    """Goods that left for the customer together: the whole order or a part of it."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="shipments"
    )
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    warehouse = models.ForeignKey(
        Warehouse,
        verbose_name=_("warehouse"),
        on_delete=models.PROTECT,
        null=True,
        related_name="shipments",
    )
    at = models.DateTimeField(_("shipped"))
    recorded_by = person(_("recorded by"))

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip() or str(self.pk)


class ShipmentLine(models.Model):
    """How much of an order line a shipment carries."""

    shipment = models.ForeignKey(
        Shipment, verbose_name=_("shipment"), on_delete=models.PROTECT, related_name="lines"
    )
    order_line = models.ForeignKey(
        OrderLine, verbose_name=_("order line"), on_delete=models.PROTECT, related_name="shipments"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)

    class Meta:
        verbose_name = _("line of a shipment")
        verbose_name_plural = _("lines of shipments")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="shipment_line_once", fields=["shipment", "order_line"]),
            models.CheckConstraint(
                name="shipment_line_carries_something", condition=Q(quantity__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.quantity}"


class Return(models.Model):
    """Goods that came back from the customer. `amount` is their value on the order, with tax.

    They are on hand again at `warehouse`; without one they cannot be sold any more.
    """

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="returns"
    )
    reason = models.TextField(_("why they came back"))
    amount = models.DecimalField(_("value"), max_digits=18, decimal_places=2)
    warehouse = models.ForeignKey(
        Warehouse,
        verbose_name=_("back in stock at"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField(_("came back"))
    recorded_by = person(_("recorded by"))

    class Meta:
        verbose_name = _("return of goods")
        verbose_name_plural = _("returns of goods")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="return_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(name="return_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.amount}"


class ReturnLine(models.Model):
    """How much of an order line came back with a return."""

    returned = models.ForeignKey(
        Return, verbose_name=_("return of goods"), on_delete=models.PROTECT, related_name="lines"
    )
    order_line = models.ForeignKey(
        OrderLine, verbose_name=_("order line"), on_delete=models.PROTECT, related_name="returns"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)

    class Meta:
        verbose_name = _("line of a return")
        verbose_name_plural = _("lines of returns")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="return_line_once", fields=["returned", "order_line"]),
            models.CheckConstraint(
                name="return_line_brings_something", condition=Q(quantity__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.quantity}"
