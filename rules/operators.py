"""The four comparisons of ordered values, their contraries and their SQL."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Lookup
from django.db.models.lookups import (
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
)
from django.utils.translation import gettext as _

MORE_THAN = "more_than"
AT_LEAST = "at_least"
LESS_THAN = "less_than"
AT_MOST = "at_most"
ORDERED = (MORE_THAN, AT_LEAST, LESS_THAN, AT_MOST)

CONTRARY = {
    MORE_THAN: AT_MOST,
    AT_MOST: MORE_THAN,
    LESS_THAN: AT_LEAST,
    AT_LEAST: LESS_THAN,
}
LOOKUPS: dict[str, type[Lookup[Any]]] = {
    MORE_THAN: GreaterThan,
    AT_LEAST: GreaterThanOrEqual,
    LESS_THAN: LessThan,
    AT_MOST: LessThanOrEqual,
}


def comparison(operator: str, fact: str, value: str) -> str:
    """An ordered comparison as part of a sentence: "margin is less than 5 %"."""
    words = {"fact": fact, "value": value}
    if operator == MORE_THAN:
        return _("%(fact)s is more than %(value)s") % words
    if operator == AT_LEAST:
        return _("%(fact)s is at least %(value)s") % words
    if operator == LESS_THAN:
        return _("%(fact)s is less than %(value)s") % words
    return _("%(fact)s is at most %(value)s") % words


def in_a_row(values: list[str]) -> str:
    """Values side by side: "draft, submitted, approved"."""
    row = values[0]
    for value in values[1:]:
        # Translators: a list of values that grows to the right: "draft, submitted".
        row = _("%(row)s, %(value)s") % {"row": row, "value": value}
    return row


def one_of(values: list[str]) -> str:
    """Alternatives in a row: "draft, submitted or approved"."""
    row = in_a_row(values[:-1] or values)
    if len(values) > 1:
        row = _("%(row)s or %(value)s") % {"row": row, "value": values[-1]}
    return row


def refuse(message: str, **params: Any) -> ValidationError:
    """The error for a value that does not fit its fact, with the message's placeholders filled."""
    return ValidationError(message, code="invalid", params=params)
