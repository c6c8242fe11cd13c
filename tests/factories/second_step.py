"""Second steps of sign-ins, and the app that would show the codes."""

import base64
from datetime import timedelta

from django.utils import timezone
from django_otp.oath import TOTP

from staff.models import SecondStep
from staff.second_step import codes, lifecycle


def app_code(salt, *, at=None, steps=0):
    """What an app shows that was given the key of `salt`, `steps` half minutes from `at`."""
    totp = TOTP(base64.b32decode(codes.key(salt).replace(" ", "")))
    totp.time = (at or timezone.now()).timestamp() + 30 * steps
    return f"{totp.token():06d}"


def code_of(user, *, at=None, steps=0):
    """What the app of `user` shows."""
    return app_code(SecondStep.objects.get(user=user).salt, at=at, steps=steps)


def turned_on(user, *, at=None):
    """`user`, who has a second step since some time, and the recovery codes."""
    at = at or timezone.now() - timedelta(minutes=10)
    salt = codes.new_salt()
    return lifecycle.turn_on(salt=salt, code=app_code(salt, at=at), by=user, at=at)
