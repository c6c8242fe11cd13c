"""What changed between two versions of an order, in sentences. Pure.

Versions are as `orders.versions.content_of` describes them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.figures import money, terms
from staff.listing import listed

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Pair:
    """One thing before and after; empty where it was not there or is there no more."""

    label: str
    before: str
    after: str


_TEXTS: dict[str, str | Promise] = {
    "ship_to_name": gettext_lazy("Recipient"),
    "ship_to_phone": gettext_lazy("Phone"),
    "ship_to_address": gettext_lazy("Ship-to address"),
    "note": gettext_lazy("Note"),
}
_FIGURES: dict[str, str | Promise] = {
    "quantity": gettext_lazy("quantity from %(before)s to %(after)s"),
    "price": gettext_lazy("price from %(before)s to %(after)s"),
    "discount_percent": gettext_lazy("discount from %(before)s %% to %(after)s %%"),
    "tax_percent": gettext_lazy("tax from %(before)s %% to %(after)s %%"),
}


def differences(before: Content, after: Content) -> list[str]:
    """Every difference as a sentence: the total first, then lines, terms and delivery."""
    return [*_total(before, after), *_lines(before, after), *_header(before, after)]


def side_by_side(before: Content, after: Content) -> list[Pair]:
    """Everything that differs, before and after: the lines, then the rest, then the total."""
    pairs = [*_line_pairs(before, after), *_header_pairs(before, after)]
    changed = [pair for pair in pairs if pair.before != pair.after]
    totals = [f"{money(Decimal(one['total']))} {one['currency']}" for one in (before, after)]
    return [*changed, Pair(_("Total"), *totals)] if changed else []


def _line_pairs(before: Content, after: Content) -> list[Pair]:
    old, new = _by_product(before["lines"]), _by_product(after["lines"])
    return [
        Pair(_named(was or now), _terms(was), _terms(now))
        for sku in dict.fromkeys([*old, *new])
        for was, now in zip_longest(old[sku], new[sku])
    ]


def _named(line: Content) -> str:
    return f"{line['sku']} {line['name']}"


def _terms(line: Content | None) -> str:
    """What a line says apart from its product."""
    if line is None:
        return ""
    said = f"{_figure(line['quantity'])} × {money(Decimal(line['price']))}"
    if Decimal(line["discount_percent"]):
        said += f" −{_figure(line['discount_percent'])} %"
    tax = _("tax %(percent)s %%") % {"percent": _figure(line["tax_percent"])}
    return f"{said}, {tax}"


def _header_pairs(before: Content, after: Content) -> list[Pair]:
    days = [terms(one["payment_days"]) for one in (before, after)]
    return [
        Pair(_("Payment terms"), *days),
        Pair(_("Promised for"), _day(before), _day(after)),
        *(Pair(str(label), before[name], after[name]) for name, label in _TEXTS.items()),
    ]


def _total(before: Content, after: Content) -> list[str]:
    was, now = Decimal(before["total"]), Decimal(after["total"])
    if was == now:
        return []
    values = {
        "before": money(was),
        "after": money(now),
        "by": money(abs(now - was)),
        "currency": after["currency"],
    }
    if now > was:
        return [_("Total from %(before)s to %(after)s %(currency)s, %(by)s more.") % values]
    return [_("Total from %(before)s to %(after)s %(currency)s, %(by)s less.") % values]


def _lines(before: Content, after: Content) -> list[str]:
    """Lines of the same product are the same line, first with first."""
    old, new = _by_product(before["lines"]), _by_product(after["lines"])
    told: list[str] = []
    for sku in dict.fromkeys([*old, *new]):
        were, are = old[sku], new[sku]
        changes = (_changed(a, b) for a, b in zip(were, are, strict=False))
        told += [change for change in changes if change]
        told += [_("Removed: %(line)s.") % {"line": _line(line)} for line in were[len(are) :]]
        told += [_("Added: %(line)s.") % {"line": _line(line)} for line in are[len(were) :]]
    return told


def _by_product(lines: Sequence[Content]) -> defaultdict[str, list[Content]]:
    found: defaultdict[str, list[Content]] = defaultdict(list)
    for line in lines:
        found[line["sku"]].append(line)
    return found


def _line(line: Content) -> str:
    return _("%(quantity)s × %(sku)s %(name)s at %(price)s") % {
        "quantity": _figure(line["quantity"]),
        "sku": line["sku"],
        "name": line["name"],
        "price": money(Decimal(line["price"])),
    }


def _changed(before: Content, after: Content) -> str:
    parts = [
        str(text) % {"before": _shown(name, before[name]), "after": _shown(name, after[name])}
        for name, text in _FIGURES.items()
        if Decimal(before[name]) != Decimal(after[name])
    ]
    if not parts:
        return ""
    named = {"sku": after["sku"], "name": after["name"], "changes": listed(parts)}
    return _("%(sku)s %(name)s: %(changes)s.") % named


def _header(before: Content, after: Content) -> list[str]:
    told = []
    if before["payment_days"] != after["payment_days"]:
        told.append(
            _("Payment terms from %(before)s to %(after)s.")
            % {"before": terms(before["payment_days"]), "after": terms(after["payment_days"])}
        )
    if before["promised_at"] != after["promised_at"]:
        told.append(_text(_("Promised for"), _day(before), _day(after)))
    for name, label in _TEXTS.items():
        if before[name] != after[name]:
            told.append(_text(str(label), before[name], after[name]))
    return told


def _text(field: str, before: str, after: str) -> str:
    values = {"field": field, "before": before, "after": after}
    if not before:
        return _("%(field)s: “%(after)s”, was empty.") % values
    if not after:
        return _("%(field)s: emptied, was “%(before)s”.") % values
    return _("%(field)s: “%(after)s”, was “%(before)s”.") % values


def _day(content: Content) -> str:
    if not content["promised_at"]:
        return ""
    moment = timezone.localtime(datetime.fromisoformat(content["promised_at"]))
    return date_format(moment, "DATE_FORMAT")


def _shown(name: str, value: str) -> str:
    return money(Decimal(value)) if name == "price" else _figure(value)


def _figure(value: str) -> str:
    return number_format(format(Decimal(value).normalize(), "f"), force_grouping=True)
