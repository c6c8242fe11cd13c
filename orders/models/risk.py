"""What is wrong with something we sell: flags on products, their lots, and whole categories."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from orders.enums import FlagKind
from orders.models.product import Product


class ProductFlagQuerySet(models.QuerySet["ProductFlag"]):
    def active(self) -> "ProductFlagQuerySet":
        """Flags that nobody has lifted."""
        return self.filter(lifted_at__isnull=True)

    def standing(self, at: datetime) -> "ProductFlagQuerySet":
        """Flags that were raised by `at` and not lifted by then."""
        return self.filter(Q(lifted_at__isnull=True) | Q(lifted_at__gt=at), raised_at__lte=at)

    def search(self, words: str) -> "ProductFlagQuerySet":
        """Flags whose product, category, lot or evidence contains `words`, whatever the case."""
        return self.filter(
            Q(product__sku__icontains=words)
            | Q(product__name__icontains=words)
            | Q(category__icontains=words)
            | Q(lot__icontains=words)
            | Q(evidence__icontains=words)
        )


def _person(label: StrOrPromise, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        related_name="+",
        **options,
    )


class ProductFlag(models.Model):
    """A known risk of a product, of one lot of it, or of every product in a category.

    Flags of one kind stand on the same goods only one after the other.
    """

    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="flags",
    )
    category = models.CharField(_("category"), max_length=80, blank=True)
    lot = models.CharField(_("lot"), max_length=60, blank=True)
    kind = models.CharField(_("kind of risk"), max_length=12, choices=FlagKind.choices)
    evidence = models.TextField(_("evidence"))
    raised_at = models.DateTimeField(_("raised"))
    raised_by = _person(_("raised by"))
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_by = _person(_("lifted by"), null=True)
    lift_note = models.TextField(_("why lifted"), blank=True)

    objects = ProductFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("product flag")
        verbose_name_plural = _("product flags")
        default_permissions = ("view",)
        permissions = [("flag_product", _("Can raise and lift product flags"))]
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="flag_by_date"),
            models.Index(fields=["category"], name="flag_by_category", condition=~Q(category="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="flag_on_product_or_category",
                condition=Q(product__isnull=False, category="")
                | Q(product__isnull=True, lot="") & ~Q(category=""),
            ),
            models.CheckConstraint(name="flag_has_evidence", condition=~Q(evidence="")),
            models.CheckConstraint(
                name="flag_lifting_is_whole",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_note="")
                | Q(lifted_at__gte=F("raised_at"), lifted_by__isnull=False) & ~Q(lift_note=""),
            ),
            models.UniqueConstraint(
                "product",
                Upper("lot"),
                "kind",
                name="flag_once_per_product",
                condition=Q(lifted_at__isnull=True, product__isnull=False),
            ),
            models.UniqueConstraint(
                name="flag_once_per_category",
                fields=["category", "kind"],
                condition=Q(lifted_at__isnull=True, product__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.goods}"

    @property
    def goods(self) -> str:
        """What the flag stands on, in the reader's language."""
        if self.product is None:
            return gettext("category %(category)s") % {"category": self.category}
        if self.lot:
            return gettext("%(product)s, lot %(lot)s") % {"product": self.product, "lot": self.lot}
        return str(self.product)
