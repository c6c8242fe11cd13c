"""A code is entered: looked at once, taken at most once, and counted when it is wrong."""

from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import ngettext

from staff.models import SecondStep, User
from staff.second_step import codes
from staff.second_step.errors import SecondStepError
from staff.signals import second_step_changed

# django-axes counts what comes from one address. Whoever knows a password might try codes from
# many: after so many wrong ones in a row, from anywhere, the app's codes have to wait, each time
# twice as long. Recovery codes need not, for they are too long to be found by trying.
_FREE, _WAIT, _LONGEST = 4, timedelta(minutes=1), timedelta(days=1)
_MOST = 16  # wrong codes that are told apart: then the wait is the longest


@transaction.atomic
def enter_code(*, code: str, by: User, at: datetime) -> bool:
    """Whether the digits open for `by`: the code of the app or a recovery code, taken by this.

    Raises SecondStepError while codes of the app have to wait.
    """
    step = SecondStep.objects.select_for_update().filter(user=by.pk).first()
    if step is None:
        return False
    if len(code) == codes.RECOVERY_DIGITS:
        return _use_recovery_code(step, code, by, at)
    if step.wait_until and at < step.wait_until:
        raise SecondStepError(_wait_words(step.wait_until - at))
    counter = codes.counter_of(step.salt, code, at=at, after=step.last_counter)
    if counter is None:
        _count_failure(step, at)
        return False
    step.last_counter, step.failures, step.wait_until = counter, 0, None
    step.save(update_fields=["last_counter", "failures", "wait_until"])
    return True


def attempt(request: HttpRequest, person: User, code: str, *, at: datetime) -> bool:
    """`enter_code` for a request, throttled and counted like a password.

    Whoever is shut out gets the page that says so, by the middleware of django-axes.
    """
    credentials = {"username": person.get_username()}
    allowed = AxesProxyHandler.is_allowed(request, credentials)
    if allowed and enter_code(code=code, by=person, at=at):
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False


def prove(request: HttpRequest, person: User, text: str, *, at: datetime) -> bool:
    """Whether `text` is the password of `person`, or a code; throttled alike.

    Raises SecondStepError as `enter_code`.
    """
    code = codes.digits(text)
    if len(code) in (codes.CODE_DIGITS, codes.RECOVERY_DIGITS):
        return attempt(request, person, code, at=at)
    return authenticate(request, username=person.get_username(), password=text) is not None


def _use_recovery_code(step: SecondStep, code: str, by: User, at: datetime) -> bool:
    fresh = step.recovery_codes.filter(used_at=None)
    if not fresh.filter(hash=codes.recovery_hash(step.salt, code)).update(used_at=at):
        return False
    step.failures, step.wait_until = 0, None
    step.save(update_fields=["failures", "wait_until"])
    second_step_changed.send(  # journal.people
        sender=SecondStep,
        user=by,
        change="code_used",
        by=by,
        at=at,
        reason="",
        data={"left": fresh.count()},
    )
    return True


def _count_failure(step: SecondStep, at: datetime) -> None:
    step.failures = min(step.failures + 1, _MOST)
    over = step.failures - _FREE
    if over > 0:
        step.wait_until = at + min(_WAIT * 2 ** (over - 1), _LONGEST)
    step.save(update_fields=["failures", "wait_until"])


def _wait_words(left: timedelta) -> str:
    minutes = -(-left // timedelta(minutes=1))
    text = ngettext(
        "Too many wrong codes. Enter a recovery code, or wait %(count)d minute for the app’s.",
        "Too many wrong codes. Enter a recovery code, or wait %(count)d minutes for the app’s.",
        minutes,
    )
    return text % {"count": minutes}
