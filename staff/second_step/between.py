"""Between the steps: the password was right, the code is still to come, and nobody is signed in."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from staff.models import User

_KEPT = "second_step"
_OPEN_FOR = timedelta(minutes=10)


def begin(request: HttpRequest, person: Any, *, at: datetime) -> None:
    """Remember in a new session, which is nobody's, whose password was right.

    `person` comes from `authenticate`, and says by which backend.
    """
    logout(request)
    request.session[_KEPT] = {
        "user": person.pk,
        "hash": person.get_session_auth_hash(),
        "backend": person.backend,
        "until": (at + _OPEN_FOR).timestamp(),
    }


def person(request: HttpRequest, *, at: datetime) -> Any:
    """Whose code is awaited; None if nobody's, or no longer, or the account changed meanwhile."""
    kept = request.session.get(_KEPT)
    if not kept or at.timestamp() > kept["until"]:
        return None
    found: Any = User.objects.filter(pk=kept["user"], is_active=True).first()
    if not found or not constant_time_compare(kept["hash"], found.get_session_auth_hash()):
        return None
    found.backend = kept["backend"]
    return found


def end(request: HttpRequest) -> None:
    """Forget whose code was awaited: it came."""
    request.session.pop(_KEPT, None)
