"""Who calls: an integration with its key, or a person who is signed in in the browser."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from staff.api import secrets
from staff.api.enums import KeyState
from staff.api.models import ApiKey
from staff.api.scopes import granted
from staff.prepared import Statement, ask
from staff.rows import columns, instance, width

_SCHEME = "bearer "


def key_of(header: str, at: datetime) -> ApiKey:
    """The key in an Authorization header, with its user. One query.

    Raises AuthenticationFailed for anything that is not a key in force.
    """
    given = secrets.parse(header[len(_SCHEME) :]) if header.lower().startswith(_SCHEME) else None
    if given is None:
        raise AuthenticationFailed(_("Send a key as: Authorization: Bearer og_…"))
    key = _found(given.key_id)
    if key is None or not _opens(given, key, at):
        raise AuthenticationFailed(_("There is no such key, or its secret is wrong."))
    if key.state_at(at) != KeyState.ACTIVE:
        raise AuthenticationFailed(_("This key was revoked or has expired."))
    key.user.granted = granted(key.scopes)
    return key


def _found(key_id: str) -> ApiKey | None:
    """The key with its user, by a statement whose plan is kept, since every call asks it."""
    from staff.models import ServiceUser

    row = _first((_key_sql(), [key_id]))
    if row is None:
        return None
    key = instance(ApiKey, row[: width(ApiKey)])
    key.user = instance(ServiceUser, row[width(ApiKey) :])
    return key


def _first(question: Statement) -> tuple[Any, ...] | None:
    """The answer to the first statement of a request, which tells too whether the connection that
    was kept is still there: Django would ask that before, in a round trip of its own.
    """
    try:
        row = ask(question)
    except (InterfaceError, OperationalError):
        connection.close()
        row = ask(question)
    connection.health_check_done = True  # type: ignore[attr-defined]
    return row


@cache
def _key_sql() -> str:
    from staff.models import ServiceUser

    # The columns are the models' own.
    return f"""
        SELECT {columns(ApiKey, "k")}, {columns(ServiceUser, "u")}
        FROM staff_apikey k JOIN staff_user u ON u.id = k.user_id WHERE k.key_id = %s
    """  # noqa: S608


def _opens(given: secrets.Secret, key: ApiKey, at: datetime) -> bool:
    if given.opens(key.secret_hash):
        return True
    return bool(key.previous_until and at < key.previous_until and given.opens(key.previous_hash))


class Caller(BaseAuthentication):
    """Takes who `KeyMiddleware` or the session found; a session has to prove that it was meant."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey | None] | None:
        """The user and the key, if there is one. Raises AuthenticationFailed, PermissionDenied."""
        asked = request._request
        if refusal := getattr(asked, "api_refusal", None):
            raise refusal
        key = getattr(asked, "api_key", None)
        if not asked.user.is_authenticated:
            return None
        if key is None:
            SessionAuthentication().enforce_csrf(request)
            if asked.second_step_missing:  # type: ignore[attr-defined]
                raise PermissionDenied(_("Set up the second step of your sign-in first."))
        return asked.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Ordergate"'
