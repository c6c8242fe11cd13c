"""What is kept of a second step; neither its secret nor a recovery code is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SecondStep(models.Model):
    """What somebody's codes are derived from, see `staff.second_step.codes`, and how far they went.

    `last_counter` is the half minute of the last code that was taken: no code counts twice, nor
    does an older one. `failures` counts wrong codes since the last right one.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="second_step",
    )
    salt = models.CharField(_("salt"), max_length=64)
    last_counter = models.BigIntegerField(_("last half minute"))
    failures = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    wait_until = models.DateTimeField(_("takes no code until"), null=True)

    class Meta:
        verbose_name = _("second step")
        verbose_name_plural = _("second steps")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """A code that takes the place of the app's, once. Only a hash of it is kept."""

    step = models.ForeignKey(
        SecondStep,
        verbose_name=_("second step"),
        on_delete=models.CASCADE,
        related_name="recovery_codes",
        db_index=False,
    )
    hash = models.CharField(_("hash of the code"), max_length=64)
    used_at = models.DateTimeField(_("used"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="recovery_code_once_per_step", fields=["step", "hash"])
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.pk}"
