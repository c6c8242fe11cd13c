"""Orders, holds and misjudgments as files for a spreadsheet, row by row, however long they are."""

import csv
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.enums import HoldReason, HoldSource, OrderState
from orders.querysets import HoldQuerySet, MisjudgmentQuerySet, OrderQuerySet
from staff.sheets import safe

# Lets Excel see that the file is UTF-8.
_MARK = "\ufeff"
_COLUMNS = (
    "number", "state", "customer__code", "customer__name", "owner__full_name", "currency",
    "net", "tax", "total", "reduction", "invoiced_amount", "paid_amount",
    "external_id", "ship_to_name", "ship_to_address",
    "created_at", "submitted_at", "approved_at", "paid_at", "shipped_at", "delivered_at",
)  # fmt: skip
_MOMENTS = _COLUMNS.index("created_at")


class _Echo:
    """Gives each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def rows_as_csv(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The lines of a CSV file that spreadsheets read as UTF-8, safe against formulas."""
    writer = csv.writer(_Echo())
    yield _MARK + writer.writerow(safe(heading) for heading in headings)
    for row in rows:
        yield writer.writerow([safe(cell) for cell in row])


def order_lines(
    orders: OrderQuerySet, keys: Iterable[str], *, language: str, zone: tzinfo, margin: bool
) -> Iterator[str]:
    """The lines of a CSV file with one order each, headed in `language`, times in `zone`.

    The rows are sent after the request's own language and zone are put back, so both come along.
    """
    columns = (*_COLUMNS, *(("cost", "margin_percent") if margin else ()), "held")
    writer = csv.writer(_Echo())
    with translation.override(language), timezone.override(zone):
        labels = dict(OrderState.choices)
        words = {True: str(_("yes")), False: str(_("no"))}
        yield _MARK + writer.writerow(safe(heading) for heading in _headings(margin))
        states = {code: str(label) for code, label in labels.items()}
    rows = orders.with_held().order_by(*keys).values_list(*columns)
    for row in rows.iterator(chunk_size=2000):
        cells = list(row)
        cells[1], cells[-1] = states[row[1]], words[row[-1]]
        for place in range(_MOMENTS, len(_COLUMNS)):
            if cells[place]:
                cells[place] = f"{cells[place].astimezone(zone):%Y-%m-%d %H:%M:%S}"
        yield writer.writerow([safe(cell) for cell in cells])


def _headings(margin: bool) -> list[str]:
    costs = [_("Cost"), _("Margin %")] if margin else []
    return [
        _("Order"), _("State"), _("Customer code"), _("Customer"), _("Salesperson"), _("Currency"),
        _("Net"), _("Tax"), _("Total"), _("Not shipped or returned"), _("Invoiced"), _("Paid"),
        _("Number at the source"), _("Recipient"),
        _("Ship-to address"), _("Entered"), _("Submitted"), _("Released"), _("Paid in full"),
        _("Shipped"), _("Delivered"), *costs, _("Held"),
    ]  # fmt: skip


_HOLD_COLUMNS = (
    "order__number", "order__state", "order__customer__code", "order__customer__name",
    "order__owner__full_name", "order__currency", "order__total", "reason", "source", "forced",
    "note", "placed_at", "placed_by__full_name", "released_at", "released_by__full_name",
    "release_note", "misjudgment__reason",
)  # fmt: skip


def hold_lines(
    holds: HoldQuerySet, keys: Iterable[str], *, language: str, zone: tzinfo
) -> Iterator[str]:
    """The lines of a CSV file with one hold each, headed in `language`, times in `zone`."""
    writer = csv.writer(_Echo())
    with translation.override(language):
        yield _MARK + writer.writerow(safe(heading) for heading in _hold_headings())
        words: dict[str, dict[Any, str]] = {
            "order__state": {code: str(label) for code, label in OrderState.choices},
            "reason": {code: str(label) for code, label in HoldReason.choices},
            "source": {code: str(label) for code, label in HoldSource.choices},
            "forced": {True: str(_("yes")), False: str(_("no"))},
        }
    rows = holds.order_by(*keys).values_list(*_HOLD_COLUMNS)
    for row in rows.iterator(chunk_size=2000):
        cells = dict(zip(_HOLD_COLUMNS, row, strict=True))
        for name, labels in words.items():
            cells[name] = labels[cells[name]]
        for name in ("placed_at", "released_at"):
            if cells[name]:
                cells[name] = f"{cells[name].astimezone(zone):%Y-%m-%d %H:%M:%S}"
        yield writer.writerow([safe(cell) for cell in cells.values()])


def _hold_headings() -> list[str]:
    return [
        _("Order"), _("State"), _("Customer code"), _("Customer"), _("Salesperson"), _("Currency"),
        _("Total"), _("Reason"), _("Placed through"), _("Forced"), _("Note"), _("Placed"),
        _("Placed by"), _("Released"), _("Released by"), _("Why released"),
        _("Why it was wrong"),
    ]  # fmt: skip


# What a row about a misjudgment shows of it.
MISJUDGED = ("hold__order__customer", "decision__order__customer", "by")


def misjudgment_lines(found: MisjudgmentQuerySet, *, language: str, zone: tzinfo) -> Iterator[str]:
    """The lines of a CSV file with one misjudgment each, headed in `language`, times in `zone`."""
    writer = csv.writer(_Echo())
    with translation.override(language):
        yield _MARK + writer.writerow(safe(heading) for heading in _misjudgment_headings())
    rows = found.select_related(*MISJUDGED, "hold__order__owner", "decision__order__owner")
    for one in rows.order_by("-at", "-pk").iterator(chunk_size=2000):
        order, held = one.order, one.hold_id is not None
        with translation.override(language):
            kind, label = str(_("Hold") if held else _("Credit check")), str(one.label)
        cells = (
            order.number, order.customer.code, order.customer.name, order.owner.display_name,
            order.currency, order.total, kind, label, one.reason, one.by.display_name,
            f"{one.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        )  # fmt: skip
        yield writer.writerow([safe(cell) for cell in cells])


def _misjudgment_headings() -> list[str]:
    return [
        _("Order"), _("Customer code"), _("Customer"), _("Salesperson"), _("Currency"), _("Total"),
        _("What was wrong"), _("Reason"), _("Why it was wrong"), _("Marked by"), _("Marked"),
    ]  # fmt: skip
