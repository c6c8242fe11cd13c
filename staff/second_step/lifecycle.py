"""A second step is turned on and off by whoever has it, or reset by somebody else."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from staff.models import RecoveryCode, SecondStep, User
from staff.second_step import codes, required
from staff.second_step.errors import SecondStepError
from staff.signals import second_step_changed

RESET = "staff.reset_second_step"


@transaction.atomic
def turn_on(*, salt: str, code: str, by: User, at: datetime) -> tuple[User, list[str]]:
    """Ask `by` for a code from now on; the recovery codes, which nobody can be shown again.

    `code` proves that the app knows the secret of `salt`. Raises PermissionDenied for the service
    user of a key, or SecondStepError if the step is on or the code is wrong.
    """
    person = _lock(by.pk)
    if not person.is_active:
        raise PermissionDenied(_("A key does not sign in and has no second step."))
    if person.second_step_since:
        raise SecondStepError(_("Your second step is on already."))
    counter = codes.counter_of(salt, code, at=at, after=-1)
    if counter is None:
        raise SecondStepError(
            _(
                "This code does not match. Type the one that the app shows now; if it does not "
                "match again, see that the clock of your device is right."
            )
        )
    step = SecondStep.objects.create(user=person, salt=salt, last_counter=counter)
    given = _give_codes(step)
    _set_since(person, at)
    _tell(person, "turned_on", by, at)
    return person, given


@transaction.atomic
def turn_off(*, by: User, at: datetime) -> User:
    """Ask `by` for the password alone from now on. Whoever calls has had it proved who `by` is.

    Raises SecondStepError if there is no second step, or a role asks for one.
    """
    person = _lock(by.pk)
    _own_step(person)
    if required.must_have(person):
        raise SecondStepError(
            _(
                "Your role asks for a second step, so it stays on. For another device ask an "
                "administrator to reset it."
            )
        )
    _end(person)
    _tell(person, "turned_off", by, at)
    return person


@transaction.atomic
def renew_codes(*, by: User, at: datetime) -> list[str]:
    """Ten new recovery codes; those before open nothing. As for `turn_off`, `by` was proved.

    Raises SecondStepError if there is no second step.
    """
    person = _lock(by.pk)
    given = _give_codes(_own_step(person))
    _tell(person, "codes_renewed", by, at)
    return given


@transaction.atomic
def reset(*, user_id: int, reason: str, by: User | None, at: datetime) -> User:
    """Take the second step of somebody who lost it away; their sessions end.

    `by` is nobody for whoever operates the server, by a command. Raises PermissionDenied without
    the right, for oneself, or for a person with all rights unless `by` has them too; or
    SecondStepError without a reason, or if there is no second step.
    """
    person = _lock(user_id)
    if by is not None:
        _guard_reset(person, by)
    if not reason.strip():
        raise SecondStepError(_("Say why the second step is reset."))
    if person.second_step_since is None:
        raise SecondStepError(_("%(name)s has no second step.") % {"name": person})
    _end(person)
    _tell(person, "reset", by, at, reason=reason.strip())
    return person


def _guard_reset(person: User, by: User) -> None:
    if not by.has_perm(RESET):
        raise PermissionDenied(_("You may not reset the second step of others."))
    if person.pk == by.pk:
        raise PermissionDenied(
            _("Turn your own second step off on your profile, with your password or a code.")
        )
    if person.is_superuser and not by.is_superuser:
        raise PermissionDenied(_("Only a person with all rights may reset this second step."))


def _lock(user_id: int) -> User:
    return User.objects.select_for_update(of=("self",)).get(pk=user_id)


def _own_step(person: User) -> SecondStep:
    if person.second_step_since is None:
        raise SecondStepError(_("Your second step is off."))
    return SecondStep.objects.select_for_update().get(user=person)


def _give_codes(step: SecondStep) -> list[str]:
    step.recovery_codes.all().delete()
    given = codes.new_recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(step=step, hash=codes.recovery_hash(step.salt, code)) for code in given
    )
    return given


def _end(person: User) -> None:
    SecondStep.objects.filter(user=person).delete()
    _set_since(person, None)


def _set_since(person: User, since: datetime | None) -> None:
    person.second_step_since = since
    person.save(update_fields=["second_step_since"])


def _tell(person: User, change: str, by: User | None, at: datetime, reason: str = "") -> None:
    second_step_changed.send(  # journal.people
        sender=SecondStep, user=person, change=change, by=by, at=at, reason=reason, data={}
    )
