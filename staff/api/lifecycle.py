"""Keys are created, rotated and revoked."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from staff.api import secrets
from staff.api.models import ApiKey
from staff.api.scopes import Scope
from staff.models import ServiceUser, User
from staff.signals import api_key_changed

# How long the old secret of a rotated key is good, so that an integration changes over in peace.
GRACE = timedelta(hours=24)


class KeyRefused(ValueError):
    """The key cannot be like this."""


@transaction.atomic
def create_key(
    *, name: str, scopes: Collection[str], expires_at: datetime | None, by: User, at: datetime
) -> tuple[ApiKey, str]:
    """A key with a service user of its own, and its text, which nobody can be shown again.

    Raises PermissionDenied, or KeyRefused without a name or a scope, or if it would expire at once.
    """
    _guard(by)
    if not name.strip():
        raise KeyRefused(_("Give the key a name: which system calls with it."))
    if not scopes or set(scopes) - set(Scope.values):
        raise KeyRefused(_("Choose at least one thing that the key may do."))
    if expires_at and expires_at <= at:
        raise KeyRefused(_("The key would expire at once. Choose a day to come."))
    secret = secrets.new()
    user = ServiceUser(username=f"api-{secret.key_id}", full_name=name.strip(), is_active=False)
    user.set_unusable_password()
    user.save(force_insert=True)
    key = ApiKey.objects.create(
        name=name.strip(),
        user=user,
        key_id=secret.key_id,
        secret_hash=secret.hash,
        scopes=sorted(scopes),
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    _tell(key, "created", by, at)
    return key, str(secret)


@transaction.atomic
def rotate_key(*, key_id: int, by: User, at: datetime) -> tuple[ApiKey, str]:
    """A new secret for the key, and its text; the old one stays good for `GRACE`.

    Raises PermissionDenied, or KeyRefused for a key that is revoked.
    """
    key = _lock(key_id, by)
    secret = secrets.new(key.key_id)
    key.previous_hash, key.previous_until = key.secret_hash, at + GRACE
    key.secret_hash = secret.hash
    key.save(update_fields=["secret_hash", "previous_hash", "previous_until"])
    _tell(key, "rotated", by, at)
    return key, str(secret)


@transaction.atomic
def revoke_key(*, key_id: int, by: User, at: datetime) -> ApiKey:
    """The key opens nothing from now on, for good.

    Raises PermissionDenied, or KeyRefused for a key that is revoked already.
    """
    key = _lock(key_id, by)
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    _tell(key, "revoked", by, at)
    return key


def _guard(by: User) -> None:
    if not by.has_perm("staff.manage_api_keys"):
        raise PermissionDenied(_("You may not look after API keys."))


def _lock(key_id: int, by: User) -> ApiKey:
    key = ApiKey.objects.select_for_update(of=("self",)).get(pk=key_id)
    _guard(by)
    if key.revoked_at:
        raise KeyRefused(_("This key is revoked. Create a new one."))
    return key


def _tell(key: ApiKey, change: str, by: User, at: datetime) -> None:
    api_key_changed.send(sender=ApiKey, key=key, change=change, by=by, at=at)  # journal.people
