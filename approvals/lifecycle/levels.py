"""The level that a request asks: what it still needs, and who could give it. Reads, never writes.

A seat and those that stand in for it form one place: an answer from any of them fills it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from approvals.eligible import Candidate, candidates, candidates_of_all
from approvals.enums import RequestState, SeatState
from approvals.matrix.enums import Need
from approvals.models import ApprovalRequest, Seat
from credit.days import company_day

# What `levels` looks at of every request that waits, each minute.
_READ = (
    "round", "stage", "role", "person", "stands_in_for", "state", "remind_at", "due_at",
    "reminded_at", "escalated_at", "request__state", "request__route", "request__round",
    "request__stage", "request__stuck_since", "request__requested_by", "request__order_owner",
    "request__order__submitted_by", "request__limit_change__account__customer__owner",
)  # fmt: skip

Able = Mapping[int, Collection[Candidate]]


@dataclass(frozen=True)
class Level:
    """The seats of a level that are asked or have answered. `able` tells who can answer from each.

    `needs_one`: whether one answer of the level is enough.
    """

    needs_one: bool
    seats: Sequence[Seat]
    able: Able

    @property
    def asked(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.state == SeatState.ASKED]

    @property
    def complete(self) -> bool:
        """Whether the level has given its answer."""
        filled = [_filled(place) for place in self._places()]
        return any(filled) if self.needs_one else all(filled)

    @property
    def hopeless(self) -> bool:
        """Whether the level waits for an answer that nobody can give."""
        if self.complete:
            return False
        empty = [
            not any(self.able.get(seat.pk) for seat in place)
            for place in self._places()
            if not _filled(place)
        ]
        return all(empty) if self.needs_one else any(empty)

    @property
    def unfilled(self) -> list[Seat]:
        """The seats that nobody can fill and that keep the level from its answer.

        Where one answer is enough, one seat with somebody is enough. Those escalated before have
        somebody to stand in for them.
        """
        if self.needs_one and not self.hopeless:
            return []
        return [seat for seat in self._not_escalated() if not self.able.get(seat.pk)]

    def late(self, at: datetime) -> list[Seat]:
        """The seats whose time is over at `at`, and for which nobody stands in yet."""
        return [seat for seat in self._not_escalated() if seat.due_at and seat.due_at <= at]

    def to_remind(self, at: datetime) -> list[Seat]:
        """The seats whose reminder is due at `at`; not where somebody else is asked instead."""
        waiting = [
            seat
            for seat in self.asked
            if seat.reminded_at is None and seat.remind_at and seat.remind_at <= at
        ]
        return [seat for seat in waiting if seat.stands_in_for_id or seat.escalated_at is None]

    def _not_escalated(self) -> list[Seat]:
        return [seat for seat in self.asked if seat.escalated_at is None]

    def _places(self) -> list[list[Seat]]:
        places: dict[int, list[Seat]] = {}
        for seat in self.seats:
            places.setdefault(seat.stands_in_for_id or seat.pk, []).append(seat)
        return list(places.values())


def level_of(request: ApprovalRequest, at: datetime) -> Level:
    """The level that a request asks now, with who can answer at `at`."""
    seats = seats_of(request)
    asked = [seat for seat in seats if seat.state == SeatState.ASKED]
    return Level(needs_one(request), seats, candidates(request, asked, company_day(at)))


def seats_of(request: ApprovalRequest) -> list[Seat]:
    """The seats of its level that are asked or have answered."""
    now = request.seats.filter(round=request.round, stage=request.stage)
    return list(now.filter(state__in=[SeatState.ASKED, SeatState.ANSWERED]))


def levels(at: datetime) -> list[tuple[ApprovalRequest, Level]]:
    """The levels of all open requests as they stand at `at`, in a fixed number of queries."""
    seats = Seat.objects.filter(
        request__state=RequestState.OPEN,
        round=F("request__round"),
        stage=F("request__stage"),
        state__in=[SeatState.ASKED, SeatState.ANSWERED],
    )
    found: dict[int, tuple[ApprovalRequest, list[Seat]]] = {}
    read = seats.select_related("request__order", "request__limit_change__account__customer")
    for seat in read.only(*_READ).order_by("request", "pk"):
        found.setdefault(seat.request_id, (seat.request, []))[1].append(seat)
    able = candidates_of_all(list(found.values()), company_day(at))
    return [(request, Level(needs_one(request), each, able)) for request, each in found.values()]


def needs_one(request: ApprovalRequest) -> bool:
    """Whether one answer from the level that is asked is enough."""
    return bool(request.level["need"] == Need.ANY)


def _filled(place: Sequence[Seat]) -> bool:
    return any(seat.state == SeatState.ANSWERED for seat in place)
