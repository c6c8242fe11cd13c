"""Figures as they are read in sentences."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import ngettext

from staff.figures import money

Figures = dict[str, Any]


def amounts(figures: Figures, *names: str) -> dict[str, str]:
    """The named figures as they are read, leaving out those the check does not have."""
    return {name: money(Decimal(figures[name])) for name in names if figures.get(name) is not None}


def days(count: int) -> str:
    """A number of days as it is read."""
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def day(text: str) -> str:
    """A recorded day as it is read."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
