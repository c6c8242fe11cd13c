"""Doing something without doing it, to see what would come of it."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

Done = TypeVar("Done")
Seen = TypeVar("Seen")


def rehearse(verb: Callable[[], Done], see: Callable[[Done], Seen]) -> Seen:
    """Let the verb do it, look at what came of it, and undo everything.

    What was to happen after the commit never does. Raises what the verb raises.
    """
    with transaction.atomic():
        seen = see(verb())
        transaction.set_rollback(True)
    return seen
