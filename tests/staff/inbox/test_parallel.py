"""Real workers on real connections, all at once, and one real mail server."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from staff import tasks
from staff.inbox import sending
from staff.inbox.enums import DeliveryState
from staff.inbox.models import Attempt, Delivery, Notice
from tests.factories.moments import NOW
from tests.factories.notices import posted, tell
from tests.factories.staff import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORKERS = 4


def at_once(call, times=WORKERS):
    start = Barrier(times)

    def work(number):
        try:
            start.wait()
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(work, range(times)))


@pytest.fixture(autouse=True)
def no_kick(monkeypatch):
    monkeypatch.setattr(tasks.deliver_notices, "apply_async", lambda **options: None)


def test_workers_at_once_send_each_mail_once(server):
    ada = person(email="ada@example.com")
    for _number in range(30):
        posted(ada)
    sent = at_once(lambda number: sending.deliver(now=lambda: NOW))
    assert sum(sent) == 30
    assert len([s for s in sent if s]) > 1, "only one worker got anything to do"
    assert set(server.copies().values()) == {1}
    assert len(server.mails) == 30 == Attempt.objects.count()
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_telling_at_once_tells_and_mails_once(server):
    people = [person(email=f"{n}@example.com") for n in range(5)]
    at_once(lambda number: tell(*(people if number % 2 else reversed(people)), key="k"))
    assert Notice.objects.count() == Delivery.objects.count() == 5
    assert sum(at_once(lambda number: sending.deliver(now=lambda: NOW))) == 5
    assert len(server.mails) == 5


def test_notify_is_kept_when_the_broker_is_away(server, monkeypatch, caplog):
    monkeypatch.setattr(tasks.deliver_notices, "apply_async", lambda **options: 1 / 0)
    posted(person(email="ada@example.com"))
    assert "_send_soon" in caplog.text
    assert sending.deliver(now=lambda: NOW) == 1
