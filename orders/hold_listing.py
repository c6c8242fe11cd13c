"""What the hold list shows for an address: its tab, its filters and its sorting."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders.forms.holds import HoldFilter
from orders.forms.misjudged import MisjudgmentFilter
from orders.models import Hold, Misjudgment
from orders.querysets import HoldQuerySet, MisjudgmentQuerySet
from staff.access import SignedInRequest

STANDING, RELEASED, WRONG = "standing", "released", "wrong"
TABS = {
    STANDING: _("In force"),
    RELEASED: _("Holds released"),
    WRONG: _("Wrongly held"),
}
# The longest standing first, the latest released first.
_KEYS = {STANDING: ("placed_at", "pk"), RELEASED: ("-released_at", "-pk")}
# What `?sort=` may say, with the columns it stands for; "-" turns each of them around.
_SORTS = {
    "order": ("order_id", "pk"),
    "amount": ("order__total", "pk"),
    "since": ("placed_at", "pk"),
}


@dataclass(frozen=True)
class HoldListing:
    """The holds that an address asks for, in order, with what the page says about them."""

    form: HoldFilter
    code: str
    holds: HoldQuerySet
    keys: tuple[str, ...]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": f"?view={code}", "current": code == self.code}
            for code, label in TABS.items()
        ]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force beside the tab."""
        return any(value for key, value in self.form.data.items() if key in self.form.fields)


def hold_listing(request: SignedInRequest, at: datetime) -> HoldListing:
    """Read the address of the hold list, for the page and for the export alike."""
    code = request.GET.get("view", STANDING)
    code = code if code in TABS else STANDING
    seen = Hold.objects.for_user(request.user)
    holds = seen.standing() if code == STANDING else seen.filter(released_at__isnull=False)
    form = HoldFilter(request.GET, user=request.user, at=at)
    sort = request.GET.get("sort", "")
    return HoldListing(form, code, form.narrow(holds), _keys(sort, code))


def misjudgments(request: SignedInRequest) -> tuple[MisjudgmentFilter, MisjudgmentQuerySet]:
    """The misjudgments of orders that this user may see, as its filter narrows them."""
    form = MisjudgmentFilter(request.GET, seen=Misjudgment.objects.for_user(request.user))
    return form, form.narrowed()


def _keys(sort: str, code: str) -> tuple[str, ...]:
    columns = _SORTS.get(sort.lstrip("-"))
    if columns is None:
        return _KEYS.get(code, _KEYS[RELEASED])
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns
