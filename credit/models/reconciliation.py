"""Each time the balances were compared with the ledger, and what came of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReconciliationRun(models.Model):
    """One comparison of every balance with the entries and documents that it stands for.

    `differences` keeps the first of them, see `credit.reconciling`; `found` counts them all.
    """

    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    accounts = models.PositiveIntegerField(_("accounts"))
    entries = models.PositiveBigIntegerField(_("ledger entries"))
    found = models.PositiveIntegerField(_("differences found"))
    differences = models.JSONField(_("differences"), default=list)
    milliseconds = models.PositiveIntegerField(_("took, in milliseconds"))

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        default_permissions = ("view",)
        permissions = [("reconcile", _("Can compare the balances with the ledger"))]
        indexes = [models.Index(fields=["-at", "-id"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.found}"
