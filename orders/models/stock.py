"""Where goods lie, how many of them, and how many of those are promised to orders."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from credit.models.customer import CODE
from orders.enums import MovementKind
from orders.models.product import Product
from staff.names import Named

# A count older than this says little about what lies in the warehouse now.
STALE_AFTER = timedelta(hours=24)


class Warehouse(Named):
    """A place that goods leave from."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    active = models.BooleanField(
        _("in use"),
        default=True,
        help_text=_("Nothing more is allocated at a warehouse that is not in use."),
    )

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        default_permissions = ("add", "change", "view")
        ordering = ["code"]


class StockQuerySet(models.QuerySet[Any]):
    def with_available(self) -> "StockQuerySet":
        """Adds `available`: what is on hand and not promised to any order."""
        return self.annotate(available=F("on_hand") - F("allocated"))

    def oversold(self) -> "StockQuerySet":
        """Rows of which more is promised to orders than there is."""
        return self.filter(allocated__gt=F("on_hand"))

    def stale(self, at: datetime) -> "StockQuerySet":
        """Rows that were never counted, or so long ago that the figure means little at `at`."""
        return self.filter(Q(synced_at__isnull=True) | Q(synced_at__lt=at - STALE_AFTER))

    def search(self, words: str) -> "StockQuerySet":
        """Rows of products whose SKU or name contains `words`."""
        return self.filter(product__in=Product.objects.search(words))


class Stock(models.Model):
    """How much of a product lies in a warehouse.

    `on_hand` is what was counted at `synced_at` and what moved after that; it is below zero where
    more left than was ever counted. `allocated` is the sum of the open allocations of orders.
    """

    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="stock"
    )
    warehouse = models.ForeignKey(
        Warehouse, verbose_name=_("warehouse"), on_delete=models.PROTECT, related_name="stock"
    )
    on_hand = models.DecimalField(_("on hand"), max_digits=14, decimal_places=3, default=0)
    allocated = models.DecimalField(_("allocated"), max_digits=14, decimal_places=3, default=0)
    synced_at = models.DateTimeField(_("counted"), null=True)

    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        default_permissions = ("view",)
        permissions = [("adjust_stock", _("Can count and adjust stock"))]
        indexes = [
            models.Index(
                fields=["product"], name="stock_oversold", condition=Q(allocated__gt=F("on_hand"))
            )
        ]
        constraints = [
            models.UniqueConstraint(name="stock_once", fields=["product", "warehouse"]),
            models.CheckConstraint(
                name="stock_allocated_not_negative", condition=Q(allocated__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.warehouse_id}: {self.on_hand}"

    @property
    def free(self) -> Decimal:
        """What is on hand and not promised to any order; below zero where it is oversold."""
        return self.on_hand - self.allocated

    @property
    def is_oversold(self) -> bool:
        return self.allocated > self.on_hand


class StockMovement(models.Model):
    """A change of what is on hand, by `quantity` up or down. Appended, never changed.

    What moved before the latest count is in that count already, and is kept for the record.
    """

    stock = models.ForeignKey(
        Stock, verbose_name=_("stock"), on_delete=models.PROTECT, related_name="movements"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind.choices)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    reason = models.TextField(_("reason"), blank=True)
    shipment = models.ForeignKey(
        "orders.Shipment",
        verbose_name=_("shipment"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    returned = models.ForeignKey(
        "orders.Return",
        verbose_name=_("return of goods"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    at = models.DateTimeField(_("when"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["stock", "at"], name="movement_by_stock")]
        constraints = [
            models.CheckConstraint(name="movement_moves_something", condition=~Q(quantity=0)),
            models.CheckConstraint(
                name="stock_adjustment_has_reason",
                condition=~Q(kind=MovementKind.ADJUSTED) | ~Q(reason=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.stock_id}: {self.quantity}"
