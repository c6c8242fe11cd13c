"""What callers send of days, people and things with a code."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.fields import empty

from staff.models import User

ID: dict[str, Any] = {"min_value": 1, "max_value": 2**62}
_EARLIEST, _LATEST = date(1990, 1, 1), date(2200, 12, 31)


class DayField(serializers.DateField):
    """A day that can be meant, written as 2026-03-02."""

    def to_internal_value(self, value: Any) -> Any:
        """The day. Raises ValidationError for one that nobody means."""
        found = super().to_internal_value(value)
        if not _EARLIEST <= found <= _LATEST:
            raise ValidationError(_("This is not a likely day. Check the year."))
        return found


class CodeField(serializers.CharField):
    """One of some things by its code, understood as the thing; blank, if allowed, as None."""

    def __init__(self, things: Callable[[], QuerySet[Any]], **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.things = things

    def run_validation(self, data: Any = empty) -> Any:
        """The thing. Raises ValidationError for a code that none has."""
        code = super().run_validation(data)
        if not code:
            return None
        found = self.things().filter(code=code).first()
        if found is None:
            raise ValidationError(_("There is nothing with this code."))
        return found


class PersonField(serializers.IntegerField):
    """Somebody who works here by their id, understood as the person; null, if allowed, as None."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**ID, **options)

    def run_validation(self, data: Any = empty) -> Any:
        """The person. Raises ValidationError for somebody who is not here."""
        pk = super().run_validation(data)
        if pk is None:
            return None
        found = User.objects.filter(pk=pk, is_active=True).first()
        if found is None:
            raise ValidationError(_("Nobody who works here has this id."))
        return found
