"""Figures as they are read: written the same way on every page and in every sentence."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUS = "−"


def figure(value: Decimal | int, decimals: int | None = None) -> str:
    """`value` in the reader's language, with thousands separators and a true minus sign.

    A hyphen would break lines after it and stand lower and shorter than the plus.
    """
    text = number_format(value, decimals, use_l10n=True, force_grouping=True)
    return text.replace("-", MINUS)


def money(value: Decimal) -> str:
    """An amount of money with its two decimals, without its currency: '−1,234.50'."""
    return figure(value, 2)


def pieces(value: Decimal) -> str:
    """A quantity without needless zeros: '1,234.5'."""
    return figure(value.normalize() + 0)


def terms(days: int) -> str:
    """Payment terms of so many days: '30 days', and in words where there are none."""
    if days == 0:
        return _("due at once")
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
