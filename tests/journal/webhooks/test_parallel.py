"""Several workers, slow receivers: nothing twice, nobody starved."""

import threading
import time

import pytest
from django.core.cache import cache
from django.utils import timezone

from journal import tasks
from journal.models import WebhookAttempt
from journal.webhooks import sending
from tests.factories import webhooks
from tests.factories.moments import DAY
from tests.factories.webhooks import deliver
from tests.journal.webhooks.receiver import Receiver, running
from tests.staff.inbox.test_parallel import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_workers_at_once_send_each_message_once_and_in_order(receiver):
    made = webhooks.endpoint(receiver.url)
    for number in range(40):
        webhooks.message(made, order_id=1 + number % 10, reason=str(number))
    arrived = sum(at_once(lambda number: deliver()))
    assert arrived == 40 == len(receiver.requests) == WebhookAttempt.objects.count()
    for order in range(1, 11):
        said = [got.json["data"] for got in receiver.requests]
        of_one = [int(data["reason"]) for data in said if data["order"]["id"] == order]
        assert of_one == sorted(of_one) and len(of_one) == 4
    assert receiver.most_busy <= sending.AT_ONCE_FOR_ONE


def test_claim_at_once_gives_each_message_to_one_worker():
    made = webhooks.endpoint()
    for _number in range(12):
        webhooks.message(made)
    claimed = at_once(lambda number: sending.claim(at=timezone.now(), room=16))
    found = [each.message.pk for one in claimed for each in one]
    assert len(found) == len(set(found)) == sending.AT_ONCE_FOR_ONE


def test_slow_receiver_keeps_nobody_waiting(receiver):
    with running(Receiver()) as slow:
        slow.seconds = 1.5
        to_slow, to_quick = webhooks.endpoint(slow.url), webhooks.endpoint(receiver.url)
        for _number in range(20):
            webhooks.happened()
        started, done = time.monotonic(), []
        receiver.answer = lambda request: done.append(time.monotonic() - started) or 204
        thread = threading.Thread(target=lambda: at_once(lambda number: deliver(), 1))
        thread.start()
        while len(done) < 20 and time.monotonic() - started < 10:
            time.sleep(0.02)
        assert len(slow.requests) <= 8 and max(done) < 3
        to_slow.messages.filter(state="waiting").update(next_at=timezone.now() + DAY)
        thread.join()
    assert to_quick.messages.filter(state="delivered").count() == 20


def test_task_leaves_the_turn_to_whoever_has_it(receiver):
    webhooks.message(webhooks.endpoint(receiver.url))
    cache.add(tasks._TURN, True, 5)
    assert tasks.deliver_webhooks() == 0
    cache.delete(tasks._TURN)
    assert tasks.deliver_webhooks() == 1 and cache.get(tasks._TURN) is None
