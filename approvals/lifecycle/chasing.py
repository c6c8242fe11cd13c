"""Requests that wait: their approvers are reminded, then somebody else is asked as well."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from approvals import notices
from approvals.enums import ApprovalAction
from approvals.lifecycle.levels import Level, level_of, levels
from approvals.lifecycle.parts import tell
from approvals.lifecycle.routing import attend, lay
from approvals.models import ApprovalRequest, Seat

logger = logging.getLogger(__name__)


@dataclass
class Chased:
    """How many seats were reminded and escalated, and how many requests could not be looked at."""

    reminded: int = 0
    escalated: int = 0
    failed: int = 0


def chase(*, at: datetime) -> Chased:
    """Remind and escalate what is due at `at`. Safe to run at any time, twice, or by two at once.

    A seat that nobody can fill any more, because its people left or are away without a
    substitute, is escalated at once; somebody who can fill one whose people knew of it, but cannot
    any more, is asked. A request that fails is noted and does not keep the others from being
    looked at.
    """
    done = Chased()
    for request_id in sorted(set(_due(at))):
        try:
            _chase(request_id, at, done)
        except Exception:
            logger.exception("approval request %s could not be chased", request_id)
            done.failed += 1
    return done


def _due(at: datetime) -> Iterator[int]:
    """The requests for which something is to be done, looked for without a lock."""
    astray = ApprovalRequest.objects.open().filter(matrix_version__isnull=True)
    yield from astray.values_list("pk", flat=True)
    all_levels = levels(at)
    told = _told(level for _request, level in all_levels)
    for request, level in all_levels:
        stuck = request.stuck_since is not None
        due = level.late(at) or level.unfilled or level.to_remind(at)
        if due or level.hopeless != stuck or _unaware(level, told):
            yield request.pk


@transaction.atomic
def _chase(request_id: int, at: datetime, done: Chased) -> None:
    found = ApprovalRequest.objects.open().filter(pk=request_id)
    # Somebody who decides right now holds it; what is still due then is found the next time.
    request = found.select_for_update(of=("self",), skip_locked=True).first()
    if request is None:
        return
    if request.matrix_version_id is None:
        lay(request, at)
        return
    level = level_of(request, at)
    late = list({seat.pk: seat for seat in [*level.late(at), *level.unfilled]}.values())
    for seat in level.to_remind(at):
        if seat not in late:
            _remind(request, seat, level, at)
            done.reminded += 1
    for seat in _unaware(level, _told([level])):
        notices.asked(request, seat, level.able[seat.pk], at)
    attend(request, level, late, at)
    done.escalated += len(late)


def _remind(request: ApprovalRequest, seat: Seat, level: Level, at: datetime) -> None:
    seat.reminded_at = at
    seat.save(update_fields=["reminded_at"])
    tell(request, ApprovalAction.REMINDED, by=None, at=at, seat=seat.pk)
    notices.reminded(request, seat, level.able[seat.pk], at)


def _told(found: Iterable[Level]) -> notices.Told:
    return notices.told([(seat, level.able[seat.pk]) for level in found for seat in level.asked])


def _unaware(level: Level, told: notices.Told) -> list[Seat]:
    """The seats of which nobody knows who could answer, since others were there when it began."""
    return [
        seat
        for seat in level.asked
        if level.able[seat.pk]
        and not told[seat.pk] & {each.user_id for each in level.able[seat.pk]}
    ]
