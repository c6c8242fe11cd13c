"""What happens to an order after its release: holds, payments, shipments."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from orders.enums import HoldReason, PaymentMethod
from orders.models.order import Order


class HoldQuerySet(models.QuerySet["Hold"]):
    def active(self) -> "HoldQuerySet":
        return self.filter(released_at__isnull=True)


def _person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


class Hold(models.Model):
    """One reason why an order must not ship. An order ships when none is left."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="holds"
    )
    reason = models.CharField(_("reason"), max_length=10, choices=HoldReason.choices)
    forced = models.BooleanField(
        _("forced"), default=False, help_text=_("Only released by those who may force holds.")
    )
    note = models.TextField(_("note"))
    placed_at = models.DateTimeField(_("placed"))
    placed_by = _person(_("placed by"))
    released_at = models.DateTimeField(_("released"), null=True)
    released_by = _person(_("released by"), null=True)
    release_note = models.TextField(_("why released"), blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["order"], name="hold_active", condition=Q(released_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="hold_release_is_whole",
                condition=Q(released_at__isnull=True, released_by__isnull=True, release_note="")
                | Q(released_at__isnull=False, released_by__isnull=False) & ~Q(release_note=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.reason}"


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
    recorded_by = _person(_("recorded by"))

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


class Shipment(models.Model):
    """Goods that left for the customer, in one piece for the whole order."""

    order = models.OneToOneField(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="shipment"
    )
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=80, blank=True)
    at = models.DateTimeField(_("shipped"))
    recorded_by = _person(_("recorded by"))

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip() or str(self.pk)
