"""The sentences of an order's timeline about its goods and about what other systems told."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from orders.enums import EventKind, OrderAction, ScanKind


def _kept(figures: dict[str, Any]) -> str:
    lines: dict[str, Any] = figures.get("lines", {})
    named = ", ".join(
        _("line %(position)s: %(pieces)s") % {"position": position, "pieces": _pieces(pieces)}
        for position, pieces in lines.items()
    )
    return _("At %(warehouse)s; %(lines)s.") % {
        "warehouse": figures.get("warehouse", "–"),
        "lines": named,
    }


def _pieces(pieces: Any) -> str:
    text = str(pieces)
    return text.rstrip("0").rstrip(".") if "." in text else text


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
