"""Things of the master data: stored as they are entered and changed, and told to the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from journal.record import record


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
    record(action=action, subject=thing, by=by, at=at, data=_entered(values))


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


def _entered(values: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an entry about a thing that was not there before."""
    return {"before": {}, "after": {name: plain(value) for name, value in values.items()}}


def change(thing: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the thing those `values` that are others than it has, without saving it.

    The data of the entry about it; its "after" names what changed, and is empty where nothing did.
    """
    before = {name: getattr(thing, name) for name in values}
    changed = sorted(name for name, value in values.items() if value != before[name])
    for name in changed:
        setattr(thing, name, values[name])
    return {
        "before": {name: plain(before[name]) for name in changed},
        "after": {name: plain(values[name]) for name in changed},
    }


def plain(value: Any) -> Any:
    """The value as JSON has it: of a row its id."""
    return value.pk if isinstance(value, models.Model) else value
