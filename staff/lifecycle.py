"""Changes people make to their own account."""

from datetime import datetime
from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from staff.models import User
from staff.signals import company_changed


@transaction.atomic
def change_preferences(
    *,
    user: User,
    language: str | None = None,
    time_zone: str | None = None,
    theme: str | None = None,
) -> User:
    """Keep how `user` wants to be greeted; None leaves a preference as it is.

    Raises ValidationError for a language, zone or theme the product does not have.
    """
    chosen = {"language": language, "time_zone": time_zone, "theme": theme}
    return _change(user, {name: value for name, value in chosen.items() if value is not None})


@transaction.atomic
def change_profile(*, user: User, full_name: str, email: str, **preferences: str) -> User:
    """Keep the name and address under which `user` appears, and `preferences` as above.

    Raises ValidationError if a value is not valid, or PermissionDenied for the service user of a
    key: what a key does is signed with the name that an administrator gave it.
    """
    if not user.is_active:
        raise PermissionDenied(_("A key keeps the name that it was given."))
    _change(user, {"full_name": full_name.strip(), "email": User.objects.normalize_email(email)})
    return change_preferences(user=user, **preferences)


@transaction.atomic
def change_password(*, request: HttpRequest, user: User, password: str, at: datetime) -> User:
    """Set a password validated before. Other sessions of `user` end; the one of `request` stays."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.set_password(password)
    locked.save(update_fields=["password"])
    company_changed.send(
        sender=User,
        subject=locked,
        what="person.password_set",
        data={"usable": True},
        by=locked,
        at=at,
    )
    update_session_auth_hash(request, locked)
    return locked


def _change(user: User, values: dict[str, Any]) -> User:
    locked = User.objects.select_for_update().get(pk=user.pk)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.clean_fields(exclude={field.name for field in User._meta.fields} - values.keys())
    locked.save(update_fields=list(values))
    return locked
