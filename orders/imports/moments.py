"""Reading dates and times as a file writes them. What can be read in two ways is refused."""

import re
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime

from orders.imports.enums import DateForm
from orders.imports.problems import BadValue

_TIME = (
    r"(?:[T\s]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:\.(?P<f>\d{1,6})\d*)?)?"
    r"\s*(?P<half>[AaPp])?(?:\.?[Mm]\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?\Z"
)
_YEAR_FIRST = re.compile(r"(?P<Y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?" + _TIME)
_OTHERS = {
    DateForm.MDY: r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<Y>\d{4})",
    DateForm.DMY: r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<Y>\d{4})",
    DateForm.MDY_SHORT: r"(?P<m>\d{1,2})[/-](?P<d>\d{1,2})[/-](?P<y>\d{2})",
    DateForm.DMY_SHORT: r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{2})",
    DateForm.DMY_DOTS: r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<Y>\d{4})",
}
_PATTERNS = {DateForm.YMD: _YEAR_FIRST} | {
    form: re.compile(pattern + _TIME) for form, pattern in _OTHERS.items()
}
_ANY = [re.compile(pattern + _TIME) for pattern in _OTHERS.values()]
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


def canonical(form: str) -> str:
    """The DateForm that a way of writing stands for: 'm/d/Y H:M' and '%m/%d/%Y' are 'm/d/Y'.

    Raises BadValue when it is none of them.
    """
    plain = form.replace("%", "").strip()
    plain = "Y-m-d" if plain.upper() == "ISO" else re.split(r"[\sT]", plain, maxsplit=1)[0]
    if plain not in DateForm.values:
        raise BadValue("option", message=f"{form}: {', '.join(DateForm.values)}")
    return plain


class MomentReader:
    """Reads the times of one import: in one form, in one zone, none of them after `now`."""

    def __init__(self, form: str, zone: str, now: datetime, skipped: Callable[[str], None]) -> None:
        """`form` "" means: not chosen, so that only what begins with the year is read.

        `skipped` is told each local time that a change of the clock left out.
        """
        self.form = form
        self.pattern = _PATTERNS[DateForm(form)] if form else _YEAR_FIRST
        self.zone = zoneinfo.ZoneInfo(zone)
        self.now = now
        self.skipped = skipped

    def read(self, text: str, *, future: bool = False) -> datetime:
        """The moment that `text` says. Raises BadValue."""
        match = self.pattern.match(text)
        if not match:
            unchosen = not self.form and any(pattern.match(text) for pattern in _ANY)
            raise BadValue("date_unchosen" if unchosen else "bad_date", form=self.form or "Y-m-d")
        moment = self._moment(match, text)
        if moment < _EARLIEST:
            raise BadValue("too_old")
        if moment > self.now and not future:
            raise BadValue("future")
        return moment

    def _moment(self, match: re.Match[str], text: str) -> datetime:
        part = match.groupdict()
        try:
            naive = datetime(  # noqa: DTZ001 - its zone follows
                int(part["Y"]) if part.get("Y") else 2000 + int(part["y"]),
                int(part["m"]),
                int(part["d"]),
                _hour(int(part["H"] or 0), part["half"]),
                int(part["M"] or 0),
                int(part["S"] or 0),
                int((part["f"] or "0").ljust(6, "0")),
            )
        except ValueError as error:
            raise BadValue("no_such_date") from error
        if part["zone"]:
            offset = "+00:00" if part["zone"] == "Z" else part["zone"]
            zone = datetime.strptime(offset.replace(":", ""), "%z").tzinfo
            return naive.replace(tzinfo=zone).astimezone(UTC)
        return self._local(naive, text)

    def _local(self, naive: datetime, text: str) -> datetime:
        """A time that happens twice is taken as the first, one that is skipped as an hour later."""
        moment = naive.replace(tzinfo=self.zone)
        there = moment.astimezone(UTC)
        if there.astimezone(self.zone).replace(tzinfo=None) != naive:
            self.skipped(text)
        return there


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half in "Pp" else 0)
