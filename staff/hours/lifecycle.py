"""Every change of the company's hours. Deadlines that were given before stay as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from staff import locks
from staff.hours.enums import SpecialKind
from staff.hours.intervals import HoursError, Interval, checked, written
from staff.hours.loading import weekly
from staff.hours.models import SpecialDay, WorkInterval
from staff.hours.policies import can_change_hours
from staff.models import User
from staff.signals import hours_changed


@dataclass(frozen=True)
class SpecialDayInput:
    """A special day as it is entered; a holiday has no intervals, a workday has some."""

    day: date
    kind: str
    name_en: str
    name_zh_hans: str = ""
    name_zh_hant: str = ""
    intervals: tuple[Interval, ...] = ()


@transaction.atomic
def set_week(*, week: Mapping[int, Sequence[Interval]], by: User, at: datetime) -> None:
    """Give each weekday (0 is Monday) its hours; a day that is left out is closed.

    Raises PermissionDenied, or HoursError for hours that overlap or a week without any.
    """
    _begin(by)
    before = weekly()
    after = {day: checked(week.get(day, ())) for day in range(7)}
    if not any(after.values()):
        raise HoursError(_("The week has no business hours. Give at least one day some."))
    if after == before:
        return
    WorkInterval.objects.filter(special_day=None).delete()
    rows = WorkInterval.objects.bulk_create(
        WorkInterval(weekday=day, begins=each.begins, ends=each.ends)
        for day, intervals in after.items()
        for each in intervals
    )
    # The week has no row of its own; its first interval stands for it.
    _tell(rows[0], before=_in_words(before), after=_in_words(after), by=by, at=at)


@transaction.atomic
def set_special_day(
    *, pk: int | None = None, entered: SpecialDayInput, by: User, at: datetime
) -> SpecialDay:
    """Add a special day, or change the one with that `pk`.

    Raises PermissionDenied, SpecialDay.DoesNotExist, or HoursError if the day is taken, a workday
    has no hours or they overlap.
    """
    _begin(by)
    check_special_day(pk=pk, entered=entered)
    special = SpecialDay.objects.get(pk=pk) if pk else SpecialDay()
    before = _special_in_words(special) if pk else {}
    for name in ("day", "kind", "name_en", "name_zh_hans", "name_zh_hant"):
        setattr(special, name, getattr(entered, name))
    special.save()
    special.intervals.all().delete()
    WorkInterval.objects.bulk_create(
        WorkInterval(special_day=special, begins=each.begins, ends=each.ends)
        for each in checked(entered.intervals)
    )
    _tell(special, before=before, after=_special_in_words(special), by=by, at=at)
    return special


@transaction.atomic
def remove_special_day(*, pk: int, by: User, at: datetime) -> None:
    """Make a special day an ordinary one again.

    Raises PermissionDenied or SpecialDay.DoesNotExist.
    """
    _begin(by)
    special = SpecialDay.objects.get(pk=pk)
    _tell(special, before=_special_in_words(special), after={}, by=by, at=at)
    special.delete()


def check_special_day(*, pk: int | None, entered: SpecialDayInput) -> None:
    """Raise HoursError, in words, if `set_special_day` would."""
    checked(entered.intervals)
    if entered.kind == SpecialKind.WORKDAY and not entered.intervals:
        raise HoursError(_("Write the hours of this workday, such as 9:00–12:00, 13:00–18:00."))
    if entered.kind == SpecialKind.HOLIDAY and entered.intervals:
        raise HoursError(_("A holiday has no hours. Choose a workday with its own hours."))
    if SpecialDay.objects.filter(day=entered.day).exclude(pk=pk or 0).exists():
        raise HoursError(_("This day is in the list already. Change it there."))


def _begin(by: User) -> None:
    locks.take_turn(locks.HOURS)
    if not can_change_hours(by):
        raise PermissionDenied(_("You may not change the business hours."))


def _in_words(week: Mapping[int, Sequence[Interval]]) -> dict[str, str]:
    return {str(day): written(intervals) for day, intervals in week.items()}


def _special_in_words(special: SpecialDay) -> dict[str, str]:
    names = {"name_en": special.name_en, "kind": special.kind, "day": special.day.isoformat()}
    own = SpecialDay.objects.get(pk=special.pk).hours
    return names | {"hours": written(own)}


def _tell(
    subject: Model, *, before: dict[str, str], after: dict[str, str], by: User, at: datetime
) -> None:
    # Answered by journal.people.
    hours_changed.send(
        sender=type(subject), subject=subject, before=before, after=after, by=by, at=at
    )
