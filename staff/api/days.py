"""Days that callers send."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

_EARLIEST, _LATEST = date(1990, 1, 1), date(2200, 12, 31)


class DayField(serializers.DateField):
    """A day that can be meant, written as 2026-03-02."""

    def to_internal_value(self, value: Any) -> Any:
        """The day. Raises ValidationError for one that nobody means."""
        found = super().to_internal_value(value)
        if not _EARLIEST <= found <= _LATEST:
            raise ValidationError(_("This is not a likely day. Check the year."))
        return found
