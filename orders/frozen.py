"""The inputs that a decision kept, as a table that people can read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import CustomerStatus, LimitKind, LimitType
from orders.enums import FlagKind
from orders.facts import can_read
from staff.figures import figure
from staff.models import User

_PARTS: dict[str, str | Promise] = {
    "order": gettext_lazy("Order"),
    "account": gettext_lazy("Credit account"),
    "customer": gettext_lazy("Customer"),
    "segment": gettext_lazy("Segment"),
    "groups": gettext_lazy("Groups"),
    "overdue": gettext_lazy("Overdue receivables"),
    "oldest": gettext_lazy("Oldest open item"),
    "promises": gettext_lazy("Broken promises"),
    "rates": gettext_lazy("Exchange rates"),
    "rules": gettext_lazy("Gate rules"),
}
_NAMES: dict[str, str | Promise] = {
    "amount": gettext_lazy("amount"),
    "code": gettext_lazy("code"),
    "count": gettext_lazy("invoices"),
    "currency": gettext_lazy("currency"),
    "days": gettext_lazy("days"),
    "delivered": gettext_lazy("delivered, not invoiced"),
    "disputed": gettext_lazy("disputed"),
    "due_on": gettext_lazy("due on"),
    "first": gettext_lazy("first order of the customer"),
    "from": gettext_lazy("from"),
    "held": gettext_lazy("used by this order already"),
    "invoices": gettext_lazy("invoices named"),
    "kind": gettext_lazy("kind"),
    "limits": gettext_lazy("limits"),
    "members": gettext_lazy("used by members"),
    "name": gettext_lazy("name"),
    "need": gettext_lazy("needed of the limit"),
    "number": gettext_lazy("number"),
    "outcome": gettext_lazy("answer"),
    "paid": gettext_lazy("paid in advance"),
    "payment_days": gettext_lazy("payment terms in days"),
    "percent": gettext_lazy("covered %"),
    "receivable": gettext_lazy("receivable"),
    "reserved": gettext_lazy("reserved"),
    "review_on": gettext_lazy("credit review due"),
    "risk_class": gettext_lazy("risk class"),
    "segment": gettext_lazy("segment"),
    "status": gettext_lazy("status"),
    "status_reason": gettext_lazy("reason for the status"),
    "total": gettext_lazy("total with tax"),
    "type": gettext_lazy("type"),
    "until": gettext_lazy("until"),
    "used": gettext_lazy("used"),
}
# Values that are codes, by the name of the fact.
_CODES: dict[str, dict[str, str | Promise]] = {
    "kind": dict([*LimitKind.choices, *FlagKind.choices]),
    "type": dict(LimitType.choices),
    "status": dict(CustomerStatus.choices),
}
# Numbers of rows in tables say nothing to a reader.
_HIDDEN = {"id"}


@dataclass(frozen=True, slots=True)
class Part:
    """Facts that belong together, each with its name; inner names follow outer ones."""

    label: str
    rows: list[tuple[str, str]]


def parts(facts: Mapping[str, Any], user: User) -> list[Part]:
    """Every recorded fact in words; left out are numbers of rows and what `user` may not read."""
    rules = {code: _readable(asked, user) for code, asked in facts.get("rules", {}).items()}
    made = []
    for name, label in _PARTS.items():
        value = rules if name == "rules" else facts.get(name)
        inner = value if isinstance(value, dict | list) else {"count": value}
        rows = list(_rows("", inner))
        if rows:
            made.append(Part(str(label), rows))
    return made


def _readable(asked: Mapping[str, Any], user: User) -> dict[str, Any]:
    return {**asked, "seen": [row for row in asked["seen"] if can_read(user, row["fact"])]}


def _rows(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in _HIDDEN:
                words = _CODES.get(name, {}).get(inner, inner) if isinstance(inner, str) else inner
                yield from _rows(_joined(path, str(_NAMES.get(name, name))), words)
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
    if isinstance(value, Promise):
        return str(value)
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
    return figure(amount, decimals)
