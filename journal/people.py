"""What happens to people and their hours, in the words of the journal. Staff is below this app."""

from datetime import datetime
from typing import Any

from django.db import models
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions, keep_inside
from journal.record import record
from staff.models import Absence, ApiKey, User
from staff.signals import (
    absence_ended,
    absence_set,
    api_key_changed,
    company_changed,
    hours_changed,
    second_step_changed,
)


@declare_actions
class StaffAction(models.TextChoices):
    """What the journal says of people and their hours."""

    ABSENCE_SET = "absence.set", _("Absence entered")
    ABSENCE_ENDED = "absence.ended", _("Absence ended")
    HOURS_CHANGED = "hours.changed", _("Business hours changed")
    PERSON_ENTERED = "person.entered", _("Person entered")
    PERSON_CHANGED = "person.changed", _("Person changed")
    ROLES_CHANGED = "person.roles_changed", _("Roles changed")
    PASSWORD_SET = "person.password_set", _("Password set")
    PERSON_CLOSED = "person.closed", _("Account closed")
    PERSON_REOPENED = "person.reopened", _("Account opened again")
    DEPARTMENT_CHANGED = "department.changed", _("Department changed")
    DEPARTMENT_REMOVED = "department.removed", _("Department removed")
    KEY_CREATED = "api_key.created", _("API key created")
    KEY_ROTATED = "api_key.rotated", _("API key given a new secret")
    KEY_REVOKED = "api_key.revoked", _("API key revoked")
    STEP_ON = "second_step.turned_on", _("Second step of sign-in turned on")
    STEP_OFF = "second_step.turned_off", _("Second step of sign-in turned off")
    STEP_RESET = "second_step.reset", _("Second step of sign-in reset")
    STEP_RENEWED = "second_step.codes_renewed", _("Recovery codes renewed")
    STEP_RECOVERED = "second_step.code_used", _("Recovery code used")


# Why somebody is away may be a matter of their health; how one may get past a sign-in is nobody's.
keep_inside(StaffAction.ABSENCE_SET, StaffAction.STEP_RESET)


@receiver(absence_set)
def note_absence(*, absence: Absence, by: User, at: datetime, **_signal: object) -> None:
    """Write down who is away, from when until when, and who stands in."""
    record(
        action=StaffAction.ABSENCE_SET,
        subject=absence,
        by=by,
        at=at,
        reason=absence.note,
        data=_days(absence),
    )


@receiver(absence_ended)
def note_return(*, absence: Absence, by: User, at: datetime, **_signal: object) -> None:
    """Write down since when the person is there again."""
    data = _days(absence) | {"back_on": absence.back_on}
    record(action=StaffAction.ABSENCE_ENDED, subject=absence, by=by, at=at, data=data)


@receiver(hours_changed)
def note_hours(
    *,
    subject: models.Model,
    before: dict[str, str],
    after: dict[str, str],
    by: User,
    at: datetime,
    **_signal: object,
) -> None:
    """Write down the hours before and after."""
    data = {"before": before, "after": after}
    record(action=StaffAction.HOURS_CHANGED, subject=subject, by=by, at=at, data=data)


@receiver(api_key_changed)
def note_key(*, key: ApiKey, change: str, by: User, at: datetime, **_signal: object) -> None:
    """Write down that a key was created, rotated or revoked; never its secret."""
    data = {"name": key.name, "key": key.key_id, "scopes": key.scopes, "expires": key.expires_at}
    record(action=StaffAction(f"api_key.{change}"), subject=key, by=by, at=at, data=data)


@receiver(company_changed)
def note_company(
    *, subject: models.Model, what: str, data: dict[str, Any], by: User, at: datetime, **_s: object
) -> None:
    """Write down what was entered or changed of an account or a department."""
    record(action=StaffAction(what), subject=subject, by=by, at=at, data=data)


@receiver(second_step_changed)
def note_second_step(
    *,
    user: User,
    change: str,
    by: User | None,
    at: datetime,
    reason: str,
    data: dict[str, Any],
    **_signal: object,
) -> None:
    """Write down what became of somebody's second step; never a secret or a code."""
    action = StaffAction(f"second_step.{change}")
    record(action=action, subject=user, by=by, at=at, reason=reason, data=data)


def _days(absence: Absence) -> dict[str, Any]:
    return {
        "person": absence.user_id,
        "substitute": absence.substitute_id,
        "first_day": absence.first_day,
        "last_day": absence.last_day,
    }
