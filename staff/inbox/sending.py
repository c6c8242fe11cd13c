"""Mail that waits: claimed, sent and recorded, one by one.

Each delivery is claimed and the claim committed before the mail leaves. A worker that dies between
sending and recording therefore leaves a delivery that is *being sent*; nobody can know whether the
mail left, and it is resolved towards "not twice": after a while it counts as failed for an unknown
cause, is shown to administrators, and only a person has it sent again.
"""

import logging
import random
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction

from staff.inbox.backoff import next_attempt
from staff.inbox.enums import Cause, DeliveryState
from staff.inbox.mail import compose
from staff.inbox.models import Attempt, Delivery, Unwanted
from staff.inbox.smtp import InDoubt

logger = logging.getLogger(__name__)

AT_ONCE = 500
# Far longer than a worker can be at one mail, with EMAIL_TIMEOUT for each word of the server.
SILENT_AFTER = timedelta(minutes=10)
AGAIN = {Cause.UNREACHABLE, Cause.DEFERRED}
_DROPPED = {Cause.NO_ADDRESS, Cause.INACTIVE, Cause.UNWANTED}
_LONGEST_ERROR = 1_000


@dataclass(frozen=True)
class Outcome:
    """What came of a try; without a cause the mail is sent."""

    cause: Cause = Cause.NONE
    error: str = ""

    @property
    def state(self) -> DeliveryState:
        """Where it leaves the delivery, retries aside."""
        if self.cause == Cause.NONE:
            return DeliveryState.SENT
        return DeliveryState.DROPPED if self.cause in _DROPPED else DeliveryState.FAILED


def deliver(*, now: Callable[[], datetime]) -> int:
    """Send what is due, as many workers at once as there are; how many mails left.

    Ends early when the server cannot be reached: the others need not wait for it one by one.
    """
    if not settings.NOTICES_BY_MAIL:
        return 0
    settle_interrupted(at=now())
    connection, sent = get_connection(), 0
    try:
        for _turn in range(AT_ONCE):
            delivery = claim(at=now())
            if delivery is None:
                break
            outcome = _try(delivery, connection)
            record(delivery, outcome, at=now(), chance=random.random())  # noqa: S311 - a delay
            sent += outcome.state == DeliveryState.SENT
            if outcome.cause == Cause.UNREACHABLE:
                break
    finally:
        _close(connection)
    return sent


def claim(*, at: datetime) -> Delivery | None:
    """Take the delivery that waits longest, so that nobody else sends it; None when none is due.

    Not to be called inside a transaction: the claim must be committed before the mail leaves.
    """
    with transaction.atomic(durable=True):
        delivery = Delivery.objects.due(at).select_for_update(skip_locked=True).first()
        if delivery is None:
            return None
        delivery.state, delivery.next_at, delivery.claimed_at = DeliveryState.SENDING, None, at
        delivery.attempts += 1
        delivery.save(update_fields=["state", "next_at", "claimed_at", "attempts"])
        Attempt.objects.create(delivery=delivery, number=delivery.attempts, at=at)
    return Delivery.objects.select_related("notice__to").get(pk=delivery.pk)


@transaction.atomic
def record(claimed: Delivery, outcome: Outcome, *, at: datetime, chance: float) -> None:
    """Write down what came of a try: sent, to be tried again, failed or dropped.

    Where the delivery was given up for silent meanwhile, the truth replaces the guess; where
    somebody had it sent again since, only the try is written down. `chance` (0 to 1) spreads
    retries.
    """
    delivery = Delivery.objects.select_for_update().get(pk=claimed.pk)
    delivery.tries.filter(number=claimed.attempts).update(
        ended_at=at, cause=outcome.cause, error=outcome.error
    )
    if delivery.claimed_at != claimed.claimed_at:
        return
    again = None
    if outcome.cause in AGAIN:
        again = next_attempt(attempts=delivery.attempts, since=delivery.since, at=at, chance=chance)
    delivery.state = DeliveryState.PENDING if again else outcome.state
    delivery.next_at, delivery.claimed_at = again, None
    delivery.sent_at = at if outcome.state == DeliveryState.SENT else None
    delivery.cause, delivery.last_error = outcome.cause, outcome.error
    delivery.save()


def settle_interrupted(*, at: datetime) -> int:
    """Give up what a worker began to send and never spoke of again; how many.

    The moment of the claim stays, by which a worker that was only slow recognises its own.
    """
    silent = Delivery.objects.interrupted(at - SILENT_AFTER)
    return silent.update(state=DeliveryState.FAILED, cause=Cause.UNKNOWN, last_error="")


def _try(delivery: Delivery, connection: Any) -> Outcome:
    if cause := _needless(delivery):
        return Outcome(cause)
    try:
        mail = compose(delivery)
        mail.message()  # a mail that cannot be written must not look like a server that fails
    except Exception as error:
        logger.exception("the mail of delivery %s cannot be written", delivery.pk)
        return Outcome(Cause.BROKEN, _shortened(error))
    outcome = _handed_over(mail, connection)
    if outcome.cause != Cause.NONE:
        logger.warning("mail of delivery %s: %s %s", delivery.pk, outcome.cause, outcome.error)
        _close(connection)
    return outcome


def _needless(delivery: Delivery) -> Cause | None:
    """Why nobody waits for this mail any more, as of now and not of when it was posted."""
    reader = delivery.notice.to
    if not reader.is_active:
        return Cause.INACTIVE
    if not reader.email:
        return Cause.NO_ADDRESS
    if Unwanted.objects.filter(user=reader, kind=delivery.notice.kind).exists():
        return Cause.UNWANTED
    return None


def _handed_over(mail: Any, connection: Any) -> Outcome:
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        # Also a password that the server does not take: nothing of this mail was told yet.
        return Outcome(Cause.UNREACHABLE, _shortened(error))
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _answer in error.recipients.values()]
        return Outcome(_by_code(min(codes)), _shortened(error))
    except smtplib.SMTPSenderRefused as error:
        return Outcome(Cause.DEFERRED, _shortened(error))  # a setting can mend it
    except smtplib.SMTPResponseException as error:
        return Outcome(_by_code(error.smtp_code), _shortened(error))
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Cause.UNREACHABLE, _shortened(error))
    except Exception as error:
        if not isinstance(error, InDoubt):
            logger.exception("an error that says nothing about whether the mail left")
        return Outcome(Cause.UNKNOWN, _shortened(error))
    return Outcome()


def _by_code(code: int) -> Cause:
    return Cause.REFUSED if code >= 500 else Cause.DEFERRED


def _close(connection: Any) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.close()


def _shortened(error: Exception) -> str:
    return (str(error) or type(error).__name__).replace("\x00", "")[:_LONGEST_ERROR]
