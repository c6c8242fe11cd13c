"""What comes of a try: for the message, for those that wait behind it, and for its endpoint."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from journal.record import record as journal
from journal.webhooks import notices, schedule
from journal.webhooks.enums import Cause, EndpointState, MessageState, Stop, WebhookAction
from journal.webhooks.models import WebhookEndpoint, WebhookMessage
from journal.webhooks.posting import Answer

if TYPE_CHECKING:
    from journal.webhooks.sending import Claim

logger = logging.getLogger(__name__)


@transaction.atomic
def record(claimed: "Claim", answer: Answer, *, at: datetime, chance: float) -> None:
    """Write down what came of a try: delivered, to be tried again, or given up.

    Where the message was taken back meanwhile, as from a worker that died, a delivery still counts;
    where somebody else sends it already, only the try is written down. `chance` (0 to 1) spreads
    retries.
    """
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=claimed.endpoint.pk)
    message = WebhookMessage.objects.select_for_update().get(pk=claimed.message.pk)
    message.tried.filter(number=claimed.message.attempts).update(
        ended_at=at,
        cause=answer.cause,
        status=answer.status,
        milliseconds=answer.milliseconds,
        answer=answer.text,
        error=answer.error,
    )
    if message.attempts == claimed.message.attempts and message.ended_at is None:
        if answer.cause == Cause.NONE:
            _delivered(message, endpoint, at)
        else:
            _failed(message, endpoint, answer, at, chance)


@transaction.atomic
def give_back(*, before: datetime, at: datetime) -> int:
    """Have what a worker began to send by `before` and never spoke of again sent once more."""
    silent = WebhookMessage.objects.interrupted(before).select_for_update(skip_locked=True)
    chosen = list(silent.values_list("pk", flat=True))
    return WebhookMessage.objects.filter(pk__in=chosen).update(
        state=MessageState.WAITING, cause=Cause.INTERRUPTED, next_at=at
    )


def release(message: WebhookMessage, at: datetime) -> None:
    """Let what waited behind the message go."""
    WebhookMessage.objects.behind(message).filter(next_at__gt=at).update(next_at=at)


def _delivered(message: WebhookMessage, endpoint: WebhookEndpoint, at: datetime) -> None:
    _end(message, MessageState.DELIVERED, Cause.NONE, at)
    endpoint.delivered_at, endpoint.failures = at, 0
    endpoint.failing_since = endpoint.rest_until = None
    endpoint.save(update_fields=["delivered_at", "failures", "failing_since", "rest_until"])


def _failed(
    message: WebhookMessage, endpoint: WebhookEndpoint, answer: Answer, at: datetime, chance: float
) -> None:
    logger.warning("webhook message %s: %s %s", message.pk, answer.cause, answer.error)
    again = schedule.next_try(tries=message.tries, at=at, chance=chance, asked=answer.asked)
    if answer.cause == Cause.GONE:
        again = at  # should somebody switch the endpoint on again
    if again is None:
        _end(message, MessageState.DEAD, answer.cause, at)
        notices.given_up(endpoint, at)
    else:
        message.state, message.next_at = MessageState.WAITING, again
        message.claimed_at, message.cause = None, answer.cause
        message.save(update_fields=["state", "next_at", "claimed_at", "cause"])
        # They would only be looked at and passed over until then.
        WebhookMessage.objects.behind(message).filter(next_at__lt=again).update(next_at=again)
    if answer.cause == Cause.FAULT:
        return  # which says nothing of the endpoint
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.rest_until = schedule.rest(failures=endpoint.failures, at=at)
    endpoint.save(update_fields=["failures", "failing_since", "rest_until"])
    _stop_if_hopeless(endpoint, answer, at)


def _end(message: WebhookMessage, state: MessageState, cause: Cause, at: datetime) -> None:
    message.state, message.cause, message.ended_at = state, cause, at
    message.next_at = message.claimed_at = None
    message.save(update_fields=["state", "cause", "ended_at", "next_at", "claimed_at"])
    release(message, at)


def _stop_if_hopeless(endpoint: WebhookEndpoint, answer: Answer, at: datetime) -> None:
    """Switch off what is gone for good; pause what took nothing for a day. Administrators hear."""
    if endpoint.state == EndpointState.OFF:
        return
    if answer.cause == Cause.GONE:
        _stop(endpoint, EndpointState.OFF, Stop.GONE, WebhookAction.SWITCHED_OFF, at)
    elif endpoint.state == EndpointState.ON and _silent_for_long(endpoint, at):
        _stop(endpoint, EndpointState.PAUSED, Stop.FAILING, WebhookAction.PAUSED, at)


def _silent_for_long(endpoint: WebhookEndpoint, at: datetime) -> bool:
    since = endpoint.failing_since
    many = endpoint.failures >= schedule.PATIENCE
    return many and since is not None and at - since >= schedule.PAUSE_AFTER


def _stop(
    endpoint: WebhookEndpoint,
    state: EndpointState,
    why: Stop,
    action: WebhookAction,
    at: datetime,
) -> None:
    before, endpoint.state, endpoint.stop = endpoint.state, state, why
    endpoint.save(update_fields=["state", "stop"])
    journal(
        action=action, subject=endpoint, by=None, at=at, from_state=before, to_state=state
    )  # its reason is the state `stop`, which reads in every language
    notices.stopped(endpoint, at)
