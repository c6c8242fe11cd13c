"""Who may open a view.

Every view carries exactly one of three marks; `staff.middleware.AccessMiddleware` reads it and
denies what carries none, so that a forgotten mark closes a page instead of opening it.

    @public                          anyone, signed in or not
    @signed_in                       anyone who is signed in
    @needs("orders.ship_order", ...) whoever holds at least one of these permissions

Put the mark outermost. Views of the API carry `ByMethod`, which `staff.api.views` makes of what
each action needs, and answer a refusal themselves, so that programs understand it. Views of Django
admin carry none: the middleware lets only people with `is_staff` through, and the admin classes
check the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

if TYPE_CHECKING:
    from staff.models import User

View = TypeVar("View", bound=Callable[..., Any])


class SignedInRequest(HttpRequest):
    """The request as a view marked `signed_in` or `needs` gets it; for type hints only."""

    user: "User"


@dataclass(frozen=True)
class Access:
    """The mark itself: whether one must be signed in, and which permissions open the view."""

    anonymous: bool = False
    permissions: tuple[str, ...] = field(default=())

    def allows(self, user: Any) -> bool:
        """Whether `user` (possibly anonymous) may open a view with this mark."""
        if self.anonymous:
            return True
        if not user.is_authenticated:
            return False
        return not self.permissions or any(user.has_perm(name) for name in self.permissions)


@dataclass(frozen=True)
class ByMethod:
    """The mark of an API view: what each of the HTTP methods that it knows needs."""

    methods: Mapping[str, Access]

    def allows(self, user: Any, method: str = "GET") -> bool:
        """Whether `user` may use the method; one that the view does not know is nobody's."""
        access = self.methods.get("GET" if method == "HEAD" else method)
        return access is not None and access.allows(user)


def public(view: View) -> View:
    """Anyone may open the view, signed in or not."""
    return _mark(view, Access(anonymous=True))


def signed_in(view: View) -> View:
    """Anyone who is signed in may open the view."""
    return _mark(view, Access())


def needs(*permissions: str) -> Callable[[View], View]:
    """Whoever holds at least one of `permissions` ("app.codename") may open the view."""
    if not permissions or not all("." in name for name in permissions):
        raise ImproperlyConfigured("needs() takes permissions such as 'orders.ship_order'")
    return lambda view: _mark(view, Access(permissions=permissions))


def access_of(view: Callable[..., Any]) -> Access | ByMethod | None:
    """The mark of a view, or None if nobody classified it."""
    return getattr(view, "access", None)


def _mark(view: View, access: Access) -> View:
    if getattr(view, "access", access) != access:
        raise ImproperlyConfigured(f"{view!r} is classified twice")
    view.access = access  # type: ignore[attr-defined]
    return view
