"""The list of recommended limits: its views, filters and order, from a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import RiskClass
from credit.models import Customer, ScoreStanding, Segment
from staff.models import User

FAR = 25
DISTANCES = (25, 50, 100)
_ALL = ("", gettext_lazy("All"))
SORTS = {
    "distance": ("distance", "pk"),
    "name": ("customer__name", "pk"),
    "class": ("customer__risk_class", "customer__name", "pk"),
    "points": ("score__points", "pk"),
}
DEFAULT_SORT = "-distance"


class StandingFilter(forms.Form):
    """Filters of the list."""

    q = forms.CharField(label=gettext_lazy("Code or name"), required=False, max_length=80)
    deviation = forms.TypedChoiceField(
        label=gettext_lazy("Deviation"), required=False, coerce=int, empty_value=None
    )
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    risk_class = forms.ChoiceField(
        label=gettext_lazy("Risk class"), required=False, choices=[_ALL, *RiskClass.choices]
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        segments = [(str(segment.pk), segment.name) for segment in Segment.objects.all()]
        self.fields["segment"].choices = [_ALL, *segments]  # type: ignore[attr-defined]
        off = [(str(p), _("%(percent)s%% or more") % {"percent": p}) for p in DISTANCES]
        self.fields["deviation"].choices = [_ALL, *off]  # type: ignore[attr-defined]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force."""
        return any(self.data.get(name) for name in self.fields)

    def narrow(self, rows: QuerySet[ScoreStanding]) -> QuerySet[ScoreStanding]:
        """The rows that pass every filter; none when a filter was not understood."""
        if not self.is_valid():
            return rows.none()
        chosen = self.cleaned_data
        if chosen["q"]:
            rows = rows.filter(customer__in=Customer.objects.all().search(chosen["q"]))
        if chosen["deviation"]:
            rows = rows.filter(distance__gte=chosen["deviation"])
        if chosen["segment"]:
            rows = rows.filter(customer__segment=chosen["segment"])
        if chosen["risk_class"]:
            rows = rows.filter(score__risk_class=chosen["risk_class"])
        return rows


@dataclass(frozen=True)
class Listing:
    """The rows that a request asks for, in their order."""

    code: str
    form: StandingFilter
    rows: QuerySet[ScoreStanding]
    keys: Sequence[str]


def listing(request: HttpRequest, user: User) -> Listing:
    """What the address asks for, of the customers that `user` may see."""
    code = request.GET.get("view", "far")
    form = StandingFilter(request.GET)
    rows = ScoreStanding.objects.filter(customer__in=Customer.objects.for_user(user))
    rows = form.narrow(_in_view(rows, code))
    rows = rows.select_related("customer__segment", "score")
    return Listing(code, form, rows, _keys(request.GET.get("sort") or DEFAULT_SORT))


def _in_view(rows: QuerySet[ScoreStanding], code: str) -> QuerySet[ScoreStanding]:
    if code == "all":
        return rows
    far = rows.filter(distance__gte=FAR)
    if code == "above":
        return far.filter(deviation__gt=0)
    return far.filter(deviation__lt=0) if code == "below" else far


def _keys(sort: str) -> tuple[str, ...]:
    columns = SORTS.get(sort.lstrip("-"), SORTS["distance"])
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns


def tabs(code: str) -> list[dict[str, Any]]:
    """The views of the list."""
    labels = {
        "far": _("Far from the recommendation"),
        "above": _("Limit above it"),
        "below": _("Limit below it"),
        "all": _("All"),
    }
    current = code if code in labels else "far"
    return [
        {"label": label, "url": f"?view={view}", "current": view == current}
        for view, label in labels.items()
    ]
