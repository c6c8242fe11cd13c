"""What changes in a thing, before it is saved and told."""

from collections.abc import Mapping
from typing import Any

from django.db import models


class InUse(ValueError):
    """Something still refers to the thing; the message says what to do instead."""


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


def entered(values: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an entry about a thing that was not there before."""
    return {"before": {}, "after": {name: plain(value) for name, value in values.items()}}


def plain(value: Any) -> Any:
    """The value as JSON has it: of a row its id."""
    return value.pk if isinstance(value, models.Model) else value
