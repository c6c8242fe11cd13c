"""Figures as they are read in sentences."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format

Figures = dict[str, Any]


def amounts(figures: Figures, *names: str) -> dict[str, str]:
    """The named figures as they are read, leaving out those the check does not have."""
    return {
        name: number_format(Decimal(figures[name]), 2, force_grouping=True)
        for name in names
        if figures.get(name) is not None
    }


def day(text: str) -> str:
    """A recorded day as it is read."""
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
