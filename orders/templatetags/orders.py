from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django import template

from orders.reasons import CheckLine

register = template.Library()


@register.filter
def day(text: str) -> date:
    """A day as a decision keeps it, as ISO text, for Django's date filter."""
    return date.fromisoformat(text)


@register.filter
def figure(text: str | None) -> Decimal | None:
    """An amount as a decision keeps it, as text, for the money tag."""
    return None if text in (None, "") else Decimal(str(text))


@register.filter
def any_notable(checks: Iterable[CheckLine]) -> bool:
    """Whether a check found something that everybody should read."""
    return any(line.notable for line in checks)
