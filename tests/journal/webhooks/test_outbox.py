"""How entries become messages, whichever door they come through."""

import pytest
from django.db import connection, transaction

from journal.models import Entry, WebhookMessage
from journal.record import entry
from journal.webhooks import lifecycle
from orders.enums import OrderAction
from staff.batch import Batch
from tests.factories import orders, webhooks
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def unsaved(subject, *actions):
    return [entry(action=each, subject=subject, by=None, at=NOW) for each in actions]


def told():
    return [message.topic for message in webhooks.messages()]


def test_record_writes_a_message_for_each_endpoint_that_wants_it():
    wanting = webhooks.endpoint(topics=["order.edited"])
    webhooks.endpoint(topics=["credit.*"])
    webhooks.happened()
    (message,) = webhooks.messages()
    assert (message.endpoint, message.state, message.attempts) == (wanting, "waiting", 0)
    assert message.next_at and message.key


@pytest.mark.parametrize(
    ("topics", "count"), [(["*"], 1), (["order.*"], 1), (["order.edited"], 1), (["orde.*"], 0)]
)
def test_topics_match_whole_words(topics, count):
    made = webhooks.endpoint()
    made.topics = topics
    made.save()
    webhooks.happened()
    assert len(webhooks.messages()) == count


def test_bulk_create_writes_messages_in_the_order_of_the_entries():
    webhooks.endpoint(), webhooks.endpoint()
    actions = [OrderAction.SUBMITTED, OrderAction.CREDIT_PASSED]
    Entry.objects.bulk_create(unsaved(person(), *actions))
    assert told() == [actions[0]] * 2 + [actions[1]] * 2


def test_batch_writes_messages():
    webhooks.endpoint()
    batch, subject = Batch(), person()
    batch.insert(unsaved(subject, OrderAction.SUBMITTED, OrderAction.CREDIT_PASSED))
    batch.insert(unsaved(subject, OrderAction.APPROVED))
    batch.send()
    assert told() == [OrderAction.SUBMITTED, OrderAction.CREDIT_PASSED, OrderAction.APPROVED]


def test_raw_insert_writes_messages():
    webhooks.endpoint()
    copied = webhooks.happened()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (at, action, subject_type, subject_id, from_state, to_state,"
            " reason, data) SELECT at, action, subject_type, subject_id, from_state, to_state,"
            " reason, data FROM journal_entry WHERE id = %s",
            [copied.pk],
        )
    assert told() == [OrderAction.EDITED] * 2


def test_submit_tells_what_the_gate_said():
    webhooks.endpoint()
    orders.failed()
    assert told()[-1] == OrderAction.CREDIT_FAILED
    assert OrderAction.SUBMITTED in told()


def test_rollback_leaves_no_message():
    webhooks.endpoint()
    with pytest.raises(RuntimeError), transaction.atomic():
        webhooks.happened()
        assert len(webhooks.messages()) == 1
        raise RuntimeError
    assert webhooks.messages() == []


def test_paused_endpoint_has_messages_and_one_that_is_off_has_none():
    by = person("administrator")
    made = webhooks.endpoint(by=by)
    lifecycle.pause(endpoint_id=made.pk, by=by, at=NOW)
    webhooks.happened()
    lifecycle.switch_off(endpoint_id=made.pk, by=by, at=NOW)
    webhooks.happened()
    assert len(webhooks.messages()) == 1


def test_lane_is_the_order_or_else_the_subject():
    webhooks.endpoint(topics=["*"])
    subject = person()
    webhooks.happened(order_id=7, subject=subject)
    Entry.objects.bulk_create(unsaved(subject, OrderAction.EDITED))
    lanes = [message.lane for message in webhooks.messages()[-2:]]
    assert lanes == ["orders.order 7", f"staff.user {subject.pk}"]


def test_message_of_an_entry_is_written_once():
    made = webhooks.endpoint()
    message = webhooks.message(made)
    again = WebhookMessage(endpoint=made, entry=message.entry, topic="order.edited", lane="x")
    with pytest.raises(Exception, match="webhook_told_once"), transaction.atomic():
        again.next_at = NOW
        again.save()
