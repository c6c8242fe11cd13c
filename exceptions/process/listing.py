"""What the ticket list shows for an address: its view, its filters and its order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exceptions.process.forms import TicketFilter
from exceptions.process.models import Ticket
from exceptions.process.querysets import TicketQuerySet
from staff.models import User

BY_DEADLINE = ("due_at", "pk")


@dataclass(frozen=True)
class View:
    """A saved selection, shown as a tab. `narrow` takes the tickets and who is looking."""

    label: str | Promise
    narrow: Callable[[TicketQuerySet, User], TicketQuerySet]
    keys: tuple[str, ...] = BY_DEADLINE
    counted: bool = True
    workers_only: bool = False


VIEWS: dict[str, View] = {
    "mine": View(_("My queue"), lambda tickets, user: tickets.mine_open(user), workers_only=True),
    "department": View(
        _("My department"), lambda tickets, user: tickets.of_department(user), workers_only=True
    ),
    "open": View(_("All open"), lambda tickets, user: tickets.open()),
    "closed": View(
        _("Closed"),
        lambda tickets, user: tickets.closed(),
        keys=("-closed_at", "-pk"),
        counted=False,
    ),
    "wrong": View(
        _("Wrongly raised"),
        lambda tickets, user: tickets.wrong(),
        keys=("-closed_at", "-pk"),
        counted=False,
    ),
}


@dataclass(frozen=True)
class Listing:
    """The tickets an address asks for, in order, with what the page says about them."""

    code: str
    form: TicketFilter
    tickets: TicketQuerySet
    keys: tuple[str, ...]
    tabs: list[dict[str, Any]]

    @property
    def narrowed(self) -> bool:
        return any(self.form.data.get(name) for name in self.form.fields)


def listing(request: HttpRequest, user: User, at: datetime) -> Listing:
    """What `?view=`, the filters and this user's rights come to."""
    views = views_of(user)
    code = request.GET.get("view", "")
    code = code if code in views else next(iter(views))
    seen = Ticket.objects.for_user(user)
    form = TicketFilter(request.GET, seen=seen)
    view = views[code]
    return Listing(
        code=code,
        form=form,
        tickets=form.narrow(view.narrow(seen, user), user, at),
        keys=view.keys,
        tabs=[_tab(key, each, seen, user, key == code) for key, each in views.items()],
    )


def views_of(user: User) -> dict[str, View]:
    """The views that this user has use for, the first of them first."""
    works = user.has_perm("exceptions.work_ticket")
    return {
        code: view
        for code, view in VIEWS.items()
        if not view.workers_only or (works and (code != "department" or user.department_id))
    }


def _tab(code: str, view: View, seen: TicketQuerySet, user: User, current: bool) -> dict[str, Any]:
    return {
        "label": view.label,
        "url": f"?view={code}",
        "current": current,
        "count": view.narrow(seen, user).count() if view.counted else None,
    }
