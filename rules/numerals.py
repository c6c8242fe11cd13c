"""Numbers in conditions: read strictly from JSON, written for people."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from rules.operators import refuse
from staff.figures import figure

_NUMERAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def read(value: Any, *, minimum: Decimal | int, maximum: Decimal | int, decimals: int) -> Decimal:
    """The number in a JSON string or integer; floats are refused because they are not exact.

    Raises ValidationError for anything else, and outside the bounds.
    """
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
    if isinstance(text, int) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str) or not _NUMERAL.fullmatch(text):
        raise refuse(_("Enter a number, such as 24 or 4.5."))
    number = plain(Decimal(text))
    if -int(number.as_tuple().exponent) > decimals:
        raise refuse(
            _("Enter a number with at most %(decimals)s decimal places."), decimals=decimals
        )
    if not minimum <= number <= maximum:
        raise refuse(
            _("Enter a number from %(minimum)s to %(maximum)s."),
            minimum=write(minimum),
            maximum=write(maximum),
        )
    return number


def plain(number: Decimal) -> Decimal:
    """The same number without needless zeros and without an exponent."""
    return Decimal(f"{number.normalize():f}") + Decimal(0)


def write(number: Decimal | int, decimals: int | None = None) -> str:
    """The number in the reader's language, with thousands separators."""
    if decimals is None and isinstance(number, Decimal):
        number = plain(number)
    return figure(number, decimals)
