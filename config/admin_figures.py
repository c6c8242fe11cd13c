"""Decimals in Django's admin, written as on every other page: 1,234.50 and not 1234.50.

Django writes them without thousands separators, in one function that lists and forms share, and
offers no place to change that but a display function for every column of every list.
"""

from decimal import Decimal
from typing import Any

from django.contrib.admin import helpers, utils
from django.contrib.admin.templatetags import admin_list
from django.db.models import DecimalField, Field
from django.utils.formats import get_format

from staff import figures

_MONEY = 2  # decimals that are always written


def written(value: Decimal, decimals: int) -> str:
    """`value` for the reader; of more than two decimals only those that say something."""
    text = figures.figure(value, decimals)
    if decimals <= _MONEY:
        return text
    whole, mark, rest = text.partition(get_format("DECIMAL_SEPARATOR"))
    return whole + mark + rest.rstrip("0").ljust(_MONEY, "0")


def _display_for_field(
    value: Any, field: Field[Any, Any], empty_value_display: str, avoid_link: bool = False
) -> Any:
    if isinstance(field, DecimalField) and value is not None and not field.choices:
        return written(value, field.decimal_places)
    return utils.display_for_field(value, field, empty_value_display, avoid_link)


def install() -> None:
    """Have the lists and the forms of the admin ask here first."""
    helpers.display_for_field = _display_for_field  # type: ignore[attr-defined]
    admin_list.display_for_field = _display_for_field  # type: ignore[attr-defined]
