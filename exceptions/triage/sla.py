"""The two clocks of a ticket: until when somebody must respond, until when it must be closed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A deadline is at risk during the last quarter of its time.
AT_RISK_SHARE = 4


class Standing(StrEnum):
    """Where a clock stands; the values are the codes of their badges."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a ticket is due, and from when on each deadline is at risk."""

    respond_due_at: datetime
    respond_risk_at: datetime
    resolve_due_at: datetime
    resolve_risk_at: datetime


def deadlines(opened_at: datetime, respond: timedelta, resolve: timedelta) -> Deadlines:
    """The deadlines of a ticket opened at `opened_at`, by the hours of the wall clock."""
    return Deadlines(
        respond_due_at=opened_at + respond,
        respond_risk_at=opened_at + respond - respond / AT_RISK_SHARE,
        resolve_due_at=opened_at + resolve,
        resolve_risk_at=opened_at + resolve - resolve / AT_RISK_SHARE,
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline as of `at`, or as it was met at `stopped_at`."""

    due_at: datetime
    risk_at: datetime
    stopped_at: datetime | None
    at: datetime

    @property
    def running(self) -> bool:
        return self.stopped_at is None

    @property
    def left(self) -> timedelta:
        """Time until the deadline, negative once it has passed."""
        return self.due_at - (self.stopped_at or self.at)

    @property
    def standing(self) -> Standing:
        if self.left < timedelta():
            return Standing.BREACHED
        if self.running and self.at >= self.risk_at:
            return Standing.AT_RISK
        return Standing.ON_TIME
