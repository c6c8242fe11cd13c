"""When the company works: the week, and the days that differ from it."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from staff.api.fields import DayField
from staff.api.problems import answer_to, declare
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.hours import lifecycle
from staff.hours.enums import SpecialKind
from staff.hours.intervals import HoursError, Interval
from staff.hours.lifecycle import SpecialDayInput
from staff.hours.loading import weekly
from staff.hours.models import SpecialDay
from staff.hours.policies import CHANGE as MAY_CHANGE

HOURS = declare(
    "hours_refused",
    422,
    gettext_lazy("The business hours cannot be like this"),
    gettext_lazy("The detail says what is wrong and what to do."),
)
answer_to(HoursError, HOURS)

CHANGE = (MAY_CHANGE,)
MOST = 24
_NINE_TO_SIX = [{"begins": "09:00", "ends": "12:00"}, {"begins": "13:00", "ends": "18:00"}]


class ClockField(serializers.RegexField):
    """Minutes after midnight, written as 09:00; 24:00 is the end of the day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The minutes. Raises ValidationError for anything else."""
        hours, _colon, minutes = super().run_validation(data).partition(":")
        return int(hours) * 60 + int(minutes)

    def to_representation(self, value: Any) -> str:
        return f"{value // 60:02d}:{value % 60:02d}"


class IntervalSerializer(serializers.Serializer):
    """A stretch of work on the clock on the wall, in the company's time zone."""

    begins = ClockField()
    ends = ClockField()


class WeekdaySerializer(serializers.Serializer):
    """The hours of a weekday, 0 is Monday; none where it is closed."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    hours = serializers.ListField(child=IntervalSerializer(), max_length=MOST)


@extend_schema_serializer(many=False)
class WeekSerializer(serializers.Serializer):
    """The week of the company, in its time zone."""

    time_zone = serializers.CharField()
    week = WeekdaySerializer(many=True)


class WeekIn(serializers.Serializer):
    """The hours of the weekdays; a day that is left out is closed."""

    week = serializers.ListField(child=WeekdaySerializer(), max_length=7)

    def validate_week(self, days: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuses a weekday that is named twice."""
        if len({one["weekday"] for one in days}) < len(days):
            raise ValidationError(_("Name each weekday once."))
        return days


class SpecialDaySerializer(serializers.ModelSerializer):
    """A holiday, or a day with hours of its own."""

    name = serializers.CharField()
    hours = serializers.ListField(child=IntervalSerializer())

    class Meta:
        model = SpecialDay
        fields = ("id", "day", "kind", "name", "name_en", "name_zh_hans", "name_zh_hant", "hours")


class SpecialDayIn(serializers.Serializer):
    """A holiday, which has no hours, or a workday, which has some."""

    day = DayField()
    kind = serializers.ChoiceField(SpecialKind.choices, default=SpecialKind.HOLIDAY.value)
    name_en = serializers.CharField(max_length=120)
    name_zh_hans = serializers.CharField(max_length=120, allow_blank=True, default="")
    name_zh_hant = serializers.CharField(max_length=120, allow_blank=True, default="")
    hours = serializers.ListField(child=IntervalSerializer(), max_length=MOST, default=list)


class SpecialDayFilter(forms.Form):
    """Which days are wanted."""

    year = forms.IntegerField(
        label=gettext_lazy("year"), required=False, min_value=1990, max_value=2200
    )


class HoursViewSet(ApiViewSet):
    """The week."""

    tag = "business-hours"
    access = {"list": ("staff.view_workinterval",), "set_week": CHANGE}

    @described("The business hours of the week", gives=WeekSerializer)
    def list(self, request: Request) -> Response:
        return self._told()

    @described(
        "Set the business hours of the week; deadlines that were given stay",
        takes=WeekIn,
        gives=WeekSerializer,
        example={"week": [{"weekday": day, "hours": _NINE_TO_SIX} for day in range(5)]},
    )
    @action(detail=False, methods=["put"], url_path="week")
    def set_week(self, request: Request) -> Response:
        given = self.given(WeekIn)["week"]
        week = {one["weekday"]: _intervals(one["hours"]) for one in given}
        lifecycle.set_week(week=week, by=self.user, at=self.at)
        return self._told()

    def _told(self) -> Response:
        week = [{"weekday": day, "hours": hours} for day, hours in sorted(weekly().items())]
        told = {"time_zone": timezone.get_default_timezone_name(), "week": week}
        return Response(self.shown(WeekSerializer, told))


class SpecialDayViewSet(ApiViewSet):
    """Days that differ from the week."""

    tag = "business-hours"
    SEE = ("staff.view_specialday",)
    access = {"list": SEE, "retrieve": SEE, "create": CHANGE, "update": CHANGE, "remove": CHANGE}

    @described(
        "Holidays and special days, the latest first",
        gives=pages(SpecialDaySerializer),
        filters=SpecialDayFilter,
    )
    def list(self, request: Request) -> Response:
        year = filtered(SpecialDayFilter(request.GET))["year"]
        found = self._days()
        if year:
            found = found.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))
        return self.listed(found, SpecialDaySerializer, ("-day",))

    @described("One special day", gives=SpecialDaySerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Add a holiday, or a workday with its own hours",
        takes=SpecialDayIn,
        gives=SpecialDaySerializer,
        status=201,
        example={"day": "2026-10-01", "name_en": "National Day", "name_zh_hans": "国庆节"},
    )
    def create(self, request: Request) -> Response:
        return self._set(None, 201)

    @described("Change a special day", takes=SpecialDayIn, gives=SpecialDaySerializer)
    def update(self, request: Request, pk: int) -> Response:
        return self._set(pk)

    @described("Make a special day an ordinary one again", gives=SpecialDaySerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        told = self._told(pk)
        lifecycle.remove_special_day(pk=pk, by=self.user, at=self.at)
        return told

    def _days(self) -> Any:
        return SpecialDay.objects.prefetch_related("intervals")

    def _set(self, pk: int | None, status: int = 200) -> Response:
        given = self.given(SpecialDayIn)
        entered = SpecialDayInput(intervals=_intervals(given.pop("hours")), **given)
        made = lifecycle.set_special_day(pk=pk, entered=entered, by=self.user, at=self.at)
        return self._told(made.pk, status)

    def _told(self, pk: int, status: int = 200) -> Response:
        return Response(self.shown(SpecialDaySerializer, self._days().get(pk=pk)), status)


def _intervals(hours: list[dict[str, int]]) -> tuple[Interval, ...]:
    return tuple(Interval(one["begins"], one["ends"]) for one in hours)
