"""What the list of holds is narrowed to, and the one reason given to several releases."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy, ngettext_lazy

from credit.forms import capitalised
from orders.enums import HoldReason, HoldSource
from orders.forms.filters import MenuOfChoices, words_field
from orders.models import Order
from orders.querysets import HoldQuerySet
from staff.models import User

_ALL = ("", gettext_lazy("All"))
_AGES = (1, 3, 7, 14, 30)  # days


class HoldFilter(forms.Form):
    """Filters of the hold list, as seen at the moment `at`."""

    q = words_field(gettext_lazy("Order number, customer or ship-to"))
    reason = forms.MultipleChoiceField(
        label=gettext_lazy("Reason"),
        required=False,
        choices=capitalised(HoldReason),
        widget=MenuOfChoices,
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Placed through"),
        required=False,
        choices=[_ALL, *capitalised(HoldSource)],
    )
    age = forms.TypedChoiceField(
        label=gettext_lazy("Placed"), required=False, coerce=int, empty_value=None
    )
    owner = forms.ChoiceField(label=gettext_lazy("Salesperson"), required=False)

    # Folded away until wanted.
    folded = ("source", "age", "owner")

    def __init__(self, data: Any, *, user: User, at: datetime) -> None:
        super().__init__(data)
        self.at = at
        ages = [(str(days), _older_than(days)) for days in _AGES]
        self.fields["age"].choices = [_ALL, *ages]  # type: ignore[attr-defined]
        if not user.has_perm("credit.view_all_customers"):
            del self.fields["owner"]
            return
        sellers = User.objects.filter(customers__isnull=False).distinct().order_by("full_name")
        people = [(str(person.pk), person.display_name) for person in sellers]
        self.fields["owner"].choices = [_ALL, *people]  # type: ignore[attr-defined]

    def more_fields(self) -> list[BoundField]:
        """The filters behind 'More filters'."""
        return [self[name] for name in self.folded if name in self.fields]

    def narrow(self, holds: HoldQuerySet) -> HoldQuerySet:
        """The holds that pass every filter; none at all when a filter was not understood."""
        if not self.is_valid():
            return holds.none()
        chosen = self.cleaned_data
        if chosen["q"]:
            holds = holds.filter(order__in=Order.objects.search(chosen["q"]))
        if chosen["reason"]:
            holds = holds.filter(reason__in=chosen["reason"])
        if chosen["source"]:
            holds = holds.filter(source=chosen["source"])
        if chosen["age"]:
            holds = holds.filter(placed_at__lt=self.at - timedelta(days=chosen["age"]))
        if chosen.get("owner"):
            holds = holds.filter(order__owner=int(chosen["owner"]))
        return holds


def _older_than(days: int) -> Any:
    text = ngettext_lazy("more than %(days)d day ago", "more than %(days)d days ago", days)
    return text % {"days": days}


class ReleaseManyForm(forms.Form):
    """One reason for all the holds that are released together."""

    note = forms.CharField(
        label=gettext_lazy("Why they can be released"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It is kept with each of the holds."),
    )
