"""How much time there is for an answer, and why its deadline is when it is. Pure but `why`."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from approvals.models import Seat
from staff.hours.calendar import BusinessHours, Stretch

_LABELS: dict[str, str | Promise] = {
    "on_time": _("in time"),
    "at_risk": _("due soon"),
    "breached": _("late"),
}


@dataclass(frozen=True)
class Clock:
    """A deadline with how it stands at the moment of asking; the code is one of the styles."""

    code: str
    due: datetime

    @property
    def label(self) -> str:
        return str(_LABELS[self.code])


def clock(due: datetime | None, remind: datetime | None, at: datetime) -> Clock | None:
    """How the deadline stands at `at`: soon from its reminder on. None where nobody is asked."""
    if due is None:
        return None
    if due <= at:
        return Clock("breached", due)
    return Clock("at_risk" if remind is not None and remind <= at else "on_time", due)


def why(seat: Seat, within: int, hours: BusinessHours) -> list[Stretch]:
    """Which hours counted until the deadline of a seat that had `within` business hours."""
    return hours.explain(seat.asked_at, within * 60) if seat.asked_at else []
