"""Absences are set and ended; neither their days nor their substitute change in between."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _

from staff import locks
from staff.absence.chains import Leg, circle
from staff.absence.errors import AbsenceError
from staff.absence.models import Absence
from staff.absence.policies import can_end_absence, can_set_absence, lacks_right
from staff.days import company_day
from staff.models import User
from staff.signals import absence_ended, absence_set

# Whoever is away for longer has left, or mistyped the year.
FARTHEST = timedelta(days=3 * 366)


@transaction.atomic
def set_absence(
    *,
    user_id: int,
    substitute_id: int | None,
    first_day: date,
    last_day: date,
    note: str = "",
    by: User,
    at: datetime,
) -> Absence:
    """Keep that somebody is away on these company days, both included, and who stands in.

    Raises PermissionDenied, or AbsenceError for impossible days, days on which the person is away
    already, a substitute who cannot stand in, or substitutes in a circle.
    """
    take_turn()
    user = User.objects.get(pk=user_id)
    if not can_set_absence(by, user):
        raise PermissionDenied(_("You may enter your own absences only."))
    substitute = User.objects.get(pk=substitute_id) if substitute_id else None
    check_absence(
        user=user,
        substitute=substitute,
        first_day=first_day,
        last_day=last_day,
        today=company_day(at),
    )
    made = Absence.objects.create(
        user=user,
        substitute=substitute,
        first_day=first_day,
        last_day=last_day,
        note=note.strip(),
        made_by=by,
        made_at=at,
    )
    absence_set.send(sender=Absence, absence=made, by=by, at=at)  # answered by journal.people
    return made


@transaction.atomic
def end_absence(*, absence_id: int, by: User, at: datetime) -> Absence:
    """From the day of `at` on the person is there again; an absence to come never begins.

    Raises PermissionDenied, Absence.DoesNotExist, or AbsenceError if it is over or ended already.
    """
    take_turn()
    absence = Absence.objects.select_for_update(of=("self",)).get(pk=absence_id)
    if not can_end_absence(by, absence.user_id):
        raise PermissionDenied(_("You may end your own absences only."))
    today = company_day(at)
    if not absence.state_on(today).can_end:
        raise AbsenceError(_("This absence is over already."))
    absence.back_on = max(today, absence.first_day)
    absence.ended_at = at
    absence.save(update_fields=["back_on", "ended_at"])
    absence_ended.send(sender=Absence, absence=absence, by=by, at=at)  # answered by journal
    return absence


def take_turn() -> None:
    """Wait until nobody else writes absences: two could close a circle that neither sees."""
    locks.take_turn(locks.ABSENCES)


def check_absence(
    *, user: User, substitute: User | None, first_day: date, last_day: date, today: date
) -> None:
    """Raise AbsenceError, in words, if `set_absence` would. Only within a turn is it final."""
    _check_days(first_day, last_day, today)
    _check_substitute(user, substitute)
    known = Absence.objects.between(first_day, last_day)
    if mine := known.filter(user=user).first():
        days = {"first": _day(mine.first_day), "last": _day(mine.last_away)}
        raise AbsenceError(
            _("There is an absence from %(first)s to %(last)s already. End that one first.") % days
        )
    pk = substitute.pk if substitute else None
    _check_circle(Leg(user.pk, pk, first_day, last_day), list(known))


def _check_days(first_day: date, last_day: date, today: date) -> None:
    if last_day < first_day:
        raise AbsenceError(_("The last day cannot be before the first."), "last_day")
    if first_day < today:
        raise AbsenceError(_("An absence begins today or on a later day."), "first_day")
    if last_day > today + FARTHEST:
        raise AbsenceError(_("An absence ends within three years."), "last_day")


def _check_substitute(user: User, substitute: User | None) -> None:
    if substitute is None:
        return
    names = {"name": substitute.display_name, "person": user.display_name}
    if substitute.pk == user.pk:
        raise AbsenceError(_("Nobody stands in for themselves."), "substitute")
    if not substitute.is_active:
        raise AbsenceError(_("The account of %(name)s is closed.") % names, "substitute")
    if lacks_right(user, substitute):
        raise AbsenceError(
            _("%(name)s may not decide about approvals, which %(person)s does.") % names,
            "substitute",
        )


def _check_circle(new: Leg, known: list[Absence]) -> None:
    legs = (Leg(a.user_id, a.substitute_id, a.first_day, a.last_away) for a in known)
    found = circle(new, legs)
    if found is None:
        return
    people = User.objects.in_bulk(found.people)
    raise AbsenceError(
        _("On %(day)s these people would stand in for each other in a circle: %(people)s.")
        % {
            "day": _day(found.day),
            "people": " → ".join(people[pk].display_name for pk in (*found.people, new.user)),
        },
        "substitute",
    )


def _day(day: date) -> str:
    return formats.date_format(day, "DATE_FORMAT")
