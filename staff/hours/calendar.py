"""How deadlines count in business hours. Pure: a value and arithmetic on moments.

A moment lies in business hours when the clock on the company's wall then shows a time inside an
interval of that day. An hour that the clock skips in spring counts nothing, one that it shows twice
in autumn counts twice; what is added up is always time that really passes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from staff.hours.intervals import HoursError, Interval, checked

Window = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Special:
    """A day with hours of its own: none on a holiday, some on a make-up workday."""

    name: str
    intervals: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A line of 'why this deadline': working time that counted, or a day on which none did.

    `begins` and `ends` are in the company's time zone, None on a closed day. `name` is that of a
    special day.
    """

    day: date
    begins: datetime | None
    ends: datetime | None
    minutes: int
    name: str = ""


@dataclass(frozen=True)
class BusinessHours:
    """The hours of each weekday (0 is Monday), the days that differ, and the company's time zone.

    Raises HoursError for intervals that overlap, and for a week without any hours: a deadline
    would never come.
    """

    week: Mapping[int, tuple[Interval, ...]]
    zone: tzinfo
    special: Mapping[date, Special] = field(default_factory=dict)

    def __post_init__(self) -> None:
        hours = [checked(intervals) for intervals in self.week.values()]
        for day in self.special.values():
            checked(day.intervals)
        if not any(hours):
            raise HoursError(_("The week has no business hours. Give at least one day some."))

    def add(self, start: datetime, minutes: int) -> datetime:
        """The moment (in UTC) by which `minutes` of business time have passed since `start`.

        Where they end with an interval it is that end, not the beginning of the next; no minutes
        end at `start` itself. Raises ValueError for a naive start or negative minutes.
        """
        end = _utc(start)
        for _day, windows in self._taken(start, minutes):
            end = windows[-1][1] if windows else end
        return end

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of business time from `start` to `end`; negative if `end` is before.

        Raises ValueError for a naive moment.
        """
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.minutes_between(end, start)
        passed, day = timedelta(), self._day_of(start)
        while day <= self._day_of(end):
            passed += sum((b - a for a, b in _clip(self._windows(day), start, end)), timedelta())
            day += _DAY
        return passed // _MINUTE

    def explain(self, start: datetime, minutes: int) -> list[Stretch]:
        """Why `add` gives what it gives: what counted, in order, and the closed days between.

        The minutes of the lines add up to `minutes`. Raises ValueError as `add`.
        """
        lines: list[Stretch] = []
        passed = timedelta()
        for day, windows in self._taken(start, minutes):
            name = self.special[day].name if day in self.special else ""
            if not self._windows(day):
                lines.append(Stretch(day, None, None, 0, name))
            for begins, ends in windows:
                before, passed = passed, passed + (ends - begins)
                counted = passed // _MINUTE - before // _MINUTE
                local = begins.astimezone(self.zone), ends.astimezone(self.zone)
                lines.append(Stretch(day, *local, counted, name))
        return lines

    def _taken(self, start: datetime, minutes: int) -> Iterator[tuple[date, list[Window]]]:
        """Day by day from `start` on, the working time that is used up until none is left."""
        if minutes < 0:
            raise ValueError("a deadline cannot lie before its start")
        start, left = _utc(start), timedelta(minutes=minutes)
        day = self._day_of(start)
        while left:
            taken = []
            for begins, ends in _clip(self._windows(day), start, None):
                used = min(left, ends - begins)
                if used:
                    taken.append((begins, begins + used))
                    left -= used
            yield day, taken
            day += _DAY

    def _windows(self, day: date) -> list[Window]:
        """The day's working time as moments in UTC, in order, joined where they touch."""
        special = self.special.get(day)
        intervals = special.intervals if special else self.week.get(day.weekday(), ())
        midnight = datetime.combine(day, time.min, tzinfo=UTC)
        windows: list[Window] = []
        for begins, ends, offset in self._even_parts(day) if intervals else ():
            for each in sorted(intervals):
                low = max(begins, midnight + timedelta(minutes=each.begins) - offset)
                high = min(ends, midnight + timedelta(minutes=each.ends) - offset)
                if windows and low <= windows[-1][1] < high:
                    windows[-1] = windows[-1][0], high
                elif low < high:
                    windows.append((low, high))
        return windows

    def _even_parts(self, day: date) -> list[tuple[datetime, datetime, timedelta]]:
        """The day in UTC, cut where the clock is put forward or back, with its offset from UTC."""
        begins, ends = self._midnight(day), self._midnight(day + _DAY)
        first, last = self._offset(begins), self._offset(ends - _MINUTE)
        if first == last:
            return [(begins, ends, first)]
        before, after = begins, ends
        while after - before > _MINUTE:
            middle = before + (after - before) // 2 // _MINUTE * _MINUTE
            before, after = (middle, after) if self._offset(middle) == first else (before, middle)
        return [(begins, after, first), (after, ends, last)]

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone).astimezone(UTC)

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset() or timedelta()

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("business hours need a moment with a time zone")
    return moment.astimezone(UTC)


def _clip(windows: list[Window], start: datetime, end: datetime | None) -> list[Window]:
    cut = [(max(a, start), b if end is None else min(b, end)) for a, b in windows]
    return [(a, b) for a, b in cut if a < b]
