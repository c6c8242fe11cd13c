"""What a service user may do wherever it is met: the scopes of its key, while that is in force.

An event that came early is applied later, with the rights of whoever sent it; by then no request
says with which key.
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from staff.api.enums import KeyState
from staff.api.models import ApiKey
from staff.api.scopes import granted

_CACHE = "_permissions_of_key"


class KeyBackend(BaseBackend):
    """Signs nobody in. People, who are active, are not asked about."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """The permissions of the scopes of the user's key; one query for each instance."""
        if user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, _CACHE):
            key = ApiKey.objects.filter(user=user_obj.pk).first()
            good = key is not None and key.state_at(timezone.now()) == KeyState.ACTIVE
            setattr(user_obj, _CACHE, set(granted(key.scopes)) if key and good else set())
        found: set[str] = getattr(user_obj, _CACHE)
        return found
