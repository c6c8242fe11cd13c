"""Stretches of a day on the clock on the wall, and how people write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

DAY = 24 * 60  # minutes

_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_INTERVAL = re.compile(rf"{_TIME}\s*-\s*{_TIME}")
# What Chinese keyboards and word processors make of a colon, a comma and a dash.
_PLAIN = str.maketrans({"：": ":", "，": ",", "、": ",", "；": ",", ";": ",", "\n": ","})
_DASH = re.compile(r"[–—~～至到−]+")


class HoursError(Exception):
    """Hours that the calendar does not take; the words are for the reader."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `begins` to `ends`, in minutes after midnight; 1440 is the end of the day."""

    begins: int
    ends: int

    def __str__(self) -> str:
        return f"{_clock(self.begins)}–{_clock(self.ends)}"


def checked(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The intervals in order of the day.

    Raises HoursError if one does not fit into a day or two overlap; one may begin where another
    ends.
    """
    ordered = tuple(sorted(intervals))
    for each in ordered:
        if not 0 <= each.begins < each.ends <= DAY:
            raise HoursError(
                _("%(interval)s does not end after it begins, within one day.") % {"interval": each}
            )
    for first, second in pairwise(ordered):
        if second.begins < first.ends:
            raise HoursError(
                _("%(first)s and %(second)s overlap.") % {"first": first, "second": second}
            )
    return ordered


def parse(text: str) -> tuple[Interval, ...]:
    """Intervals written as "9:00–12:00, 13:00–18:00"; nothing written is none.

    Raises HoursError for what cannot be read, and as `checked`.
    """
    plain = _DASH.sub("-", text.translate(_PLAIN))
    return checked(_one(part.strip()) for part in plain.split(",") if part.strip())


def written(intervals: Iterable[Interval]) -> str:
    """The intervals as people write them; `parse` reads it again."""
    return ", ".join(str(each) for each in intervals)


def _one(part: str) -> Interval:
    found = _INTERVAL.fullmatch(part)
    if found is None:
        raise HoursError(
            _("“%(text)s” cannot be read. Write hours like 9:00–12:00, 13:00–18:00.")
            % {"text": part}
        )
    begins_hour, begins_minute, ends_hour, ends_minute = (int(n or 0) for n in found.groups())
    if max(begins_minute, ends_minute) > 59:
        raise HoursError(_("“%(text)s” has more than 59 minutes in an hour.") % {"text": part})
    return Interval(begins_hour * 60 + begins_minute, ends_hour * 60 + ends_minute)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
