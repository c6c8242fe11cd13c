"""What the list of requests is narrowed to."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from approvals.matrix.names import load_names
from approvals.precedents import BANDS, band
from approvals.querysets import ApprovalRequestQuerySet
from credit.enums import CheckCode, Verdict
from credit.models import Customer, Segment
from orders.models import Order

_ALL = ("", gettext_lazy("All"))
_LATE, _SOON = "late", "soon"
_NONE, _SMALL, _MIDDLE, _LARGE = "none", "to_10", "to_50", "more"
# A share of the limit inside each band.
_INSIDE = {_NONE: BANDS[0], _SMALL: BANDS[1], _MIDDLE: BANDS[2], _LARGE: BANDS[2] + 1}


class FilterForm(forms.Form):
    """Filters of the list, as seen at the moment `at`."""

    q = forms.CharField(label=gettext_lazy("Order, customer"), required=False, max_length=80)
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), required=False)
    excess = forms.ChoiceField(
        label=gettext_lazy("Over the limit by"),
        required=False,
        choices=[
            _ALL,
            (_NONE, gettext_lazy("not over it")),
            # xgettext:no-python-format
            (_SMALL, gettext_lazy("up to 10% of it")),
            # xgettext:no-python-format
            (_MIDDLE, gettext_lazy("10 to 50% of it")),
            (_LARGE, gettext_lazy("more than 50%, or no limit")),
        ],
    )
    due = forms.ChoiceField(
        label=gettext_lazy("Deadline"),
        required=False,
        choices=[_ALL, (_LATE, gettext_lazy("late")), (_SOON, gettext_lazy("due soon or late"))],
    )
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)

    def __init__(self, data: Any, *, at: datetime) -> None:
        super().__init__(data)
        self.at = at
        segments = [(each.code, each.name) for each in Segment.objects.all()]
        self.fields["segment"].choices = [_ALL, *segments]  # type: ignore[attr-defined]
        self.fields["reason"].choices = [_ALL, *_reasons()]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, requests: ApprovalRequestQuerySet) -> ApprovalRequestQuerySet:
        """The requests that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return requests.none()
        chosen = self.cleaned_data
        if chosen["q"]:
            about = Q(order__in=Order.objects.search(chosen["q"]))
            customers = Customer.objects.search(chosen["q"])
            about |= Q(limit_change__account__customer__in=customers)
            requests = requests.filter(about)
        if chosen["reason"]:
            blocked = [{"code": chosen["reason"], "verdict": Verdict.BLOCKED.value}]
            requests = requests.filter(decision__checks__contains=blocked)
        if chosen["excess"]:
            requests = requests.filter(band(_INSIDE[chosen["excess"]]))
        if chosen["due"]:
            requests = requests.filter(self._due(chosen["due"]))
        if chosen["segment"]:
            code = chosen["segment"]
            requests = requests.filter(
                Q(order__customer__segment__code=code)
                | Q(limit_change__account__customer__segment__code=code)
            )
        return requests

    def _due(self, chosen: str) -> Q:
        return Q(due__lte=self.at) if chosen == _LATE else Q(remind__lte=self.at)


def _reasons() -> list[tuple[str, str]]:
    """Every check and gate rule by name."""
    rules = load_names()
    own = [(code, rules.reason(code)) for code in rules.rules]
    return [
        *((code.value, str(code.label)) for code in CheckCode),
        *sorted(own, key=lambda r: r[1]),
    ]
