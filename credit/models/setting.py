"""How the administrator has set each credit check."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from credit.enums import CheckCode
from credit.money import ZERO


class CheckSetting(models.Model):
    """Whether a check is applied, and how much it tolerates. One row per check, made at set-up."""

    code = models.CharField(_("check"), max_length=20, choices=CheckCode.choices, unique=True)
    active = models.BooleanField(_("applied"), default=True)
    tolerance_amount = models.DecimalField(
        _("tolerated amount"),
        max_digits=18,
        decimal_places=2,
        default=ZERO,
        help_text=_("In the account's currency; an amount up to this does not block."),
    )
    tolerance_days = models.PositiveSmallIntegerField(
        _("tolerated days"),
        default=0,
        help_text=_("Invoices overdue by up to so many days are not counted."),
    )

    class Meta:
        verbose_name = _("credit check")
        verbose_name_plural = _("credit checks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="check_tolerance_not_negative",
                condition=models.Q(tolerance_amount__gte=0),
                violation_error_message=_("The tolerated amount cannot be negative."),
            )
        ]

    def __str__(self) -> str:
        return self.get_code_display()
