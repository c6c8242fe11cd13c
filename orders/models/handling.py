"""What a warehouse keeps ready for an order: each step, and what they come to."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.enums import HandlingKind
from orders.models.fulfilment import person
from orders.models.line import OrderLine
from orders.models.stock import Warehouse


class Handling(models.Model):
    """So much of an order line was allocated or picked at a warehouse, at a moment."""

    order_line = models.ForeignKey(
        OrderLine, verbose_name=_("order line"), on_delete=models.CASCADE, related_name="handlings"
    )
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=HandlingKind.choices)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    at = models.DateTimeField(_("when"))
    recorded_by = person(_("recorded by"))
    ended_at = models.DateTimeField(_("set free"), null=True)

    class Meta:
        verbose_name = _("handling of goods")
        verbose_name_plural = _("handlings of goods")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(name="handling_of_something", condition=Q(quantity__gt=0))
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.quantity}"


class Allocation(models.Model):
    """What is kept for an order line at a warehouse now, and how much of it is picked.

    It follows from the handlings and shipments of the line, in the order in which they happened;
    `orders.allocating` says how.
    """

    order_line = models.ForeignKey(
        OrderLine,
        verbose_name=_("order line"),
        on_delete=models.CASCADE,
        related_name="allocations",
    )
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="+"
    )
    quantity = models.DecimalField(_("allocated"), max_digits=12, decimal_places=3)
    picked = models.DecimalField(_("picked"), max_digits=12, decimal_places=3, default=0)

    class Meta:
        verbose_name = pgettext_lazy("goods", "allocation")
        verbose_name_plural = _("allocations")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="allocation_once", fields=["order_line", "warehouse"]),
            models.CheckConstraint(
                name="allocation_keeps_something",
                condition=Q(quantity__gt=0, picked__gte=0, picked__lte=F("quantity")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.quantity}"
