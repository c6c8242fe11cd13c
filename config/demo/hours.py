"""The days on which the demo company works at other hours than usual."""

from collections.abc import Sequence
from datetime import date, datetime

from staff.days import company_day
from staff.hours.enums import SpecialKind
from staff.hours.intervals import parse
from staff.hours.lifecycle import SpecialDayInput, set_special_day
from staff.models import User

# month, first and last day, names in the three languages; those of the moon are left out
HOLIDAYS = (
    (1, 1, 1, "New Year's Day", "元旦", "元旦"),
    (5, 1, 2, "Labour Day", "劳动节", "勞動節"),
    (10, 1, 3, "National Day", "国庆节", "國慶節"),
)
STOCKTAKING = ("Stocktaking", "年终盘点", "年終盤點")


def load(people: dict[str, User], now: datetime) -> None:
    """Public holidays of this year and the next, and half a day of stocktaking before each ends."""
    this_year = company_day(now).year
    for year in (this_year, this_year + 1):
        for month, first, last, *names in HOLIDAYS:
            for number in range(first, last + 1):
                _enter(date(year, month, number), SpecialKind.HOLIDAY, names, "", people, now)
        eve = date(year, 12, 31)
        _enter(eve, SpecialKind.WORKDAY, STOCKTAKING, "9:00–12:00", people, now)


def _enter(
    day: date,
    kind: SpecialKind,
    names: Sequence[str],
    hours: str,
    people: dict[str, User],
    now: datetime,
) -> None:
    english, hans, hant = names
    entered = SpecialDayInput(
        day=day,
        kind=kind,
        name_en=english,
        name_zh_hans=hans,
        name_zh_hant=hant,
        intervals=parse(hours),
    )
    set_special_day(entered=entered, by=people["administrator"], at=now)
