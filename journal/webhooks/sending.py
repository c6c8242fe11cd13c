"""Messages that wait: claimed, sent and recorded, many at once.

A message is claimed and the claim committed before it leaves. A worker that dies between sending
and recording therefore leaves a message that is *being sent*; nobody can know whether it arrived,
and it goes once more, under the same webhook-id, by which receivers know what they have already.

The database is this thread's alone; the requests run in threads that know nothing of it, a few for
each endpoint, so that a slow one keeps nobody waiting.
"""

import logging
import random
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from journal.models import Entry
from journal.webhooks import outcome, payload, signing
from journal.webhooks.addresses import Resolve, system_resolve
from journal.webhooks.enums import Cause, EndpointState, MessageState
from journal.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from journal.webhooks.posting import Answer, post
from journal.webhooks.schedule import PATIENCE

logger = logging.getLogger(__name__)

AT_ONCE = 16
AT_ONCE_FOR_ONE = 4
BUDGET = timedelta(seconds=30)  # then nothing new is begun; the clock comes round soon
# Far longer than a request can take, with the look-up of its name.
SILENT_AFTER = timedelta(minutes=5)

Send = Callable[[], Answer]


@dataclass(frozen=True)
class Claim:
    """A message taken by this worker, as it was then, and where it goes."""

    message: WebhookMessage
    endpoint: WebhookEndpoint


def deliver(*, now: Callable[[], datetime], look_up: Resolve = system_resolve) -> int:
    """Send what is due; how many messages arrived. Several workers may be at it together."""
    outcome.give_back(before=now() - SILENT_AFTER, at=now())
    running: dict[Future[Answer], Claim] = {}
    arrived, until = 0, time.monotonic() + BUDGET.total_seconds()
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="webhook") as threads:
        while True:
            if time.monotonic() < until:
                for claimed in claim(at=now(), room=AT_ONCE - len(running)):
                    send = _prepared(claimed, at=now(), look_up=look_up)
                    running[threads.submit(send)] = claimed
            if not running:
                return arrived
            for done in wait(running, timeout=1, return_when=FIRST_COMPLETED).done:
                answer, chance = _answer(done), random.random()  # noqa: S311 - a delay
                outcome.record(running.pop(done), answer, at=now(), chance=chance)
                arrived += answer.cause == Cause.NONE


def claim(*, at: datetime, room: int) -> list[Claim]:
    """Take up to `room` messages that are due, so that nobody else sends them.

    Not to be called inside a transaction: the claims must be committed before the messages leave.
    """
    claimed: list[Claim] = []
    if room > 0:
        for pk in WebhookEndpoint.objects.with_due(at).values_list("pk", flat=True):
            claimed += _claim_of(pk, at=at, room=room - len(claimed))
            if len(claimed) >= room:
                break
    return claimed


def _claim_of(endpoint_id: int, *, at: datetime, room: int) -> list[Claim]:
    with transaction.atomic(durable=True):
        # Whoever writes entries only shares the key of this row, and is not held up.
        locked = WebhookEndpoint.objects.select_for_update(no_key=True, skip_locked=True)
        endpoint = locked.filter(pk=endpoint_id, state=EndpointState.ON).first()
        if endpoint is None:
            return []
        most = 1 if endpoint.failures >= PATIENCE else AT_ONCE_FOR_ONE
        busy = endpoint.messages.filter(state=MessageState.SENDING).count()
        due = endpoint.messages.due(at)
        messages = list(due[: max(0, min(room, most - busy))])
        for message in messages:
            message.state, message.next_at, message.claimed_at = MessageState.SENDING, None, at
            message.attempts += 1
            message.tries += 1
        WebhookMessage.objects.bulk_update(
            messages, ["state", "next_at", "claimed_at", "attempts", "tries"]
        )
        WebhookAttempt.objects.bulk_create(
            [WebhookAttempt(message=each, number=each.attempts, at=at) for each in messages]
        )
    return [Claim(message, endpoint) for message in messages]


def _prepared(claimed: Claim, *, at: datetime, look_up: Resolve) -> Send:
    """The request of a claim, made here where the database is, to be sent elsewhere."""
    message, endpoint = claimed.message, claimed.endpoint
    try:
        body = payload.render(Entry.objects.select_related("by").get(pk=message.entry_id))
        signed = signing.headers(message, body, endpoint.secrets.signing(at), at=at)
    except Exception as error:
        logger.exception("webhook message %s cannot be written", message.pk)
        return partial(Answer, Cause.FAULT, error=type(error).__name__)
    return partial(post, endpoint.url, body, signed, look_up=look_up)


def _answer(done: Future[Answer]) -> Answer:
    if error := done.exception():
        logger.error("a webhook request failed unexpectedly", exc_info=error)
        return Answer(Cause.FAULT, error=type(error).__name__)
    return done.result()
