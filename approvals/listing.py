"""What the list of requests shows for an address: its tab, its filters and its sorting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from approvals.clocks import clock
from approvals.forms.filters import FilterForm
from approvals.models import ApprovalRequest
from approvals.path import seat_label
from approvals.querysets import ApprovalRequestQuerySet
from credit.days import company_day
from staff.access import SignedInRequest
from staff.models import User

MINE, OPEN, ANSWERED, LAPSED = "mine", "open", "decided", "lapsed"
# Each tab with what it is sorted by: what is due first, what was answered last.
TABS = {
    MINE: (_("Waiting for me"), ("due_rank", "pk")),
    OPEN: (_("All waiting"), ("due_rank", "pk")),
    ANSWERED: (_("Answered"), ("-decided_at", "-pk")),
    LAPSED: (_("Lapsed"), ("-lapsed_at", "-pk")),
}
# What `?sort=` may say, with the columns it stands for; "-" turns each of them around.
SORTS = {
    "amount": ("total", "pk"),
    "excess": ("percent_rank", "excess", "pk"),
    "due": ("due_rank", "pk"),
    "since": ("opened_at", "pk"),
}


@dataclass(frozen=True)
class Listing:
    """The requests that an address asks for, in order, with what the page says about them."""

    code: str
    form: FilterForm
    requests: ApprovalRequestQuerySet
    keys: tuple[str, ...]
    tabs: list[dict[str, Any]]


def listing(request: SignedInRequest, at: datetime) -> Listing:
    """Read the address of the list."""
    user = request.user
    default = MINE if user.has_perm("approvals.decide") else OPEN
    code = request.GET.get("view", default)
    code = code if code in TABS else default
    form = FilterForm(request.GET, at=at)
    return Listing(
        code=code,
        form=form,
        requests=form.narrow(of_tab(code, user, at).with_what_lists_show()),
        keys=keys_of(request.GET.get("sort", ""), code),
        tabs=_tabs(user, code, at),
    )


def dressed(rows: Sequence[Any], at: datetime) -> Sequence[Any]:
    """The rows with whom they ask, their level and how their deadline stands."""
    for row in rows:
        row.clock = clock(row.due, row.remind, at)
        row.asked_of = list(dict.fromkeys(seat_label(seat) for seat in row.asked_seats))
        row.others = len(row.asked_of) - 1
        row.levels = len(row.route.get("stages", []))
    return rows


def of_tab(code: str, user: User, at: datetime) -> ApprovalRequestQuerySet:
    """The requests of a tab that `user` may see."""
    seen: ApprovalRequestQuerySet = ApprovalRequest.objects.for_user(user)
    if code == MINE:
        return ApprovalRequest.objects.waiting_for(user, company_day(at))
    if code == OPEN:
        return seen.open()
    return seen.lapsed() if code == LAPSED else seen.answered()


def _tabs(user: User, current: str, at: datetime) -> list[dict[str, Any]]:
    counted = (MINE, LAPSED)
    return [
        {
            "label": label,
            "url": f"?view={code}",
            "current": code == current,
            "count": of_tab(code, user, at).count() if code in counted else None,
        }
        for code, (label, _keys) in TABS.items()
        if code != MINE or user.has_perm("approvals.decide")
    ]


def keys_of(sort: str, code: str) -> tuple[str, ...]:
    """The columns that `sort` names, or those of the tab."""
    columns = SORTS.get(sort.lstrip("-"))
    if columns is None:
        return TABS[code][1]
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns
