"""Things of the master data: stored as they are entered and changed, and told to the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import ProtectedError

from journal.record import record
from staff.changes import InUse
from staff.changes import change as change
from staff.changes import entered as entered
from staff.changes import plain as plain


def enter(
    thing: models.Model,
    values: Mapping[str, Any],
    *,
    action: str,
    by: AbstractBaseUser,
    at: datetime,
) -> None:
    """Store a new thing, made of these `values`. Raises ValidationError naming each wrong field."""
    thing.full_clean()
    thing.save(force_insert=True)
    record(action=action, subject=thing, by=by, at=at, data=entered(values))


def keep(
    thing: models.Model, data: dict[str, Any], *, action: str, by: AbstractBaseUser, at: datetime
) -> None:
    """Store what `change` did to a thing; nothing is written where that was nothing.

    Raises ValidationError naming each wrong field.
    """
    if data["after"]:
        thing.full_clean()
        thing.save(update_fields=data["after"].keys())
        record(action=action, subject=thing, by=by, at=at, data=data)


def remove(
    thing: models.Model, *, action: str, instead: str, by: AbstractBaseUser, at: datetime
) -> None:
    """Delete a thing to which nothing refers; the entry keeps what it is called.

    Raises InUse, which says what to do `instead`.
    """
    record(action=action, subject=thing, by=by, at=at, data={"removed": str(thing)})
    try:
        thing.delete()
    except ProtectedError as error:
        raise InUse(instead) from error
