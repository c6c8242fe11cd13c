"""What the buttons of the order form do that save nothing: lines added, moved, removed, pasted, an
address taken from the book. Every one of them works without a script.
"""

from typing import Any

from credit.models import Customer
from orders.forms.addresses import chosen
from orders.forms.entry import AmendHeaderForm
from orders.forms.lines import MOST_LINES, SPARE, numbered, typed_lines
from orders.pasting import take


def reshaped(data: Any, customer: Customer) -> dict[str, Any] | None:
    """What was posted, changed as its button asks; None if the button saves the form."""
    wish, _, number = data.get("do", "draft").partition("-")
    if wish not in _WISHES:
        return None
    fields = {name: data.get(name, "") for name in AmendHeaderForm.base_fields}
    rows = typed_lines(data)
    if wish == "address":
        fields |= chosen(customer, data.get("address", ""))
    elif wish == "paste":
        rows, fields["pasted"] = _pasted(rows, data.get("pasted", ""))
    elif number.isdecimal():
        _WISHES[wish](rows, int(number))
    return fields | numbered([row for row in rows if any(row.values())], SPARE)


def _remove(rows: list[dict[str, str]], place: int) -> None:
    del rows[place : place + 1]


def _up(rows: list[dict[str, str]], place: int) -> None:
    if 0 < place < len(rows):
        rows[place - 1], rows[place] = rows[place], rows[place - 1]


def _nothing(rows: list[dict[str, str]], place: int) -> None:
    """More lines come with the empty ones below."""


_WISHES = {
    "more": _nothing,
    "address": _nothing,
    "paste": _nothing,
    "remove": _remove,
    "up": _up,
}


def _pasted(rows: list[dict[str, str]], text: str) -> tuple[list[dict[str, str]], str]:
    """The lines with those of the text below, and the text that found no room."""
    kept = [row for row in rows if any(row.values())]
    taken = take(text, MOST_LINES - len(kept))
    return [*kept, *taken.rows], taken.left
