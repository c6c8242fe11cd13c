"""What customers promised to pay, and whether they did."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from credit.enums import PromiseState
from credit.models.account import CreditAccount


class Promise(models.Model):
    """An amount that a customer promised to pay by a day, in the account's currency."""

    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="promises"
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    due_on = models.DateField(_("promised for"))
    note = models.TextField(_("note"), blank=True)
    state = models.CharField(
        _("state"), max_length=6, choices=PromiseState.choices, default=PromiseState.OPEN
    )
    made_at = models.DateTimeField(_("recorded"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")
        default_permissions = ("view",)
        permissions = [("record_promise", _("Can record promises to pay"))]
        indexes = [
            models.Index(fields=["account", "due_on"], name="promise_by_account"),
        ]
        constraints = [
            models.CheckConstraint(name="promise_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="promise_settled_has_moment",
                condition=Q(state=PromiseState.OPEN, settled_at__isnull=True)
                | ~Q(state=PromiseState.OPEN) & Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.due_on}"
