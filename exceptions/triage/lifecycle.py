"""The times that severities allow: changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from exceptions.triage.enums import TriageAction
from exceptions.triage.models import SlaTarget
from journal.changes import change, keep
from staff.models import User


@transaction.atomic
def change_target(
    *, target_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> SlaTarget:
    """Other times, in minutes, for the tickets of a severity that are opened from now on.

    Nothing is written for no change. Raises PermissionDenied, or ValidationError.
    """
    target = SlaTarget.objects.select_for_update(no_key=True).get(pk=target_id)
    if not by.has_perm("exceptions.change_slatarget"):
        raise PermissionDenied(_("You may not change the times for tickets."))
    keep(target, change(target, values), action=TriageAction.TARGET_CHANGED, by=by, at=at)
    return target
