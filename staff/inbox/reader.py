"""Words as their reader would see them."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.conf import settings
from django.utils import timezone, translation

from staff import zones
from staff.models import User


@contextmanager
def reading_as(user: User) -> Iterator[None]:
    """Language and time zone of `user`, where no page of theirs says them.

    Whoever leaves the language to the browser gets English, which is the language of the product:
    there is no browser to ask.
    """
    zone = zones.known(user.time_zone)
    with (
        translation.override(user.language or settings.LANGUAGE_CODE),
        timezone.override(zone) if zone else nullcontext(),
    ):
        yield
