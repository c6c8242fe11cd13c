"""Where the goods of a customer go, besides the address on the customer itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.models.customer import Customer


class AddressQuerySet(models.QuerySet["Address"]):
    def in_use(self) -> "AddressQuerySet":
        """Addresses that nobody took out of the book, the default first."""
        return self.filter(removed_at__isnull=True).order_by("-default", "name", "address", "pk")


class Address(models.Model):
    """A ship-to address in the book of a customer. The default is offered first on new orders.

    Orders keep what their address said; changing the book changes no order.
    """

    customer = models.ForeignKey(
        Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="addresses"
    )
    name = models.CharField(_("recipient"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("ship-to address"), max_length=300)
    default = models.BooleanField(_("default"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("removed"), null=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("ship-to address")
        verbose_name_plural = _("ship-to addresses")
        default_permissions = ()
        permissions = [("keep_addresses", _("Can keep the ship-to addresses of customers"))]
        constraints = [
            models.UniqueConstraint(
                name="address_once_per_customer",
                fields=["customer", "name", "phone", "address"],
                condition=Q(removed_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="address_default_once",
                fields=["customer"],
                condition=Q(default=True),
            ),
            models.CheckConstraint(name="address_not_empty", condition=~Q(address="")),
            models.CheckConstraint(
                name="address_default_is_in_use",
                condition=Q(default=False) | Q(removed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(part for part in (self.name, self.phone, self.address) if part)
