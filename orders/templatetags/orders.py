from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def figure(text: str | None) -> Decimal | None:
    """An amount as a decision keeps it, as text, for the money tag."""
    return None if text in (None, "") else Decimal(str(text))
