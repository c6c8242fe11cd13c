"""How the list of requests is narrowed: by a tab of the browser's list, its filters, and more."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from approvals.forms.filters import FilterForm
from approvals.listing import MINE, OPEN, SORTS, TABS, keys_of, of_tab
from approvals.querysets import ApprovalRequestQuerySet
from staff.models import User

ORDER, LIMIT = "order", "limit"
_SORTS = [*SORTS, *(f"-{name}" for name in SORTS)]


class ApiRequestFilter(FilterForm):
    """The filters of the list, with its tabs as `view`."""

    view = forms.ChoiceField(
        label=gettext_lazy("View"),
        required=False,
        choices=[("", ""), *((code, label) for code, (label, _keys) in TABS.items())],
    )
    about = forms.ChoiceField(
        label=gettext_lazy("About"),
        required=False,
        choices=[
            ("", ""),
            (ORDER, gettext_lazy("orders")),
            (LIMIT, gettext_lazy("changes of limits")),
        ],
    )
    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=1)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted by"),
        required=False,
        choices=[("", ""), *((name, name) for name in _SORTS)],
    )

    def __init__(self, data: Any, *, user: User, at: datetime) -> None:
        super().__init__(data, at=at)
        self.user = user

    @property
    def tab(self) -> str:
        """The tab that is asked for; only for a valid form."""
        default = MINE if self.user.has_perm("approvals.decide") else OPEN
        return str(self.cleaned_data["view"] or default)

    def found(self) -> ApprovalRequestQuerySet:
        """The requests that are asked for; only for a valid form."""
        chosen = self.cleaned_data
        seen = self.narrow(of_tab(self.tab, self.user, self.at).with_what_lists_show())
        if chosen["about"]:
            seen = seen.filter(order__isnull=chosen["about"] == LIMIT)
        return seen.filter(order=chosen["order"]) if chosen["order"] else seen

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns to sort by."""
        return keys_of(self.cleaned_data["sort"], self.tab)
