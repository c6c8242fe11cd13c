"""Messages on their way to a real receiver."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from journal.models import Entry, WebhookAttempt
from journal.webhooks import lifecycle, outcome, schedule, sending, signing
from journal.webhooks.posting import Answer
from staff.models import Notice
from tests.factories import webhooks
from tests.factories.moments import DAY, HOUR
from tests.factories.staff import person
from tests.factories.webhooks import deliver
from tests.journal.webhooks.receiver import AUTHORITY, Receiver, running

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def state(message):
    message.refresh_from_db()
    return message.state


def fails(status):
    return lambda request: status


def test_deliver_sends_what_the_library_verifies(receiver):
    made = webhooks.endpoint(receiver.url)
    message = webhooks.message(made, reason="why", data={"total": "90.00"})
    assert deliver() == 1 and state(message) == "delivered"
    (got,) = receiver.requests
    secret = signing.words(made.secrets.get())
    assert Webhook(secret).verify(got.body, got.headers)["data"]["figures"] == {"total": "90.00"}
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(got.body + " ", got.headers)
    assert got.headers["content-type"] == "application/json" and got.path == "/hook"
    attempt = message.tried.get()
    assert (attempt.number, attempt.status, attempt.cause) == (1, 204, "")


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """Makes the authority of the receiver one of those that this machine trusts."""

    def trust():
        AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))

    return trust


def test_deliver_over_tls_to_a_trusted_certificate(trusted, settings):
    settings.WEBHOOK_INSIDE, settings.WEBHOOK_HTTP = ["receiver.test"], False
    trusted()
    with running(Receiver(), secure=True) as server:
        made = webhooks.endpoint(f"https://receiver.test:{server.server_port}/in?x=1")
        message = webhooks.message(made)
        assert deliver(look_up=lambda host, port: ["127.0.0.1"]) == 1
    assert state(message) == "delivered" and server.requests[0].path == "/in?x=1"
    assert server.requests[0].headers["host"] == f"receiver.test:{server.server_port}"


@pytest.mark.parametrize("host", ["receiver.test", "localhost", "other.test"])
def test_deliver_over_tls_needs_a_valid_certificate(host, trusted, settings):
    settings.WEBHOOK_INSIDE = [host]
    if host == "other.test":  # trusted, but of another name
        trusted()
    with running(Receiver(), secure=True) as server:
        message = webhooks.message(webhooks.endpoint(f"https://{host}:{server.server_port}/"))
        assert deliver(look_up=lambda host, port: ["127.0.0.1"]) == 0
    assert state(message) == "waiting" and message.cause == "tls" and not server.requests


def test_failed_message_is_tried_at_the_times_of_the_schedule(receiver):
    receiver.answer = fails(500)
    message, tries = webhooks.message(webhooks.endpoint(receiver.url)), 0
    at = timezone.now()
    while state(message) == "waiting":
        at = max(at, message.next_at, message.endpoint.rest_until or at)
        before = at
        sending.deliver(now=lambda: at)  # noqa: B023 - called within the round
        tries += 1
        message.refresh_from_db()
        message.endpoint.refresh_from_db()
        if message.state == "waiting":
            wait = schedule.WAITS[tries - 1]
            assert wait * 0.9 <= message.next_at - before <= wait * 1.1
    assert (tries, message.state) == (11, "dead")
    assert len({request.id for request in receiver.requests}) == 1
    assert WebhookAttempt.objects.filter(status=500).count() == 11


def test_failed_message_is_not_tried_before_its_time(receiver):
    receiver.answer = fails(500)
    webhooks.message(webhooks.endpoint(receiver.url))
    deliver(), deliver(timedelta(seconds=4))
    assert len(receiver.requests) == 1
    deliver(timedelta(seconds=6))
    assert len(receiver.requests) == 2


@pytest.mark.parametrize(("header", "least"), [("600", 10), ("1000000000", 0), ("9999999", 360)])
def test_retry_after_is_honoured_within_reason(header, least, receiver):
    receiver.answer = lambda request: (503, {"Retry-After": header}, b"")
    message = webhooks.message(webhooks.endpoint(receiver.url))
    at = timezone.now()
    deliver()
    message.refresh_from_db()
    waited = message.next_at - at
    assert least * MINUTE <= waited <= least * MINUTE + 10 * timedelta(seconds=1)


def test_later_message_of_a_subject_waits_for_the_earlier_one(receiver):
    made = webhooks.endpoint(receiver.url)
    first, second = (webhooks.message(made, order_id=1, reason=each) for each in "ab")
    other = webhooks.message(made, order_id=2, reason="c")
    receiver.answer = lambda request: 500 if request.json["data"]["reason"] == "a" else 204
    deliver(), deliver(timedelta(seconds=1))
    assert [state(each) for each in (first, second, other)] == ["waiting", "waiting", "delivered"]
    receiver.answer = fails(204)
    deliver(timedelta(seconds=10))
    said = [request.json["data"]["reason"] for request in receiver.requests]
    assert said[-2:] == ["a", "b"] and said.count("b") == 1


def test_dead_message_lets_its_subject_go_on(receiver):
    made = webhooks.endpoint(receiver.url)
    dead, later = (webhooks.message(made, order_id=1) for _number in range(2))
    made.messages.filter(pk=dead.pk).update(tries=10)
    receiver.answer = fails(500)
    deliver()
    assert state(dead) == "dead" and state(later) == "waiting"
    receiver.answer = fails(204)
    deliver(timedelta(seconds=6))
    assert state(later) == "delivered"


def test_dead_message_is_told_to_administrators_once_a_day(receiver):
    admin = person("administrator")
    made = webhooks.endpoint(receiver.url, by=admin)
    for number in (1, 2):
        webhooks.message(made, order_id=number)
    made.messages.update(tries=10)
    receiver.answer = fails(500)
    deliver()
    (notice,) = Notice.objects.filter(to=admin, kind="webhook.given_up")
    assert made.description in notice.subject and made.url in notice.text


def test_gone_switches_the_endpoint_off_and_tells_administrators(receiver):
    admin = person("administrator")
    made = webhooks.endpoint(receiver.url, by=admin)
    message = webhooks.message(made)
    receiver.answer = fails(410)
    deliver(), deliver(HOUR)
    made.refresh_from_db()
    assert (made.state, made.stop, state(message)) == ("off", "gone", "waiting")
    assert len(receiver.requests) == 1
    assert Notice.objects.get(to=admin).kind == "webhook.gone"
    assert Entry.objects.about(made).first().action == "webhook.switched_off"


def test_endpoint_that_takes_nothing_for_a_day_is_paused(receiver):
    made = webhooks.endpoint(receiver.url, by=person("administrator"))
    made.failures, made.failing_since = 9, timezone.now() - DAY
    made.save()
    message = webhooks.message(made)
    receiver.answer = fails(500)
    deliver(), deliver(HOUR)
    made.refresh_from_db()
    assert (made.state, made.stop, state(message)) == ("paused", "failing", "waiting")
    assert Notice.objects.get().kind == "webhook.paused" and len(receiver.requests) == 1


def test_failing_endpoint_is_asked_once_and_spared(receiver):
    made = webhooks.endpoint(receiver.url)
    for number in range(8):
        webhooks.message(made, order_id=number + 1)
    receiver.answer = fails(500)
    deliver()
    made.refresh_from_db()
    tried = len(receiver.requests)
    assert made.rest_until and 5 <= made.failures == tried <= 8
    deliver(timedelta(seconds=3))
    assert len(receiver.requests) == tried
    deliver(6 * MINUTE)
    assert len(receiver.requests) == tried + 1


def test_success_forgets_failures(receiver):
    made = webhooks.endpoint(receiver.url)
    webhooks.message(made)
    receiver.answer = fails(500)
    deliver()
    receiver.answer = fails(204)
    deliver(MINUTE)
    made.refresh_from_db()
    assert (made.failures, made.failing_since) == (0, None) and made.delivered_at


def test_redirect_is_not_followed(receiver):
    receiver.answer = lambda request: (302, {"Location": f"{receiver.url}/other"}, b"")
    message = webhooks.message(webhooks.endpoint(receiver.url))
    deliver()
    assert state(message) == "waiting" and message.cause == "redirect"
    assert len(receiver.requests) == 1


def test_answer_is_read_no_further_than_its_beginning(receiver):
    receiver.answer = lambda request: (500, {}, b"x\x00" * 500_000)
    message = webhooks.message(webhooks.endpoint(receiver.url))
    deliver()
    attempt = message.tried.get()
    assert attempt.answer.startswith("xx") and len(attempt.answer) <= 1_000


def test_crash_between_sending_and_recording_sends_once_more_under_the_same_id(receiver):
    made = webhooks.endpoint(receiver.url)
    message = webhooks.message(made)
    (claimed,) = sending.claim(at=timezone.now(), room=1)
    sending._prepared(claimed, at=timezone.now(), look_up=sending.system_resolve)()
    assert state(message) == "sending" and len(receiver.requests) == 1
    deliver(MINUTE)
    assert state(message) == "sending"
    deliver(6 * MINUTE)
    assert state(message) == "delivered" and len({got.id for got in receiver.requests}) == 1
    assert message.tried.get(number=1).ended_at is None


def test_record_of_a_worker_that_was_slow_still_counts():
    message = webhooks.message(webhooks.endpoint())
    at = timezone.now()
    (claimed,) = sending.claim(at=at, room=1)
    outcome.give_back(before=at + HOUR, at=at)
    outcome.record(claimed, Answer(status=200), at=at, chance=0.5)
    assert state(message) == "delivered"


def test_record_of_a_worker_that_was_overtaken_is_only_written_down():
    message = webhooks.message(webhooks.endpoint())
    at = timezone.now()
    (slow,) = sending.claim(at=at, room=1)
    outcome.give_back(before=at + HOUR, at=at)
    sending.claim(at=at, room=1)
    outcome.record(slow, Answer(status=200), at=at, chance=0.5)
    assert state(message) == "sending"
    assert list(message.tried.values_list("status", flat=True)) == [200, None]


def test_paused_endpoint_sends_nothing_and_resumed_sends_all(receiver):
    admin = person("administrator")
    made = webhooks.endpoint(receiver.url, by=admin)
    lifecycle.pause(endpoint_id=made.pk, by=admin, at=timezone.now())
    webhooks.message(made)
    assert deliver() == 0
    lifecycle.resume(endpoint_id=made.pk, by=admin, at=timezone.now())
    assert deliver() == 1


def test_message_that_cannot_be_written_is_a_fault_and_stops_nobody(receiver):
    made = webhooks.endpoint(receiver.url)
    broken, fine = webhooks.message(made), webhooks.message(made)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET data = '5' WHERE id = %s", [broken.entry_id])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert deliver() == 1
    assert (state(broken), broken.cause, state(fine)) == ("waiting", "fault", "delivered")
    made.refresh_from_db()
    assert made.failures == 0
