import json

import pytest

from journal.models import WebhookEndpoint, WebhookMessage
from journal.webhooks import signing
from journal.webhooks.enums import MessageState
from staff.api.models import KeptAnswer
from staff.api.scopes import Scope
from tests.factories import webhooks
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
BODY = {"url": webhooks.URL, "description": "WMS", "topics": ["order.*"]}


@pytest.fixture
def administrator():
    return Caller(user=person("administrator"))


def test_secret_of_a_webhook_is_told_once_and_kept_nowhere(administrator):
    made = administrator.post("webhooks/", BODY)
    endpoint = WebhookEndpoint.objects.get()
    assert (made.status_code, made.json()["webhook"]) == (201, endpoint.pk)
    assert made.json()["secret"] == signing.words(endpoint.secrets.get())
    assert (made["Cache-Control"], KeptAnswer.objects.count()) == ("no-store", 0)
    renewed = administrator.post(f"webhooks/{endpoint.pk}/rotate/", {"at_once": True}).json()
    assert renewed["secret"] not in ("", made.json()["secret"])
    assert "secret" not in administrator.get(f"webhooks/{endpoint.pk}/").json()
    assert KeptAnswer.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"url": "http://127.0.0.1/"}, "webhook_refused"),
        ({"topics": ["order.flown"]}, "webhook_refused"),
        ({"topics": []}, "invalid"),
        ({"description": ""}, "invalid"),
    ],
)
def test_webhook_that_makes_no_sense_is_refused(administrator, values, code):
    refused = administrator.post("webhooks/", BODY | values)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert not WebhookEndpoint.objects.exists()


def test_webhook_is_changed_paused_resumed_and_switched_off(administrator):
    path = f"webhooks/{webhooks.endpoint().pk}/"
    assert administrator.put(path, BODY | {"topics": ["*"]}).json()["topics"] == ["*"]
    for act, state in (("pause", "paused"), ("resume", "on"), ("off", "off")):
        assert administrator.post(f"{path}{act}/").json()["state"] == state
    again = administrator.post(f"{path}off/")
    assert (again.status_code, again.json()["code"]) == (422, "webhook_refused")
    assert administrator.post(f"{path}test/").json()["code"] == "webhook_refused"
    assert [one["state"] for one in administrator.get("webhooks/").json()["results"]] == ["off"]


def test_messages_are_listed_and_sent_again(administrator):
    endpoint = webhooks.endpoint()
    message, path = webhooks.message(endpoint), f"webhooks/{endpoint.pk}/"
    WebhookMessage.objects.update(
        state=MessageState.DEAD, next_at=None, ended_at=message.created_at
    )
    [told] = administrator.get(f"{path}messages/", state="dead").json()["results"]
    assert (told["id"], told["webhook_id"]) == (message.pk, message.webhook_id)
    assert administrator.get(f"{path}messages/", topic="order.shipped").json()["results"] == []
    body = {"messages": [message.pk]}
    assert administrator.post(f"{path}replay/", body).json() == {"messages": 1}
    assert administrator.post(f"{path}replay/", body).json() == {"messages": 0}
    assert administrator.post(f"{path}replay/", {"messages": []}).json()["code"] == "invalid"
    tried = administrator.post(f"{path}test/")
    assert (tried.status_code, tried.json()["topic"]) == (201, "webhook.tested")


def test_message_is_read_with_its_body_and_what_was_given_up_sent_since(administrator):
    endpoint = webhooks.endpoint()
    message, path = webhooks.message(endpoint), f"webhooks/{endpoint.pk}/replay/"
    told = administrator.get(f"webhook-messages/{message.pk}/").json()
    assert (json.loads(told["body"])["type"], told["tried"]) == (message.topic, [])
    WebhookMessage.objects.update(
        state=MessageState.DEAD, next_at=None, ended_at=message.created_at
    )
    since = {"since": message.created_at.isoformat()}
    assert administrator.post(path, since).json() == {"messages": 1}
    both = administrator.post(path, since | {"messages": [message.pk]})
    assert (both.status_code, administrator.post(path, {}).status_code) == (422, 422)


def test_keys_manage_no_webhooks():
    endpoint, path = webhooks.endpoint(), "webhooks/"
    every = caller(*Scope)
    assert every.get(path).json()["results"][0]["id"] == endpoint.pk
    assert every.post(path, BODY).status_code == 403
    assert every.post(f"{path}{endpoint.pk}/rotate/").status_code == 403
    assert caller(Scope.ORDERS).get(path).status_code == 403
