"""What customers are sorted by, segments and industries: entered and changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit.enums import CreditAction
from credit.models import Industry, Segment
from credit.scoring.enums import ScoreAction
from journal.changes import change, enter, keep, remove
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def enter_segment(*, values: Mapping[str, Any], by: User, at: datetime) -> Segment:
    """A new segment, with the limit of the accounts that inherit theirs; `values` are fields.

    Raises PermissionDenied, or ValidationError naming each field that is wrong.
    """
    if not by.has_perm("credit.add_segment"):
        raise PermissionDenied(_("You may not enter segments."))
    segment = Segment(**values)
    enter(segment, values, action=CreditAction.SEGMENT_CHANGED, by=by, at=at)
    return segment


@transaction.atomic
def change_segment(
    *, segment_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> Segment:
    """The segment with other `values`; another limit counts from the next check on.

    Nothing is written for no change. Raises PermissionDenied, or ValidationError.
    """
    segment = Segment.objects.select_for_update(no_key=True).get(pk=segment_id)
    if not by.has_perm("credit.change_segment"):
        raise PermissionDenied(_("You may not change segments."))
    keep(segment, change(segment, values), action=CreditAction.SEGMENT_CHANGED, by=by, at=at)
    return segment


@transaction.atomic
def remove_segment(*, segment_id: int, by: User, at: datetime) -> None:
    """Take away a segment to which nothing refers. Raises PermissionDenied, or InUse."""
    segment = Segment.objects.select_for_update().get(pk=segment_id)
    if not by.has_perm("credit.delete_segment"):
        raise PermissionDenied(_("You may not remove segments."))
    instead = _("Customers or policies belong to this segment. Give them another one first.")
    remove(segment, action=CreditAction.SEGMENT_REMOVED, instead=instead, by=by, at=at)


@transaction.atomic
def enter_industry(*, values: Mapping[str, Any], by: User, at: datetime) -> Industry:
    """A new industry with its risk. Raises PermissionDenied, or ValidationError."""
    if not by.has_perm("credit.add_industry"):
        raise PermissionDenied(_("You may not enter industries."))
    industry = Industry(**values)
    enter(industry, values, action=ScoreAction.INDUSTRY_CHANGED, by=by, at=at)
    return industry


@transaction.atomic
def change_industry(
    *, industry_id: int, values: Mapping[str, Any], by: User, at: datetime
) -> Industry:
    """The industry with other `values`; the next scoring counts them.

    Nothing is written for no change. Raises PermissionDenied, or ValidationError.
    """
    industry = Industry.objects.select_for_update(no_key=True).get(pk=industry_id)
    if not by.has_perm("credit.change_industry"):
        raise PermissionDenied(_("You may not change industries."))
    keep(industry, change(industry, values), action=ScoreAction.INDUSTRY_CHANGED, by=by, at=at)
    return industry
