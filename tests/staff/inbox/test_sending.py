from datetime import timedelta

import pytest

from staff.inbox import lifecycle, sending
from staff.inbox.enums import Cause, DeliveryState
from staff.inbox.models import Attempt, Delivery
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.notices import KIND, posted
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return person("sales", email="ada@example.com", full_name="Ada")


def deliver(at=NOW):
    return sending.deliver(now=lambda: at)


def fate(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.cause


def tries(delivery):
    return list(delivery.tries.values_list("number", "cause"))


def test_deliver_sends_what_is_due_and_records_it(server, ada):
    delivery = posted(ada)
    assert deliver() == 1
    assert fate(delivery) == (DeliveryState.SENT, "")
    assert (delivery.sent_at, tries(delivery)) == (NOW, [(1, "")])
    (mail,) = server.mails
    assert (mail["To"], mail["From"]) == ("ada@example.com", "Ordergate <gate@example.com>")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_deliver_again_sends_nothing(server, ada):
    posted(ada)
    assert [deliver(), deliver(NOW + DAY)] == [1, 0]
    assert len(server.mails) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_deliver_tries_again_when_the_server_says_later(server, ada, command):
    delivery = posted(ada)
    server.answers = {command: "451 come back later"}
    assert deliver() == 0
    assert fate(delivery) == (DeliveryState.PENDING, Cause.DEFERRED)
    assert timedelta(seconds=45) <= delivery.next_at - NOW <= timedelta(seconds=75)
    assert "come back later" in delivery.last_error
    server.answers, server.mails = {}, []
    assert [deliver(), deliver(NOW + 2 * timedelta(minutes=1))] == [0, 1]
    assert tries(delivery) == [(1, Cause.DEFERRED), (2, "")]


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_deliver_gives_up_what_the_server_refuses(server, ada, command):
    delivery, other = posted(ada), posted(ada)
    server.answers = {command: "550 no such person"}
    assert deliver() == 0
    assert fate(delivery) == fate(other) == (DeliveryState.FAILED, Cause.REFUSED)
    assert (delivery.next_at, delivery.attempts) == (None, 1)


def test_deliver_does_not_blame_the_mail_for_a_sender_that_is_refused(server, ada):
    delivery = posted(ada)
    server.answers = {"MAIL": "530 who are you?"}
    deliver()
    assert fate(delivery) == (DeliveryState.PENDING, Cause.DEFERRED)


def test_deliver_waits_for_a_server_that_is_down_and_asks_it_once_only(server, ada):
    first, second = posted(ada), posted(ada)
    server.stop()
    assert deliver() == 0
    assert fate(first) == (DeliveryState.PENDING, Cause.UNREACHABLE)
    assert fate(second) == (DeliveryState.PENDING, "")
    assert Attempt.objects.count() == 1


def test_deliver_gives_up_after_a_day(server, ada):
    delivery, at = posted(ada), NOW
    server.stop()
    while delivery.state == DeliveryState.PENDING:
        at = delivery.next_at
        deliver(at)
        delivery.refresh_from_db()
    assert fate(delivery) == (DeliveryState.FAILED, Cause.UNREACHABLE)
    assert DAY <= at - NOW < DAY + 3 * HOUR
    assert delivery.attempts == delivery.tries.count() > 15


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_deliver_tries_again_when_the_line_breaks_before_the_mail_left(server, ada, command):
    delivery = posted(ada)
    server.answers = {command: "hang up"}
    deliver()
    assert fate(delivery) == (DeliveryState.PENDING, Cause.UNREACHABLE)


def test_deliver_never_sends_twice_when_the_line_breaks_after_the_mail_left(server, ada):
    delivery = posted(ada)
    server.answers = {"DATA": "keep and hang up"}
    deliver()
    assert fate(delivery) == (DeliveryState.FAILED, Cause.UNKNOWN)
    server.answers = {}
    assert deliver(NOW + DAY) == 0
    assert len(server.mails) == 1


def test_deliver_never_sends_twice_after_a_crash(server, ada, monkeypatch):
    delivery = posted(ada)
    monkeypatch.setattr(sending, "record", lambda *args, **figures: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        deliver()
    monkeypatch.undo()
    assert [deliver(NOW + timedelta(minutes=9)), fate(delivery)] == [0, (DeliveryState.SENDING, "")]
    assert deliver(NOW + timedelta(minutes=11)) == 0
    assert fate(delivery) == (DeliveryState.FAILED, Cause.UNKNOWN)
    assert delivery.tries.get().ended_at is None
    assert len(server.mails) == 1


def test_record_of_a_slow_worker_replaces_the_guess(server, ada):
    posted(ada)
    claimed = sending.claim(at=NOW)
    sending.settle_interrupted(at=NOW + HOUR)
    sending.record(claimed, sending.Outcome(), at=NOW + HOUR, chance=0.5)
    assert fate(claimed) == (DeliveryState.SENT, "")


def test_record_of_a_slow_worker_leaves_what_was_sent_again(server, ada):
    posted(ada)
    claimed = sending.claim(at=NOW)
    sending.settle_interrupted(at=NOW + HOUR)
    admin = person("administrator")
    lifecycle.send_again(delivery_ids=[claimed.pk], by=admin, at=NOW + HOUR)
    sending.record(claimed, sending.Outcome(), at=NOW + HOUR, chance=0.5)
    assert fate(claimed)[0] == DeliveryState.PENDING
    assert claimed.tries.get().ended_at == NOW + HOUR


def close(reader):
    reader.is_active = False


def lose_address(reader):
    reader.email = ""


def want_none(reader):
    lifecycle.choose_mail(user=reader, unwanted=[KIND], shown=[KIND])


@pytest.mark.parametrize(
    ("happens", "cause"),
    [(close, Cause.INACTIVE), (lose_address, Cause.NO_ADDRESS), (want_none, Cause.UNWANTED)],
)
def test_deliver_drops_what_nobody_waits_for_any_more(server, ada, happens, cause):
    delivery = posted(ada)
    happens(ada)
    ada.save()
    assert deliver() == 0
    assert fate(delivery) == (DeliveryState.DROPPED, cause)
    assert server.mails == []


def test_deliver_is_not_kept_by_a_mail_that_cannot_be_written(server, ada, caplog):
    broken = posted(person(email="a b\n@example.com"))
    fine = posted(ada)
    assert deliver() == 1
    assert fate(broken) == (DeliveryState.FAILED, Cause.BROKEN)
    assert fate(fine) == (DeliveryState.SENT, "")


def test_deliver_without_a_mail_server_leaves_everything(server, ada, settings):
    delivery = posted(ada)
    settings.NOTICES_BY_MAIL = False
    assert deliver() == 0
    assert fate(delivery) == (DeliveryState.PENDING, "")
    assert not Attempt.objects.exists()


def test_send_again_counts_retries_anew(server, ada):
    delivery = posted(ada)
    server.answers = {"RCPT": "550 no"}
    deliver()
    server.answers = {}
    admin = person("administrator")
    again = NOW + 3 * DAY
    assert lifecycle.send_again(delivery_ids=[delivery.pk], by=admin, at=again) == 1
    assert lifecycle.send_again(delivery_ids=[delivery.pk], by=admin, at=again) == 0
    assert deliver(again) == 1
    assert tries(delivery) == [(1, Cause.REFUSED), (2, "")]
    assert Delivery.objects.get().since == again
