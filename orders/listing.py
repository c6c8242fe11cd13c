"""What the order list shows for an address: its view, its filters and its sorting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.enums import SHIPPABLE, WAITING, OrderState
from orders.forms.filters import OrderFilter
from orders.models import Order
from orders.querysets import OrderQuerySet
from staff.access import SignedInRequest
from staff.models import User

NEWEST = ("-created_at", "-pk")
# What `?sort=` may say, with the columns it stands for; "-" turns each of them around.
SORTS: dict[str, tuple[str, ...]] = {
    "number": ("pk",),
    "date": ("created_at", "pk"),
    "amount": ("total", "pk"),
    "customer": ("customer__code", "pk"),
}


@dataclass(frozen=True)
class View:
    """A saved selection, shown as a tab. `narrow` takes the orders and who is looking."""

    label: str | Promise
    narrow: Callable[[OrderQuerySet, User], OrderQuerySet]
    keys: tuple[str, ...] = NEWEST
    permissions: tuple[str, ...] = ()

    def allows(self, user: User) -> bool:
        return not self.permissions or all(user.has_perm(name) for name in self.permissions)


VIEWS: dict[str, View] = {
    "all": View(_("All"), lambda orders, user: orders),
    "mine": View(
        _("Mine"),
        lambda orders, user: orders.filter(owner=user),
        permissions=("orders.add_order", "credit.view_all_customers"),
    ),
    "drafts": View(
        _("Drafts"),
        lambda orders, user: orders.filter(state=OrderState.DRAFT),
        permissions=("orders.add_order",),
    ),
    "waiting": View(
        _("Waiting for approval"),
        lambda orders, user: orders.filter(state__in=WAITING),
        keys=("created_at", "pk"),
    ),
    "held": View(_("Held"), lambda orders, user: orders.only_held()),
    "conditional": View(
        _("Waiting for a condition"), lambda orders, user: orders.only_conditional()
    ),
    "unshipped": View(
        _("Paid, not shipped"),
        lambda orders, user: orders.paid_not_shipped(),
        keys=("paid_at", "pk"),
    ),
    "to_ship": View(
        _("Ready to ship"),
        lambda orders, user: (
            orders.filter(state__in=SHIPPABLE).exclude_held().exclude_conditional()
        ),
        keys=("created_at", "pk"),
        permissions=("orders.ship_order",),
    ),
}


@dataclass(frozen=True)
class Listing:
    """The orders an address asks for, in order, with what the page says about them."""

    form: OrderFilter
    code: str
    orders: OrderQuerySet
    keys: tuple[str, ...]

    @property
    def narrowed(self) -> bool:
        """Whether a filter is in force beside the view."""
        return any(value for key, value in self.form.data.items() if key in self.form.fields)


def listing(request: SignedInRequest) -> Listing:
    """Read the address of the order list, for the page and for the export alike."""
    user = request.user
    code = request.GET.get("view", "all")
    code = code if code in VIEWS and VIEWS[code].allows(user) else "all"
    form = OrderFilter(request.GET, user=user)
    orders = VIEWS[code].narrow(Order.objects.for_user(user), user)
    sort = request.GET.get("sort", "")
    return Listing(form, code, form.narrow(orders), keys_of(sort, VIEWS[code].keys))


def keys_of(sort: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that a `sort` of an address stands for; the usual ones for none we know."""
    columns = SORTS.get(sort.lstrip("-"))
    if columns is None:
        return usual
    return tuple(f"-{column}" for column in columns) if sort.startswith("-") else columns


def tabs(user: User, code: str) -> list[dict[str, Any]]:
    """The saved views that make sense for this user."""
    return [
        {"label": view.label, "url": f"?view={name}", "current": name == code}
        for name, view in VIEWS.items()
        if view.allows(user)
    ]
