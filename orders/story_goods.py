"""The sentences of an order's timeline about its goods and about what other systems told."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from journal.models import Entry
from orders.enums import EventKind, OrderAction, ScanKind
from orders.models import Warehouse
from orders.telling import Figures
from staff.figures import pieces
from staff.listing import listed


def with_names(entries: Sequence[Entry]) -> list[Figures]:
    """The figures of the entries, with warehouses by their names. At most one query."""
    codes = {entry.data["warehouse"] for entry in entries if "warehouse" in entry.data}
    found = Warehouse.objects.filter(code__in=codes) if codes else []
    names = {each.code: str(each) for each in found}
    return [
        entry.data | {"warehouse": names.get(entry.data["warehouse"], entry.data["warehouse"])}
        if "warehouse" in entry.data
        else entry.data
        for entry in entries
    ]


def _kept(figures: dict[str, Any]) -> str:
    lines: dict[str, Any] = figures.get("lines", {})
    skus: dict[str, str] = figures.get("skus", {})
    counts = {position: pieces(Decimal(str(count))) for position, count in lines.items()}
    named = listed(
        f"{skus[position]} × {count}"
        if position in skus
        else _("line %(position)s: %(pieces)s") % {"position": position, "pieces": count}
        for position, count in counts.items()
    )
    return _("At %(warehouse)s; %(lines)s.") % {
        "warehouse": figures.get("warehouse", "–"),
        "lines": named,
    }


def _scanned(figures: dict[str, Any]) -> str:
    said = dict(ScanKind.choices).get(figures.get("kind", ""), "")
    parts = [str(said).capitalize(), figures.get("place"), figures.get("tracking_number")]
    return " · ".join(str(part) for part in parts if part)


def _told(figures: dict[str, Any]) -> str:
    kind = dict(EventKind.choices).get(figures.get("kind", ""), "")
    return _("%(kind)s, told by %(source)s as %(number)s.") % {
        "kind": str(kind).capitalize(),
        "source": figures.get("source", "–"),
        "number": figures.get("number", "–"),
    }


GOODS: dict[str, Callable[[dict[str, Any]], str]] = {
    OrderAction.ALLOCATED: _kept,
    OrderAction.PICKED: _kept,
    OrderAction.SCANNED: _scanned,
    OrderAction.EVENT_WAITS: _told,
    OrderAction.EVENT_REFUSED: _told,
    OrderAction.EVENT_DISMISSED: _told,
}
