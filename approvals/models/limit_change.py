"""A change of what a customer may owe, as somebody asks for it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from approvals.models.people import person
from credit.enums import LimitKind, LimitType, Security
from credit.limit_input import LimitInput
from credit.models import CreditAccount, CreditLimit


class LimitChange(models.Model):
    """The limit that is asked for, why, and what the account comes to with it.

    Amounts are in the account's currency. `before` and `resulting` are what the account may use on
    the first day of the limit, without and with it, as last looked at; null where there is no such
    amount. Nothing else changes; `granted` is the limit that came of it.
    """

    account = models.ForeignKey(
        CreditAccount,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="limit_changes",
    )
    type = models.CharField(_("type of limit"), max_length=9, choices=LimitType.choices)
    kind = models.CharField(_("kind of limit"), max_length=10, choices=LimitKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True)
    security = models.CharField(_("security"), max_length=10, choices=Security.choices, blank=True)
    covered_percent = models.DecimalField(_("covered %"), max_digits=5, decimal_places=2, null=True)
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"), null=True)
    reference = models.CharField(_("document"), max_length=120, blank=True)
    justification = models.TextField(_("justification"))
    requested_by = person(_("requested by"))
    requested_at = models.DateTimeField(_("requested"))
    before = models.DecimalField(_("before"), max_digits=18, decimal_places=2, null=True)
    resulting = models.DecimalField(_("after"), max_digits=18, decimal_places=2, null=True)
    granted = models.OneToOneField(
        CreditLimit,
        verbose_name=_("granted limit"),
        on_delete=models.PROTECT,
        null=True,
        related_name="change",
    )

    class Meta:
        verbose_name = _("change of a limit")
        verbose_name_plural = _("changes of limits")
        default_permissions = ()
        permissions = [("request_limit_change", _("Can request changes of limits"))]
        constraints = [
            models.CheckConstraint(
                name="limit_change_is_justified", condition=~Q(justification="")
            ),
            models.CheckConstraint(
                name="limit_change_amount_goes_with_kind",
                condition=Q(kind=LimitKind.AMOUNT, amount__gte=0, amount__isnull=False)
                | ~Q(kind=LimitKind.AMOUNT) & Q(amount__isnull=True),
            ),
            models.CheckConstraint(
                name="limit_change_days_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="asked_stays", exclude=["before", "resulting", "granted"]),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.get_type_display()} {self.amount or self.kind}"

    def limit(self) -> LimitInput:
        """What the lifecycle of limits is asked to grant."""
        return LimitInput(
            type=self.type,
            kind=self.kind,
            amount=self.amount,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            security=self.security,
            covered_percent=self.covered_percent,
            reference=self.reference,
        )
