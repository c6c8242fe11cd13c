"""How lists of tickets are narrowed: by a view of the browser's list, its filters, and more."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from exceptions.process.forms import ME, NOBODY, TicketFilter
from exceptions.process.listing import VIEWS, views_of
from exceptions.process.models import Ticket
from exceptions.process.querysets import TicketQuerySet
from staff.models import User


class ApiTicketFilter(TicketFilter):
    """The filters of the list, with its tabs as `view`; rules, departments and people by id."""

    view = forms.ChoiceField(
        label=gettext_lazy("View"),
        required=False,
        choices=[("", ""), *((code, view.label) for code, view in VIEWS.items())],
    )
    rule = forms.IntegerField(label=gettext_lazy("Rule"), required=False, min_value=1)
    department = forms.IntegerField(label=gettext_lazy("Department"), required=False, min_value=1)
    assignee = forms.RegexField(
        rf"^({ME}|{NOBODY}|[0-9]{{1,18}})$",
        label=gettext_lazy("Assigned to"),
        required=False,
        max_length=18,
    )
    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=1)

    def __init__(self, data: Any, *, user: User, at: datetime) -> None:
        # Without the list of people, which only a menu needs.
        forms.Form.__init__(self, data)
        self.user, self.at = user, at

    @property
    def _view(self) -> Any:
        views = views_of(self.user)
        first = next(iter(views))
        return views.get(self.cleaned_data["view"] or first, views[first])

    def found(self) -> TicketQuerySet:
        """The tickets that are asked for; only for a valid form."""
        seen = self._view.narrow(Ticket.objects.for_user(self.user), self.user)
        tickets = self.narrow(seen, self.user, self.at).with_what_lists_show()
        order = self.cleaned_data["order"]
        return tickets.filter(order=order) if order else tickets

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns to sort by."""
        return tuple(self._view.keys)
