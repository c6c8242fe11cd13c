"""Who must have a second step: whoever holds a role that REQUIRE_TOTP_ROLES names."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from staff.roles import Role


def guard_setting() -> None:
    """Raises ImproperlyConfigured for a role that does not exist: it would protect nobody."""
    if unknown := set(settings.REQUIRE_TOTP_ROLES) - set(Role.values):
        known = ", ".join(sorted(Role.values))
        raise ImproperlyConfigured(
            f"REQUIRE_TOTP_ROLES names unknown roles: {', '.join(sorted(unknown))}. "
            f"There are: {known}."
        )


def must_have(user: Any) -> bool:
    """Whether a role of `user` asks for a second step. Whoever has all rights has all roles."""
    wanted = settings.REQUIRE_TOTP_ROLES
    if not wanted:
        return False
    return user.is_superuser or user.groups.filter(name__in=wanted).exists()


def missing(user: Any) -> bool:
    """Whether `user` must set up a second step before anything else. Keys sign nobody in."""
    if not settings.REQUIRE_TOTP_ROLES or not user.is_authenticated or not user.is_active:
        return False
    return user.second_step_since is None and must_have(user)
