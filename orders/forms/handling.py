"""What is asked of somebody who keeps goods ready for an order, or reads what its carrier says."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.forms.acts import EventForm
from orders.forms.goods import (
    SCANS,
    allocated_at,
    choose_warehouse,
    lacking,
    unpicked,
    warehouse_field,
)
from orders.forms.quantities import QuantitiesMixin
from orders.models import OrderLine


def lines_of(form: Any) -> list[OrderLine]:
    """The lines of the form's order, with what is kept of them."""
    return list(form.order.lines.select_related("product").prefetch_related("allocations"))


class AllocateForm(QuantitiesMixin, EventForm):
    """All that is neither shipped nor allocated is filled in, at the warehouse that has most."""

    warehouse_id = warehouse_field(gettext_lazy("Warehouse"))
    field_order = ["warehouse_id", "happened_at"]
    measure = gettext_lazy("Allocated now")
    leaving = False
    done = gettext_lazy("Everything that has not shipped is allocated already.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = lines_of(self)
        choose_warehouse(self, lines, initial=allocated_at(lines), none="", leaving=self.leaving)
        self.ask_for(lines, {line.pk: self.left_of(line) for line in lines}, all_of=True)
        if not self.fields["warehouse_id"].choices:
            self.nothing_left = _("No warehouse is in use. Ask an administrator to open one.")
        elif not self.asked:
            self.nothing_left = str(self.done)

    def left_of(self, line: OrderLine) -> Decimal:
        return lacking(line)

    def clean(self) -> dict[str, Any]:
        return self.take_quantities(super().clean() or {})


class PickForm(AllocateForm):
    """All that is not picked yet is filled in."""

    measure = gettext_lazy("Picked now")
    leaving = True
    done = gettext_lazy("Everything that has not shipped is picked already.")

    def left_of(self, line: OrderLine) -> Decimal:
        return unpicked(line)


class ScanForm(EventForm):
    """What the carrier said of one of the shipments of the order."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the carrier said"), choices=SCANS, widget=forms.RadioSelect
    )
    tracking_number = forms.ChoiceField(label=gettext_lazy("Shipment"), required=False)
    place = forms.CharField(
        label=gettext_lazy("Where it was scanned"), required=False, max_length=120
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)
    field_order = ["tracking_number", "kind", "happened_at", "place", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shipments = list(self.order.shipments.order_by("-at", "-pk"))
        choices = [(one.tracking_number, str(one)) for one in shipments]
        if len(choices) > 1:
            self.fields["tracking_number"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["tracking_number"]
