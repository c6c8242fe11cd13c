"""How soon a ticket of each severity must be answered and resolved."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exceptions.triage.enums import Severity

LONGEST_MINUTES = 366 * 24 * 60


class SlaTarget(models.Model):
    """The time a severity allows; one row each. Open tickets keep what they were given."""

    severity = models.CharField(
        _("severity"), max_length=2, choices=Severity.choices, unique=True, editable=False
    )
    respond_minutes = models.PositiveIntegerField(
        _("minutes to respond"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)],
        help_text=_("From the opening of a ticket until somebody takes it on."),
    )
    resolve_minutes = models.PositiveIntegerField(
        _("minutes to resolve"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)],
        help_text=_("From the opening of a ticket until it is closed."),
    )

    class Meta:
        verbose_name = _("SLA target")
        verbose_name_plural = _("SLA targets")
        ordering = ["severity"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                name="sla_response_before_resolution",
                condition=Q(respond_minutes__gt=0, resolve_minutes__gte=F("respond_minutes")),
                violation_error_message=_(
                    "The time to resolve cannot be shorter than the time to respond."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.get_severity_display()

    @property
    def respond_within(self) -> timedelta:
        return timedelta(minutes=self.respond_minutes)

    @property
    def resolve_within(self) -> timedelta:
        return timedelta(minutes=self.resolve_minutes)
