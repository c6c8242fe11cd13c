"""The week of the company and the days that differ from it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from staff.hours.enums import SpecialKind
from staff.hours.intervals import DAY, Interval
from staff.names import Named


def _no_overlap(name: str, owner: str) -> ExclusionConstraint:
    """Intervals of one owner do not overlap. One range holds both, so no extension is needed."""
    place = F(owner) * DAY
    span = Func(
        place + F("begins"),
        place + F("ends"),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )
    return ExclusionConstraint(
        name=name,
        expressions=[(span, RangeOperators.OVERLAPS)],
        condition=Q(**{f"{owner}__isnull": False}),
    )


class SpecialDay(Named):
    """A holiday, or a day on which the company works at other hours than on that weekday."""

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=SpecialKind.choices, default=SpecialKind.HOLIDAY
    )

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("holidays and special days")
        ordering = ["-day"]
        default_permissions = ("view",)

    @property
    def hours(self) -> tuple[Interval, ...]:
        """The day's own hours; none on a holiday. Reads `intervals`: prefetch them for many."""
        return tuple(sorted(each.interval for each in self.intervals.all()))


class WorkInterval(models.Model):
    """A stretch of work, of a weekday or of a special day, in minutes after midnight."""

    weekday = models.PositiveSmallIntegerField(
        _("weekday"), null=True, blank=True, choices=list(WEEKDAYS.items())
    )
    special_day = models.ForeignKey(
        SpecialDay,
        verbose_name=_("special day"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="intervals",
    )
    begins = models.PositiveSmallIntegerField(_("begins"))
    ends = models.PositiveSmallIntegerField(_("ends"))

    class Meta:
        verbose_name = _("business hours")
        verbose_name_plural = _("business hours")
        ordering = ["weekday", "special_day", "begins"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                name="hours_of_a_weekday_or_a_special_day",
                # A check that comes out as unknown passes: say what must not be empty.
                condition=Q(weekday__isnull=False, weekday__range=(0, 6), special_day=None)
                | Q(weekday=None, special_day__isnull=False),
            ),
            models.CheckConstraint(
                name="hours_within_a_day",
                condition=Q(begins__gte=0, begins__lt=F("ends"), ends__lte=DAY),
            ),
            _no_overlap("hours_of_a_weekday_apart", "weekday"),
            _no_overlap("hours_of_a_special_day_apart", "special_day"),
        ]

    def __str__(self) -> str:
        return str(self.interval)

    @property
    def interval(self) -> Interval:
        """The stretch itself."""
        return Interval(self.begins, self.ends)
