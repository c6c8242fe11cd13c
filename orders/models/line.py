"""What an order is made of."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from credit.money import ZERO
from orders.models.order import Order, amount
from orders.models.product import Product


class OrderLine(models.Model):
    """A product on an order. `net` and `tax` are of the whole line, in the order's currency."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.PROTECT, related_name="+"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    list_price = models.DecimalField(_("list price"), max_digits=12, decimal_places=2, null=True)
    unit_cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, null=True)
    discount_percent = models.DecimalField(
        _("discount %"), max_digits=5, decimal_places=2, default=ZERO
    )
    tax_percent = models.DecimalField(_("tax %"), max_digits=5, decimal_places=2)
    net = amount(_("net"))
    tax = amount(_("tax"))
    lot = models.CharField(_("lot"), max_length=60, blank=True, default="", db_default="")
    shipped = models.DecimalField(
        _("shipped"), max_digits=12, decimal_places=3, default=0, db_default=0
    )
    returned = models.DecimalField(
        _("returned"), max_digits=12, decimal_places=3, default=0, db_default=0
    )

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        default_permissions = ()
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="line_position_once", fields=["order", "position"]),
            models.CheckConstraint(
                name="line_figures_sound",
                condition=Q(
                    quantity__gt=0,
                    price__gte=0,
                    discount_percent__gte=0,
                    discount_percent__lte=100,
                    tax_percent__gte=0,
                    tax_percent__lte=100,
                ),
            ),
            models.CheckConstraint(
                name="line_ships_what_was_ordered",
                condition=Q(shipped__gte=0, shipped__lte=F("quantity")),
            ),
            models.CheckConstraint(
                name="line_returns_what_was_shipped",
                condition=Q(returned__gte=0, returned__lte=F("shipped")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.product_id}"

    @property
    def total(self) -> Decimal:
        """The line with its tax."""
        return self.net + self.tax

    @property
    def unshipped(self) -> Decimal:
        """How much has not left."""
        return self.quantity - self.shipped

    @property
    def with_customer(self) -> Decimal:
        """How much left and did not come back."""
        return self.shipped - self.returned
