"""What an order said before it was changed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class OrderVersion(models.Model):
    """What an order said before it was amended: `content` as `orders.versions` describes it."""

    order = models.ForeignKey(
        Order, verbose_name=_("order"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    reason = models.TextField(_("why it was changed"))
    replaced_at = models.DateTimeField(_("changed"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("earlier version of an order")
        verbose_name_plural = _("earlier versions of orders")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="order_version_once", fields=["order", "number"])
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"
