"""Causes that closing records name: entered and changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from exceptions.process.enums import TicketAction
from exceptions.process.models import Cause
from journal.changes import change, enter, keep
from staff.models import User


@transaction.atomic
def enter_cause(*, values: Mapping[str, Any], by: User, at: datetime) -> Cause:
    """A new cause, offered from now on. Raises PermissionDenied, or ValidationError."""
    if not by.has_perm("exceptions.add_cause"):
        raise PermissionDenied(_("You may not enter causes."))
    cause = Cause(**values)
    enter(cause, values, action=TicketAction.CAUSE_CHANGED, by=by, at=at)
    return cause


@transaction.atomic
def change_cause(*, cause_id: int, values: Mapping[str, Any], by: User, at: datetime) -> Cause:
    """The cause with other `values`; one that is not active stays on old tickets.

    Nothing is written for no change. Raises PermissionDenied, or ValidationError.
    """
    cause = Cause.objects.select_for_update(no_key=True).get(pk=cause_id)
    if not by.has_perm("exceptions.change_cause"):
        raise PermissionDenied(_("You may not change causes."))
    keep(cause, change(cause, values), action=TicketAction.CAUSE_CHANGED, by=by, at=at)
    return cause
