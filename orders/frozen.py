"""The inputs that a decision kept, as a table that people can read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L

_PARTS: dict[str, str | Promise] = {
    "order": L("Order"),
    "account": L("Credit account"),
    "customer": L("Customer"),
    "segment": L("Segment"),
    "groups": L("Groups"),
    "overdue": L("Overdue receivables"),
    "oldest": L("Oldest open item"),
    "promises": L("Broken promises"),
    "rates": L("Exchange rates"),
    "rules": L("Gate rules"),
}
_NAMES: dict[str, str | Promise] = {
    "amount": L("amount"),
    "count": L("invoices"),
    "currency": L("currency"),
    "days": L("days"),
    "delivered": L("delivered, not invoiced"),
    "disputed": L("disputed"),
    "due_on": L("due on"),
    "first": L("first order of the customer"),
    "from": L("from"),
    "held": L("used by this order already"),
    "invoices": L("invoices named"),
    "kind": L("kind"),
    "limits": L("limits"),
    "members": L("used by members"),
    "name": L("name"),
    "need": L("needed of the limit"),
    "number": L("number"),
    "outcome": L("answer"),
    "paid": L("paid in advance"),
    "payment_days": L("payment terms in days"),
    "percent": L("covered %"),
    "receivable": L("receivable"),
    "reserved": L("reserved"),
    "review_on": L("credit review due"),
    "risk_class": L("risk class"),
    "segment": L("segment"),
    "status": L("status"),
    "status_reason": L("reason for the status"),
    "total": L("total with tax"),
    "type": L("type"),
    "until": L("until"),
    "used": L("used"),
}
# Numbers of rows in tables say nothing to a reader.
_HIDDEN = {"id"}


@dataclass(frozen=True, slots=True)
class Part:
    """Facts that belong together, each with its name; inner names follow outer ones."""

    label: str
    rows: list[tuple[str, str]]


def parts(facts: Mapping[str, Any]) -> list[Part]:
    """Every recorded fact in words; nothing is left out but the numbers of rows."""
    made = []
    for name, label in _PARTS.items():
        value = facts.get(name)
        inner = value if isinstance(value, dict | list) else {"count": value}
        rows = list(_rows("", inner))
        if rows:
            made.append(Part(str(label), rows))
    return made


def _rows(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in _HIDDEN:
                yield from _rows(_joined(path, str(_NAMES.get(name, name))), inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value, start=1):
            yield from _rows(_joined(path, str(place)), inner)
    else:
        yield path, _shown(value)


def _joined(path: str, name: str) -> str:
    return f"{path} · {name}" if path else name


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return number_format(value)
    return _text(str(value))


def _text(value: str) -> str:
    try:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    except ValueError:
        pass
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if "." not in value or not amount.is_finite():
        return value
    decimals = -int(amount.as_tuple().exponent)
    return number_format(amount, decimals, force_grouping=True)
