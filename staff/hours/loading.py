"""Reading the company's calendar."""

from collections import defaultdict

from django.utils import timezone

from staff.hours.calendar import BusinessHours, Special
from staff.hours.intervals import Interval
from staff.hours.models import SpecialDay, WorkInterval

Week = dict[int, tuple[Interval, ...]]


def load() -> BusinessHours:
    """The calendar as it stands now, with the names of special days in the active language.

    Two queries. Raises HoursError if somebody took the hours away behind the back of the product.
    """
    week: dict[int, list[Interval]] = defaultdict(list)
    own: dict[int, list[Interval]] = defaultdict(list)
    for row in WorkInterval.objects.all():
        if row.special_day_id is None:
            week[row.weekday or 0].append(row.interval)
        else:
            own[row.special_day_id].append(row.interval)
    special = {
        each.day: Special(each.name, tuple(sorted(own[each.pk])))
        for each in SpecialDay.objects.all()
    }
    return BusinessHours(
        week={day: tuple(sorted(intervals)) for day, intervals in week.items()},
        special=special,
        zone=timezone.get_default_timezone(),
    )


def weekly() -> Week:
    """The hours of each weekday; a closed day has none."""
    week: dict[int, list[Interval]] = {day: [] for day in range(7)}
    for row in WorkInterval.objects.filter(special_day=None).order_by("begins"):
        week[row.weekday or 0].append(row.interval)
    return {day: tuple(intervals) for day, intervals in week.items()}
