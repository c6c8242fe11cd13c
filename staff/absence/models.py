"""Absences: from a day to a day, with a substitute."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from staff.absence.enums import AbsenceState

_DAY = timedelta(days=1)

# As ranges, both can be in one exclusion constraint without an extension of the database.
_WHO = Func(
    F("user"), F("user"), Value("[]"), function="int8range", output_field=BigIntegerRangeField()
)
_AFTER = ExpressionWrapper(F("last_day") + 1, output_field=models.DateField())
_DAYS = Func(
    F("first_day"),
    Coalesce(F("back_on"), _AFTER),
    function="daterange",
    output_field=DateRangeField(),
)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def between(self, first: date, last: date) -> "AbsenceQuerySet":
        """Absences that cover at least one of these days."""
        lasting = Q(back_on=None) | (Q(back_on__gt=first) & Q(back_on__gt=F("first_day")))
        return self.filter(lasting, first_day__lte=last, last_day__gte=first)

    def of(self, user_id: int) -> "AbsenceQuerySet":
        """The person's own absences, the latest first."""
        return self.filter(user=user_id).select_related("substitute").order_by("-first_day", "-pk")


class Absence(models.Model):
    """Somebody is away from the first to the last day, both included, in days of the company.

    `back_on` is set with `ended_at`: the first day on which the person is there again, which is
    the first day itself when the absence never began. Days and substitute never change; an absence
    that turns out otherwise is ended, and another set.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.PROTECT,
        related_name="absences",
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("substitute"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="substitutions",
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    made_at = models.DateTimeField(_("entered"), editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, editable=False)
    back_on = models.DateField(_("back on"), null=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day", "-pk"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.CheckConstraint(
                name="absence_days_in_order", condition=Q(last_day__gte=F("first_day"))
            ),
            models.CheckConstraint(
                name="absence_substitute_is_another", condition=~Q(substitute=F("user"))
            ),
            models.CheckConstraint(
                name="absence_ended_with_a_day",
                condition=Q(ended_at=None, back_on=None)
                | Q(
                    ended_at__isnull=False,
                    back_on__isnull=False,
                    back_on__gte=F("first_day"),
                    back_on__lte=F("last_day"),
                ),
            ),
            ExclusionConstraint(
                name="absences_of_a_person_apart",
                expressions=[(_WHO, RangeOperators.OVERLAPS), (_DAYS, RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.first_day} – {self.last_day}"

    @property
    def last_away(self) -> date:
        """The last day on which the person is really away; before the first if it never began."""
        return self.last_day if self.back_on is None else self.back_on - _DAY

    def state_on(self, day: date) -> AbsenceState:
        """How the absence stands on that day of the company."""
        if self.back_on is not None:
            return AbsenceState.ENDED
        if day > self.last_day:
            return AbsenceState.OVER
        return AbsenceState.AWAY if day >= self.first_day else AbsenceState.PLANNED
