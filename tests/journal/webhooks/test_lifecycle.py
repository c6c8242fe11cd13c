"""What administrators do with webhooks."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from journal.models import Entry, WebhookEndpoint, WebhookMessage, WebhookSecret
from journal.tasks import delete_old_webhook_messages
from journal.webhooks import lifecycle, pruning, signing
from journal.webhooks.errors import WebhookError
from tests.factories import webhooks
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
WELL = {"url": "https://hooks.example.com/in", "description": "ERP", "topics": ["order.*"]}
VERBS = {
    "change_endpoint": WELL,
    "rotate_secret": {},
    "pause": {},
    "resume": {},
    "switch_off": {},
    "send_test": {},
    "replay": {"message_ids": []},
    "replay_dead": {"since": NOW},
}


@pytest.fixture
def admin():
    return person("administrator")


@pytest.fixture
def made(admin):
    return webhooks.endpoint(by=admin, at=NOW)


def act(verb, endpoint, by, at=NOW, **said):
    return getattr(lifecycle, verb)(
        endpoint_id=endpoint.pk, by=by, at=at, **VERBS.get(verb, {}) | said
    )


def last(endpoint):
    return Entry.objects.about(endpoint).first()


def ended(endpoint, state="dead", **values):
    message = webhooks.message(endpoint, **values)
    WebhookMessage.objects.filter(pk=message.pk).update(
        state=state, next_at=None, ended_at=NOW, tries=11, attempts=11
    )
    return message


def test_create_endpoint_keeps_what_was_said_and_journals_it(admin):
    made = lifecycle.create_endpoint(**WELL, by=admin, at=NOW)
    made.refresh_from_db()
    assert (made.url, made.topics, made.state) == (WELL["url"], ["order.*"], "on")
    assert made.created_by == admin and made.secrets.get().expires_at is None
    assert (last(made).action, last(made).by) == ("webhook.created", admin)
    assert last(made).figure("after") == WELL


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "http://hooks.example.com/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"description": "  "}, "description"),
        ({"topics": []}, "topics"),
        ({"topics": ["order.*", "order.dreamt"]}, "topics"),
        ({"topics": ["dream.*"]}, "topics"),
    ],
)
def test_create_endpoint_refuses_what_cannot_work(wrong, field, admin, settings):
    settings.WEBHOOK_HTTP = False
    with pytest.raises(WebhookError) as refused:
        lifecycle.create_endpoint(**WELL | wrong, by=admin, at=NOW)
    assert refused.value.field == field and not WebhookEndpoint.objects.exists()


def test_create_endpoint_refuses_too_many(admin, monkeypatch):
    monkeypatch.setattr(lifecycle, "MOST_ENDPOINTS", 1)
    off = webhooks.endpoint(by=admin)
    act("switch_off", off, admin)
    webhooks.endpoint(by=admin)
    with pytest.raises(WebhookError, match="already"):
        webhooks.endpoint(by=admin)


@pytest.mark.parametrize("role", ["auditor", "finance", "sales"])
def test_only_administrators_create(role):
    with pytest.raises(PermissionDenied):
        lifecycle.create_endpoint(**WELL, by=person(role), at=NOW)
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_only_administrators_act(verb, made):
    before = Entry.objects.count(), WebhookSecret.objects.count()
    with pytest.raises(PermissionDenied):
        act(verb, made, person("auditor"))
    assert (Entry.objects.count(), WebhookSecret.objects.count()) == before
    made.refresh_from_db()
    assert made.state == "on"


def test_change_endpoint_journals_before_and_after(made, admin):
    act("change_endpoint", made, admin, description="WMS", topics=["order.shipped", "*"])
    made.refresh_from_db()
    assert (made.description, made.topics) == ("WMS", ["*"])
    assert last(made).figure("before")["topics"] == ["order.*"]
    count = Entry.objects.count()
    act("change_endpoint", made, admin, description="WMS", topics=["*"])
    assert Entry.objects.count() == count


def test_rotate_secret_signs_with_both_for_a_while(made, admin):
    old = made.secrets.get()
    new = act("rotate_secret", made, admin)
    assert list(made.secrets.signing(NOW + 23 * HOUR)) == [new, old]
    assert list(made.secrets.signing(NOW + 24 * HOUR)) == [new]
    message = webhooks.message(made)
    both = signing.headers(message, "{}", made.secrets.signing(NOW), at=NOW)["webhook-signature"]
    assert [part[:3] for part in both.split(" ")] == ["v1,", "v1,"] and len(set(both.split())) == 2
    assert last(made).action == "webhook.secret_rotated"


def test_rotate_secret_ends_the_old_ones_at_once_when_asked(made, admin):
    act("rotate_secret", made, admin)
    new = act("rotate_secret", made, admin, keep_old=False)
    assert list(made.secrets.signing(NOW)) == [new]


def test_secret_is_stored_nowhere(made):
    secret = made.secrets.get()
    words = signing.words(secret)
    assert words.startswith("whsec_") and len(words) == 50 and words == signing.words(secret)
    assert words[6:] not in str([list(row) for row in WebhookSecret.objects.values_list()])
    assert words not in str(list(Entry.objects.values_list("data", flat=True)))


def test_secret_belongs_to_the_installation(made, settings):
    before = signing.words(made.secrets.get())
    settings.SECRET_KEY = "another"
    assert signing.words(made.secrets.get()) != before


@pytest.mark.parametrize(
    ("verb", "state", "stop", "action"),
    [
        ("pause", "paused", "by_hand", "webhook.paused"),
        ("switch_off", "off", "by_hand", "webhook.switched_off"),
    ],
)
def test_stopping_and_resuming_are_journaled(verb, state, stop, action, made, admin):
    act(verb, made, admin)
    made.refresh_from_db()
    assert (made.state, made.stop) == (state, stop)
    assert (last(made).action, last(made).from_state, last(made).to_state) == (action, "on", state)
    act("resume", made, admin)
    made.refresh_from_db()
    assert (made.state, made.stop, last(made).action) == ("on", "", "webhook.resumed")


@pytest.mark.parametrize(
    ("before", "verb"),
    [
        ([], "resume"),
        (["pause"], "pause"),
        (["pause"], "send_test"),
        (["switch_off"], "pause"),
        (["switch_off"], "switch_off"),
        (["switch_off"], "send_test"),
        (["switch_off"], "replay"),
        (["switch_off"], "replay_dead"),
    ],
)
def test_acting_in_the_wrong_state_is_refused(before, verb, made, admin):
    for each in before:
        act(each, made, admin)
    count = Entry.objects.count()
    with pytest.raises(WebhookError):
        act(verb, made, admin)
    assert Entry.objects.count() == count


def test_resume_counts_retries_anew(made, admin):
    message = webhooks.message(made)
    made.messages.update(tries=7, next_at=NOW + DAY)
    WebhookEndpoint.objects.update(failures=9, failing_since=NOW, rest_until=NOW + HOUR)
    act("pause", made, admin)
    act("resume", made, admin, at=NOW + HOUR)
    message.refresh_from_db(), made.refresh_from_db()
    assert (message.tries, message.next_at) == (0, NOW + HOUR)
    assert (made.failures, made.failing_since, made.rest_until) == (0, None, None)


@pytest.mark.parametrize("topics", [["order.*"], ["webhook.*"]])
def test_send_test_writes_one_message_whatever_the_topics(topics, admin):
    made = webhooks.endpoint(by=admin, topics=topics)
    made.messages.all().delete()
    message = act("send_test", made, admin)
    assert (message.topic, made.messages.count()) == ("webhook.tested", 1)


@pytest.mark.parametrize("state", ["dead", "delivered"])
def test_replay_sends_again_under_the_same_id(state, made, admin):
    message = ended(made, state)
    key = message.webhook_id
    assert act("replay", made, admin, message_ids=[message.pk]) == 1
    message.refresh_from_db()
    assert (message.state, message.tries, message.attempts) == ("waiting", 0, 11)
    assert message.webhook_id == key and message.next_at == NOW
    assert last(made).figure("messages") == 1


def test_replay_leaves_alone_what_waits_and_what_is_another_endpoints(made, admin):
    waiting = webhooks.message(made)
    other = ended(webhooks.endpoint(by=admin))
    assert act("replay", made, admin, message_ids=[waiting.pk, other.pk]) == 0
    assert last(made).action == "webhook.created"


def test_replay_dead_takes_what_was_written_since(made, admin):
    old, new, fine = ended(made), ended(made), ended(made, "delivered")
    WebhookMessage.objects.filter(pk=old.pk).update(created_at=NOW - DAY)
    WebhookMessage.objects.filter(pk__in=[new.pk, fine.pk]).update(created_at=NOW)
    assert act("replay_dead", made, admin, since=NOW - HOUR) == 1
    assert made.messages.get(state="waiting") == new


def test_verbs_that_send_kick_the_worker(made, admin, kicks, django_capture_on_commit_callbacks):
    dead = ended(made)
    with django_capture_on_commit_callbacks(execute=True):
        act("send_test", made, admin)
        act("replay", made, admin, message_ids=[dead.pk])
    assert len(kicks) == 2


def test_prune_deletes_what_is_old_and_done_with(made, admin, monkeypatch):
    monkeypatch.setattr(pruning, "AT_ONCE", 1)
    long_ago = NOW - timedelta(days=31)
    old, older, young, waiting = ended(made), ended(made), ended(made), webhooks.message(made)
    old_ones = [old.pk, older.pk, waiting.pk]
    WebhookMessage.objects.filter(pk__in=old_ones).update(created_at=long_ago)
    WebhookMessage.objects.filter(pk__in=[old.pk, older.pk]).update(ended_at=long_ago)
    assert pruning.prune(at=NOW) == 2
    assert set(made.messages.all()) == {young, waiting}
    act("pause", made, admin)
    assert pruning.prune(at=NOW) == 1
    assert delete_old_webhook_messages() == 0
