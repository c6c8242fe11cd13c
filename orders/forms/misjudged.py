"""What the list of misjudgments is narrowed to."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from orders.forms.filters import day_field, midnight, next_midnight, words_field
from orders.models import Order
from orders.querysets import MisjudgmentQuerySet
from staff.models import User

HOLD, CHECK = "hold", "check"
_ALL = ("", gettext_lazy("All"))


class MisjudgmentFilter(forms.Form):
    """Filters of the misjudgments in `seen`. Days are the reader's, of the marking."""

    q = words_field(gettext_lazy("Order number, customer or ship-to"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What was wrong"),
        required=False,
        choices=[
            _ALL,
            (HOLD, gettext_lazy("Hold")),
            (CHECK, gettext_lazy("Credit check")),
        ],
    )
    code = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("Marked by"), required=False)
    since = day_field(gettext_lazy("Marked from"))
    until = day_field(gettext_lazy("Marked until"))

    def __init__(self, data: Any, *, seen: MisjudgmentQuerySet) -> None:
        super().__init__(data)
        self.seen, self.labels = seen, seen.labels()
        self.fields["code"].choices = [  # type: ignore[attr-defined]
            _ALL,
            *((code, capfirst(label)) for code, label in self.labels.items()),
        ]
        people = User.objects.filter(pk__in=seen.values("by")).order_by("full_name")
        self.fields["by"].choices = [  # type: ignore[attr-defined]
            _ALL,
            *((str(person.pk), person.display_name) for person in people),
        ]

    def narrowed(self) -> MisjudgmentQuerySet:
        """Those that pass every filter; none at all when a filter was not understood."""
        if not self.is_valid():
            none: MisjudgmentQuerySet = self.seen.none()
            return none
        chosen, found = self.cleaned_data, self.seen
        if chosen["q"]:
            found = found.of_orders(Order.objects.search(chosen["q"]))
        if chosen["kind"]:
            found = found.filter(hold__isnull=chosen["kind"] == CHECK)
        if chosen["code"]:
            found = found.filter(code=chosen["code"])
        if chosen["by"]:
            found = found.filter(by=int(chosen["by"]))
        if chosen["since"]:
            found = found.filter(at__gte=midnight(chosen["since"]))
        if chosen["until"]:
            found = found.filter(at__lt=next_midnight(chosen["until"]))
        return found
