"""The small forms about goods: allocating, picking, carrier scans, and what lies in warehouses."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.figures import FigureField
from credit.forms import capitalised
from credit.money import ZERO
from orders.availability import offers
from orders.enums import EventKind, EventState, ScanKind
from orders.forms.filters import words_field
from orders.models import OrderLine, Warehouse
from orders.models.event import EventQuerySet
from orders.models.stock import StockQuerySet

_ALL = ("", gettext_lazy("All"))
MOST = Decimal("99999999999.999")


def warehouse_field(label: Any, help_text: Any = "") -> forms.TypedChoiceField:
    """The choice of a warehouse; its choices are set by `choose_warehouse`."""
    return forms.TypedChoiceField(
        label=label, required=False, coerce=int, empty_value=None, help_text=help_text
    )


def choose_warehouse(
    form: forms.Form, lines: list[OrderLine], *, initial: int | None, none: str, leaving: bool
) -> None:
    """Offer the warehouses with what they have of the lines; without any the field goes away.

    `leaving` says whether the goods go off the shelf, or are only promised. `none` names the choice
    of no warehouse; empty where one has to be chosen.
    """
    found = offers(lines, leaving=leaving)
    field: Any = form.fields["warehouse_id"]
    field.choices = [
        *([("", none)] if none else []),
        *((str(each.warehouse.pk), each.label) for each in found),
    ]
    field.required = not none
    if not found and none:
        del form.fields["warehouse_id"]
    elif found:
        field.initial = initial if none or initial else found[0].warehouse.pk


def allocated_at(lines: list[OrderLine]) -> int | None:
    """The warehouse that keeps something of these lines, if it is one alone."""
    places = {one.warehouse_id for line in lines for one in line.allocations.all()}
    return places.pop() if len(places) == 1 else None


def lacking(line: OrderLine) -> Decimal:
    """How much of a line is neither shipped nor allocated."""
    kept = sum((one.quantity for one in line.allocations.all()), ZERO)
    return max(line.unshipped - kept, ZERO)


def unpicked(line: OrderLine) -> Decimal:
    """How much of a line has not shipped and is not picked."""
    picked = sum((one.picked for one in line.allocations.all()), ZERO)
    return max(line.unshipped - picked, ZERO)


class StockFilter(forms.Form):
    """Filters of the list of stock, as seen at the moment `at`."""

    q = words_field(gettext_lazy("SKU or product"))
    warehouse = forms.ChoiceField(label=gettext_lazy("Warehouse"), required=False)
    oversold = forms.BooleanField(label=gettext_lazy("Oversold"), required=False)
    stale = forms.BooleanField(label=gettext_lazy("Count is old"), required=False)

    def __init__(self, data: Any, *, at: datetime) -> None:
        super().__init__(data)
        self.at = at
        places = [(each.code, str(each)) for each in Warehouse.objects.all()]
        self.fields["warehouse"].choices = [_ALL, *places]  # type: ignore[attr-defined]

    def narrow(self, stock: StockQuerySet) -> StockQuerySet:
        """The rows that pass every filter; none at all when a filter was not understood."""
        if not self.is_valid():
            return stock.none()
        chosen = self.cleaned_data
        stock = stock.search(chosen["q"]) if chosen["q"] else stock
        if chosen["warehouse"]:
            stock = stock.filter(warehouse__code=chosen["warehouse"])
        stock = stock.oversold() if chosen["oversold"] else stock
        return stock.stale(self.at) if chosen["stale"] else stock


class AdjustForm(forms.Form):
    """By how much what is on hand was wrong, and why."""

    change = FigureField(
        label=gettext_lazy("Change"),
        least=-MOST,
        most=MOST,
        decimal_places=3,
        help_text=gettext_lazy("Pieces more, or with a minus fewer."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with the stock."),
    )


class EventFilter(forms.Form):
    """Filters of the list of events."""

    q = words_field(gettext_lazy("Order, or number at the sender"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[_ALL, *capitalised(EventKind)]
    )
    source = forms.CharField(label=gettext_lazy("Sender"), required=False, max_length=40)

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force beside the tab."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, events: EventQuerySet) -> EventQuerySet:
        """The events that pass every filter; none at all when a filter was not understood."""
        if not self.is_valid():
            return events.none()
        chosen = self.cleaned_data
        events = events.search(chosen["q"]) if chosen["q"] else events
        events = events.filter(kind=chosen["kind"]) if chosen["kind"] else events
        return events.filter(source=chosen["source"]) if chosen["source"] else events


class DismissForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it does not count"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with the event."),
    )


# The tabs of the list of events, with the states that they show.
EVENT_TABS: dict[str, tuple[Any, tuple[EventState, ...]]] = {
    "waiting": (gettext_lazy("Waiting"), (EventState.WAITING,)),
    "refused": (gettext_lazy("Refused"), (EventState.REFUSED,)),
    "dismissed": (gettext_lazy("Dismissed"), (EventState.DISMISSED,)),
    "applied": (gettext_lazy("Applied"), (EventState.APPLIED,)),
}
SCANS = capitalised(ScanKind)


def no_warehouse() -> str:
    """The choice of none, for goods of which nobody says where they left from or went to."""
    return _("not said")
