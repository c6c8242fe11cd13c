"""Accounts of the people who work here: entered, changed, given roles, closed.

* Roles are given and taken by holders of `staff.assign_roles`, never to and from oneself.
* Nobody closes the own account, so that somebody who may open accounts is always there.
* Only a superuser sees or touches a superuser; nobody else can make one.
* Service users of keys are not people: they cannot be opened or given a role.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from staff.changes import change, entered
from staff.models import User
from staff.signals import company_changed


class PersonError(ValueError):
    """The account cannot be changed like this; the message says why."""


def seen_by(user: User) -> QuerySet[User]:
    """The people whose accounts `user` may see, if they may see any; closed accounts too."""
    people: QuerySet[User] = User.objects.filter(api_key=None)
    return people if user.is_superuser else people.filter(is_superuser=False)


@transaction.atomic
def enter_person(
    *,
    values: Mapping[str, Any],
    roles: Collection[Group] = (),
    password: str | None = None,
    by: User,
    at: datetime,
) -> User:
    """An account with these `values` of its fields; without a `password` nobody can sign in to it.

    A password was validated before. Raises PermissionDenied, or ValidationError naming each field
    that is wrong.
    """
    _may(by, "staff.add_user", _("You may not enter people."))
    if roles:
        _may(by, "staff.assign_roles", _("You may not give roles."))
    values = _normal(values)
    person = User(**values)
    person.set_password(password)
    person.full_clean(exclude=["password"])
    person.save(force_insert=True)
    person.groups.set(roles)
    data = entered(values)
    data["after"]["roles"] = _names(roles)
    _tell(person, "person.entered", data, by, at)
    return person


@transaction.atomic
def change_person(*, person_id: int, values: Mapping[str, Any], by: User, at: datetime) -> User:
    """The account with other `values` of its fields; those of roles have verbs of their own.

    `is_superuser` is given by superusers, to others. Nothing is written for no change. Raises
    PermissionDenied, PersonError for taking it from oneself, or ValidationError.
    """
    person = _lock(person_id, by)
    _may(by, "staff.change_user", _("You may not change people."))
    data = change(person, _normal(values))
    if "is_superuser" in data["after"]:
        _guard_superuser(person, by)
    if data["after"]:
        person.full_clean(exclude=["password"])
        person.save(update_fields=data["after"].keys())
        _tell(person, "person.changed", data, by, at)
    return person


@transaction.atomic
def set_password(*, person_id: int, password: str | None, by: User, at: datetime) -> User:
    """Give an account another password, validated before; with None nobody can sign in to it.

    Ends its sessions. Raises PermissionDenied.
    """
    person = _lock(person_id, by)
    _may(by, "staff.change_user", _("You may not change people."))
    person.set_password(password)
    person.save(update_fields=["password"])
    _tell(person, "person.password_set", {"usable": password is not None}, by, at)
    return person


@transaction.atomic
def set_roles(*, person_id: int, roles: Collection[Group], by: User, at: datetime) -> User:
    """Give somebody exactly these roles. Nothing is written for no change.

    Raises PermissionDenied, or PersonError for one's own.
    """
    person = _lock(person_id, by)
    _may(by, "staff.assign_roles", _("You may not give roles."))
    before = _names(person.groups.all())
    if before == _names(roles):
        return person
    if person.pk == by.pk:
        raise PersonError(_("Nobody changes their own roles. Ask another administrator."))
    person.groups.set(roles)
    data = {"before": {"roles": before}, "after": {"roles": _names(roles)}}
    _tell(person, "person.roles_changed", data, by, at)
    return person


@transaction.atomic
def close_account(*, person_id: int, by: User, at: datetime) -> User:
    """Nobody signs in to the account any more, and whoever is signed in to it is out.

    What they did stays theirs. Raises PermissionDenied, or PersonError for one's own or one that is
    closed.
    """
    person = _lock(person_id, by)
    _may(by, "staff.change_user", _("You may not close accounts."))
    if person.pk == by.pk:
        raise PersonError(_("Nobody closes their own account. Ask another administrator."))
    if not person.is_active:
        raise PersonError(_("This account is closed already."))
    return _open(person, False, "person.closed", by, at)


@transaction.atomic
def reopen_account(*, person_id: int, by: User, at: datetime) -> User:
    """Let somebody sign in again, with the roles and the password from before.

    Raises PermissionDenied, or PersonError for an account that is open.
    """
    person = _lock(person_id, by)
    _may(by, "staff.change_user", _("You may not open accounts."))
    if person.is_active:
        raise PersonError(_("This account is open already."))
    return _open(person, True, "person.reopened", by, at)


def _open(person: User, is_open: bool, what: str, by: User, at: datetime) -> User:
    data = change(person, {"is_active": is_open})
    person.save(update_fields=["is_active"])
    _tell(person, what, data, by, at)
    return person


def _lock(person_id: int, by: User) -> User:
    return seen_by(by).select_for_update(of=("self",), no_key=True).get(pk=person_id)


def _may(by: User, permission: str, refusal: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied(refusal)


def _guard_superuser(person: User, by: User) -> None:
    if not by.is_superuser:
        raise PermissionDenied(_("Only a superuser makes superusers."))
    if person.pk == by.pk:
        raise PersonError(_("Nobody changes their own rights. Ask another administrator."))


def _normal(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = dict(values)
    if "username" in kept:
        kept["username"] = User.normalize_username(kept["username"])
    if "email" in kept:
        kept["email"] = User.objects.normalize_email(kept["email"])
    return kept


def _names(roles: Any) -> list[str]:
    return sorted(role.name for role in roles)


def _tell(person: User, what: str, data: dict[str, Any], by: User, at: datetime) -> None:
    company_changed.send(sender=User, subject=person, what=what, data=data, by=by, at=at)
