"""What a message of each kind says. Pure: checked, and put into the one form that is kept.

Figures are strings, so that the same message always compares equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from credit.money import CURRENCIES, is_amount
from orders.enums import EventKind, PaymentMethod, ScanKind
from orders.errors import OrderError
from orders.portions import THOUSANDTH
from staff.sentences import sentence as _

MOST_LINES, MOST_BEFORE = 1000, 50
_LARGEST = Decimal("999999999.999")


class InvalidEvent(OrderError):
    """The message itself is wrong, so that nothing of it is kept. `field` names the place."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(_("%(field)s: %(problem)s") % {"field": field, "problem": problem})
        self.field, self.problem = field, problem


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a message: how it is read, and whether it has to be there."""

    read: Callable[[str, Any], Any]
    required: bool = False


def cleaned(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a message in the form that is kept, without what is empty.

    Raises InvalidEvent for an unknown kind or field, for a missing one, and for an impossible
    value.
    """
    if kind not in FIELDS:
        raise InvalidEvent("kind", _("there is no such kind of event"))
    if not isinstance(payload, Mapping):
        raise InvalidEvent("payload", _("give an object with the fields of this kind"))
    fields = FIELDS[kind] if kind == EventKind.COUNTED else FIELDS[kind] | _AFTER
    for name in payload:
        if name not in fields:
            raise InvalidEvent(str(name)[:40], _("an event of this kind has no such field"))
    found = {}
    for name, field in fields.items():
        value = payload.get(name)
        if value not in (None, "", []):
            found[name] = field.read(name, value)
        elif field.required:
            raise InvalidEvent(name, _("this is missing"))
    return found


def text(most: int) -> Callable[[str, Any], str]:
    """Reads a text of at most so many characters."""

    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or len(value) > most or "\x00" in value:
            raise InvalidEvent(
                name, _("give a text of at most %(most)d characters") % {"most": most}
            )
        return value.strip()

    return read


def _choice(codes: list[str]) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if value not in codes:
            raise InvalidEvent(name, _("give one of: %(codes)s") % {"codes": ", ".join(codes)})
        return str(value)

    return read


def _decimal(name: str, value: Any) -> Decimal:
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        raise InvalidEvent(name, _("give the figure as text, such as 12.50"))
    try:
        found = Decimal(value)
    except InvalidOperation as error:
        raise InvalidEvent(name, _("give the figure as text, such as 12.50")) from error
    if not found.is_finite() or abs(found) > _LARGEST * 10**9:
        raise InvalidEvent(name, _("this is more than can be stored"))
    return found


def _plain(figure: Decimal) -> str:
    return f"{figure.normalize():f}"


def _amount(name: str, value: Any) -> str:
    amount = _decimal(name, value)
    if not is_amount(amount) or amount < 0:
        raise InvalidEvent(name, _("give an amount in whole cents, not below 0"))
    return _plain(amount)


def _pieces(name: str, value: Any) -> str:
    pieces = _decimal(name, value)
    if not 0 <= pieces <= _LARGEST or pieces != pieces.quantize(THOUSANDTH):
        raise InvalidEvent(name, _("give pieces with at most three decimals, not below 0"))
    return _plain(pieces)


def _line(name: str, line: Any, measure: str, *, by_position: bool) -> dict[str, Any]:
    keys = {"sku", measure} | ({"position"} if by_position else set())
    if not isinstance(line, Mapping) or set(line) - keys or line.get(measure) is None:
        raise InvalidEvent(name, _("each line has: %(keys)s") % {"keys": ", ".join(sorted(keys))})
    sku, position = line.get("sku"), line.get("position")
    if (sku is None) == (position is None):
        raise InvalidEvent(name, _("name each line by its SKU or its position"))
    if position is None:
        named: dict[str, Any] = {"sku": text(60)(name, sku)}
    elif isinstance(position, int) and not isinstance(position, bool) and 0 < position < 32768:
        named = {"position": position}
    else:
        raise InvalidEvent(name, _("a position is a number from 1"))
    return named | {measure: _pieces(name, line[measure])}


def _lines(measure: str, *, by_position: bool = True) -> Callable[[str, Any], list[Any]]:
    def read(name: str, value: Any) -> list[Any]:
        if not isinstance(value, list | tuple) or len(value) > MOST_LINES:
            raise InvalidEvent(
                name, _("give a list of at most %(most)d lines") % {"most": MOST_LINES}
            )
        return [_line(name, line, measure, by_position=by_position) for line in value]

    return read


def _numbers(name: str, value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > MOST_BEFORE:
        raise InvalidEvent(
            name, _("give a list of at most %(most)d numbers") % {"most": MOST_BEFORE}
        )
    numbers = {text(120)(name, number) for number in value}
    if "" in numbers:
        raise InvalidEvent(name, _("each number needs at least one character"))
    return sorted(numbers)


_QUANTITIES = _lines("quantity")
_CURRENCY = Field(_choice([code for code, _name in CURRENCIES]))
_MONEY = {
    "amount": Field(_amount, required=True),
    "currency": _CURRENCY,
    "method": Field(_choice(PaymentMethod.values)),
    "reference": Field(text(80)),
}
_KEPT = {"warehouse": Field(text(40), required=True), "lines": Field(_QUANTITIES)}

# Numbers of messages of the same sender about the same order that have to count before.
_AFTER = {"after": Field(_numbers)}

FIELDS: dict[str, dict[str, Field]] = {
    EventKind.PAYMENT: _MONEY,
    EventKind.REFUND: _MONEY | {"reason": Field(text(1000), required=True)},
    EventKind.ALLOCATED: _KEPT,
    EventKind.PICKED: _KEPT,
    EventKind.SHIPPED: {
        "warehouse": Field(text(40)),
        "lines": Field(_QUANTITIES),
        "carrier": Field(text(80)),
        "tracking_number": Field(text(80)),
    },
    EventKind.SCANNED: {
        "scan": Field(_choice(ScanKind.values), required=True),
        "tracking_number": Field(text(80)),
        "place": Field(text(120)),
        "note": Field(text(300)),
    },
    EventKind.DELIVERED: {},
    EventKind.RETURNED: {
        "lines": Field(_QUANTITIES, required=True),
        "reason": Field(text(1000), required=True),
        "warehouse": Field(text(40)),
    },
    EventKind.INVOICED: {
        "number": Field(text(60), required=True),
        "amount": Field(_amount),
        "currency": _CURRENCY,
    },
    EventKind.COUNTED: {
        "warehouse": Field(text(40), required=True),
        "lines": Field(_lines("on_hand", by_position=False), required=True),
    },
}
