"""What is sold, and at which price and cost in each currency."""

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Concat, Upper
from django.utils.translation import gettext_lazy as _

from credit.models.customer import CODE
from credit.money import CURRENCIES, ZERO
from orders.grams import SearchGrams, says

# More make no search narrower.
_MOST_WORDS = 8


class ProductQuerySet(models.QuerySet["Product"]):
    def sellable_in(self, currency: str) -> "ProductQuerySet":
        """Active products that have a price in `currency`."""
        return self.filter(active=True, prices__currency=currency)

    def search(self, words: str) -> "ProductQuerySet":
        """Products whose SKU and name contain every one of the `words`, in any order and case."""
        found = self
        for word in words.split()[:_MOST_WORDS]:
            found = found.filter(says("words", word))
        return found


class Product(models.Model):
    sku = models.CharField(_("SKU"), max_length=60, unique=True, validators=[CODE])
    name = models.CharField(_("name"), max_length=200)
    category = models.CharField(_("category"), max_length=80, blank=True)
    tax_percent = models.DecimalField(
        _("tax %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal("13.00"),
        validators=[MinValueValidator(ZERO), MaxValueValidator(Decimal(100))],
    )
    words = models.GeneratedField(
        verbose_name=_("what it is found by"),
        expression=Upper(Concat("sku", models.Value(" "), "name")),
        output_field=models.TextField(),
        db_persist=True,
    )
    active = models.BooleanField(
        _("sold"), default=True, help_text=_("Products no longer sold stay on old orders.")
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [GinIndex(SearchGrams("words"), name="product_search_grams")]
        constraints = [
            models.CheckConstraint(
                name="product_tax_is_a_percentage",
                condition=Q(tax_percent__gte=0, tax_percent__lte=100),
            )
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"


class ProductPrice(models.Model):
    """List price and cost of one piece in a currency, both without tax."""

    product = models.ForeignKey(
        Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="prices"
    )
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    price = models.DecimalField(
        _("list price"), max_digits=12, decimal_places=2, validators=[MinValueValidator(ZERO)]
    )
    cost = models.DecimalField(
        _("cost"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(ZERO)],
    )

    class Meta:
        verbose_name = _("product price")
        verbose_name_plural = _("product prices")
        permissions = [("view_margin", _("Can see costs and margins"))]
        constraints = [
            models.UniqueConstraint(
                name="product_price_once_per_currency", fields=["product", "currency"]
            ),
            models.CheckConstraint(
                name="product_price_not_negative",
                condition=Q(price__gte=0) & (Q(cost__isnull=True) | Q(cost__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.price} {self.currency}"
