"""The timeline of an order: each entry of the journal as a sentence with its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.models import Entry
from orders.enums import DecisionKind, OrderAction
from orders.story_goods import with_names
from orders.telling import Look, looks

KINDS = {
    "decisions": gettext_lazy("Decisions"),
    "money": gettext_lazy("Money"),
    "goods": gettext_lazy("Goods"),
    "people": gettext_lazy("People"),
}
# What nobody declared; a test sees to it that there is nothing.
_UNKNOWN = Look("people", "point")
# Entries that lead to another order.
_LINKED = {OrderAction.SPLIT, OrderAction.SPLIT_OFF, OrderAction.REPLACED, OrderAction.REPLACES}
# What they say is for those alone who may see the customer's credit.
_OF_CREDIT = {OrderAction.CREDIT_FAILED, OrderAction.APPROVED}
# Entered so much later than it happened that the reader should know.
_LATE = timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    """One entry as the timeline component shows it."""

    title: str
    at: datetime
    text: str
    who: str
    kind: str
    icon: str
    colour: str
    url: str = ""
    link: str = ""


def events(entries: Sequence[Entry], *, imported: bool, credit: bool) -> list[Event]:
    """The entries as events. An order that was `imported` as a whole need not say at each of its
    steps that it was entered later. Without `credit` the figures of the customer's credit are left
    out, as on the rest of the page.
    """
    return [
        _event(
            entry,
            None if entry.action in _OF_CREDIT and not credit else figures,
            tell_late=late(entry) and not imported,
        )
        for entry, figures in zip(entries, with_names(entries), strict=True)
    ]


def kind_of(action: str) -> str:
    """Under which of KINDS the action is shown."""
    return looks().get(action, _UNKNOWN).kind


def _event(entry: Entry, figures: dict[str, Any] | None, *, tell_late: bool) -> Event:
    look = looks().get(entry.action, _UNKNOWN)
    said = "" if figures is None else look.sentence(figures)
    texts = [said, entry.words, _entered(entry) if tell_late else ""]
    other_order = entry.data.get("order") if entry.action in _LINKED else None
    return Event(
        title=_title(entry),
        at=entry.at,
        text="\n".join(text for text in texts if text),
        who=str(entry.by) if entry.by else _("Ordergate"),
        kind=look.kind,
        icon=look.icon,
        colour=look.colour,
        url=reverse("orders:detail", args=[other_order]) if other_order else "",
        link=entry.data.get("number", "") if other_order else "",
    )


def _title(entry: Entry) -> str:
    if entry.action == OrderAction.APPROVED and entry.data.get("kind") == DecisionKind.AGAIN:
        return _("Order released by itself")
    return entry.label


def late(entry: Entry) -> bool:
    """Whether it was entered so much later that the reader should know."""
    return entry.recorded_at - entry.at >= _LATE


def _entered(entry: Entry) -> str:
    recorded = date_format(timezone.localtime(entry.recorded_at), "DATETIME_FORMAT")
    return _("Entered later: %(moment)s.") % {"moment": recorded}
