"""Hours of a day written as text: quicker than any number of boxes, and pasted at will."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import locks
from staff.hours.intervals import HoursError, Interval, parse, written
from staff.hours.lifecycle import SpecialDayInput, check_special_day
from staff.hours.loading import Week
from staff.hours.models import SpecialDay

EXAMPLE = "9:00–12:00, 13:00–18:00"


class IntervalsField(forms.CharField):
    """Intervals such as 9:00–12:00, 13:00–18:00; the value is a tuple of `Interval`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)
        self.widget.attrs |= {"class": "vTextField", "autocomplete": "off", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, tuple | list) else value

    def clean(self, value: Any) -> tuple[Interval, ...]:
        """Raises ValidationError for what cannot be read or overlaps."""
        if isinstance(value, tuple):
            return value  # a field that is only shown
        try:
            return parse(super().clean(value))
        except HoursError as error:
            raise ValidationError(str(error)) from error


class WeekForm(forms.Form):
    """The hours of the seven weekdays."""

    def __init__(self, data: Any, *, week: Week, editable: bool) -> None:
        super().__init__(data)
        for day, name in WEEKDAYS.items():
            self.fields[f"day_{day}"] = IntervalsField(
                label=name, initial=week[day], disabled=not editable
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(self.week.values()):
            raise ValidationError(_("The week has no business hours. Give at least one day some."))
        return cleaned

    @property
    def week(self) -> Week:
        """The hours by weekday."""
        return {day: self.cleaned_data[f"day_{day}"] for day in WEEKDAYS}


class SpecialDayForm(forms.ModelForm[SpecialDay]):
    """A holiday, or a day with hours of its own."""

    hours = IntervalsField(
        label=gettext_lazy("Hours"),
        help_text=gettext_lazy(
            "For a workday: its hours, such as 9:00–12:00, 13:00–18:00. A holiday has none."
        ),
    )

    class Meta:
        model = SpecialDay
        fields = ["day", "kind", "name_en", "name_zh_hans", "name_zh_hant"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["hours"] = self.instance.hours

    def entered(self) -> SpecialDayInput:
        """The day as the lifecycle takes it."""
        values = {name: self.cleaned_data[name] for name in SpecialDayForm.Meta.fields}
        return SpecialDayInput(**values, intervals=self.cleaned_data["hours"])

    def validate_unique(self) -> None:
        """Nothing: the lifecycle says in its words that a day is taken."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            # The page is one transaction: what holds now holds when it is saved.
            locks.take_turn(locks.HOURS)
            try:
                check_special_day(pk=self.instance.pk, entered=self.entered())
            except HoursError as error:
                raise ValidationError(str(error)) from error
        return cleaned
