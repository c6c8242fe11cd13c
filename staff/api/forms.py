"""What an administrator fills in for a key, and what the log of calls is narrowed to."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from staff.api.models import ApiCall
from staff.api.scopes import Scope

_ALL = ("", gettext_lazy("All"))


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Which system calls with it, such as Web shop or WMS Shanghai."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "No more than the system needs. No key ever approves, releases a hold or sets a limit."
        ),
        error_messages={"required": gettext_lazy("Choose at least one thing that the key may do.")},
    )
    last_day = forms.DateField(
        label=gettext_lazy("Good until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        help_text=gettext_lazy("The last day on which it works. Empty: until it is revoked."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day and day < self.today:
            raise ValidationError(_("This day is over. Choose one to come."))
        return day

    @property
    def expires_at(self) -> datetime | None:
        """The first moment after the last day, where the reader is."""
        day = self.cleaned_data["last_day"]
        return day and timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class CallFilter(forms.Form):
    """Filters of the log of calls."""

    q = forms.CharField(label=gettext_lazy("Address begins with"), required=False, max_length=200)
    method = forms.ChoiceField(
        label=pgettext_lazy("of a call", "Method"),
        required=False,
        choices=[_ALL, *((name, name) for name in ("GET", "POST", "PUT"))],
    )
    answer = forms.ChoiceField(
        label=pgettext_lazy("to a call", "Answer"),
        required=False,
        choices=[
            _ALL,
            ("2", gettext_lazy("Done (2xx)")),
            ("4", gettext_lazy("Refused (4xx)")),
            ("5", gettext_lazy("Our mistake (5xx)")),
        ],
    )

    def narrow(self, calls: models.QuerySet[ApiCall]) -> models.QuerySet[ApiCall]:
        """The calls that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return calls.none()
        chosen = self.cleaned_data
        if chosen["q"]:
            calls = calls.filter(path__startswith=chosen["q"])
        if chosen["method"]:
            calls = calls.filter(method=chosen["method"])
        if chosen["answer"]:
            first = int(chosen["answer"]) * 100
            calls = calls.filter(status__gte=first, status__lt=first + 100)
        return calls
