"""Webhooks in the browser."""

import pytest
from django.urls import reverse
from django.utils import timezone

from journal.models import WebhookEndpoint, WebhookMessage
from journal.webhooks import lifecycle, signing
from tests.config.leftovers import leftovers
from tests.config.test_translations import KNOWN
from tests.factories import orders, webhooks
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
FORM = {"url": "https://hooks.example.com/in", "description": "ERP", "topics": ["order.*"]}


@pytest.fixture
def admin(client):
    user = person("administrator")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return user


@pytest.fixture
def made(admin):
    return webhooks.endpoint(by=admin)


def address(name, *arguments, query=""):
    return reverse(f"webhooks:{name}", args=arguments) + query


def page(client, *arguments, query="", status=200):
    response = client.get(address(*arguments, query=query))
    assert response.status_code == status
    return response.content.decode()


def post(client, name, pk, data=None):
    response = client.post(address(name, pk), data or {}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def dead(endpoint, count=1):
    found = [webhooks.message(endpoint) for _number in range(count)]
    ids = [message.pk for message in found]
    values = {"state": "dead", "next_at": None, "ended_at": timezone.now(), "cause": "status"}
    WebhookMessage.objects.filter(pk__in=ids).update(**values)
    return found


def test_list_says_what_webhooks_are_when_there_are_none(client, admin):
    assert "No webhooks yet" in page(client, "list")


def test_new_shows_the_secret_once(client, admin):
    response = client.post(address("new"), FORM, follow=True)
    made = WebhookEndpoint.objects.get()
    words = signing.words(made.secrets.get())
    assert words in response.content.decode().replace("&#x2B;", "+")
    assert "whsec_" not in page(client, "detail", made.pk)
    assert made.created_by == admin and made.topics == ["order.*"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "https://192.168.1.1/"}, "private or special network"),
        ({"topics": []}, "Choose at least one event"),
        ({"topics": ["order.dreamt"]}, "not one of the available choices"),
        ({"url": "", "description": ""}, "This field is required"),
    ],
)
def test_new_says_what_is_wrong_and_keeps_what_was_typed(wrong, words, client, admin):
    response = client.post(address("new"), FORM | wrong)
    assert response.status_code == 422 and words in response.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_change_offers_what_is_and_saves(client, made):
    assert 'value="order.*" checked' in page(client, "change", made.pk)
    post(client, "change", made.pk, FORM | {"topics": ["*"]})
    made.refresh_from_db()
    assert (made.description, made.topics) == ("ERP", ["*"])


def test_rotate_shows_the_new_secret_once(client, made):
    shown = post(client, "rotate", made.pk)
    new = made.secrets.get(expires_at=None)
    assert signing.words(new) in shown.replace("&#x2B;", "+") and made.secrets.count() == 2
    assert "whsec_" not in page(client, "detail", made.pk)
    post(client, "rotate", made.pk, {"at_once": "on"})
    assert made.secrets.signing(timezone.now()).count() == 1


def test_secret_is_not_shown_on_another_page_or_to_another_person(client, made):
    client.post(address("rotate", made.pk))
    other = webhooks.endpoint(by=made.created_by)
    assert "whsec_" not in page(client, "detail", other.pk)
    client.force_login(person("auditor"), "django.contrib.auth.backends.ModelBackend")
    assert "whsec_" not in page(client, "detail", made.pk)


@pytest.mark.parametrize(
    ("act", "state"), [("pause", "paused"), ("off", "off"), ("resume", "on"), ("test", "on")]
)
def test_buttons_act_and_say_so(act, state, client, made):
    if act == "resume":
        post(client, "pause", made.pk)
    assert "toast" in post(client, act, made.pk)
    made.refresh_from_db()
    assert made.state == state


def test_button_that_came_too_late_says_so(client, made):
    post(client, "off", made.pk)
    assert "off already" in post(client, "off", made.pk)


def test_replay_of_chosen_messages(client, made):
    one, other = dead(made, 2)
    assert "1 message is sent again" in post(client, "replay", made.pk, {"pk": [one.pk, "x"]})
    assert list(made.messages.filter(state="dead")) == [other]
    assert "nothing to send again" in post(client, "replay", made.pk)


def test_replay_dead_since(client, made):
    dead(made, 3)
    assert "since when" in post(client, "replay_dead", made.pk, {"since": "yesterday"})
    shown = post(client, "replay_dead", made.pk, {"since": "2026-01-01T00:00"})
    assert "3 messages are sent again" in shown and not made.messages.filter(state="dead")


def test_log_is_narrowed_by_state_event_and_order(client, made):
    order = orders.draft(orders.credit.account())
    dead(made), webhooks.message(made, order_id=order.pk, subject=order)
    links = [
        page(client, "detail", made.pk, query=query).count("data-row-link")
        for query in (
            "",
            "?view=dead",
            "?view=delivered",
            f"?q={order.number}",
            "?q=SO-nobody",
            "?topic=order.edited&view=open",
        )
    ]
    assert links == [3, 1, 0, 2, 0, 1]  # the draft itself told that it was made


def test_log_with_a_broken_filter_shows_nothing(client, made):
    webhooks.message(made)
    shown = page(client, "detail", made.pk, query="?topic=order.dreamt", status=400)
    assert "data-row-link" not in shown


def test_message_shows_body_and_attempts(client, made, receiver):
    endpoint = webhooks.endpoint(receiver.url, by=made.created_by)
    receiver.answer = lambda request: (500, {}, b"<b>database is down</b>")
    message = webhooks.message(endpoint, reason="why not")
    message.tried.create(
        number=1, at=NOW, ended_at=NOW, cause="status", status=500, milliseconds=12,
        answer="<b>database is down</b>",
    )  # fmt: skip
    shown = page(client, "message", message.pk)
    assert message.webhook_id in shown and "why not" in shown
    assert "&lt;b&gt;database is down" in shown and "the server answered with an error" in shown
    assert "Send again" not in shown


@pytest.mark.parametrize("state", ["dead", "delivered"])
def test_message_that_ended_can_be_sent_again(state, client, made):
    (message,) = dead(made)
    WebhookMessage.objects.update(state=state)
    assert "Send again" in page(client, "message", message.pk)
    lifecycle.switch_off(endpoint_id=made.pk, by=made.created_by, at=NOW)
    assert "Send again" not in page(client, "message", message.pk)


def test_auditor_reads_and_is_offered_nothing(client, made):
    (message,) = dead(made)
    client.force_login(person("auditor"), "django.contrib.auth.backends.ModelBackend")
    shown = [
        page(client, "list"),
        page(client, "detail", made.pk),
        page(client, "message", message.pk),
    ]
    main = "".join(each.split("<main")[1] for each in shown)
    assert made.description in main and 'method="post"' not in main
    assert client.post(address("replay", made.pk)).status_code == 403


@pytest.mark.parametrize("count", [1, 12])
def test_detail_asks_the_same_number_of_queries_for_any_log(
    count, client, made, django_assert_max_num_queries
):
    dead(made, count)
    page(client, "detail", made.pk)
    with django_assert_max_num_queries(14):
        page(client, "detail", made.pk)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_pages_leave_no_english(language, client, made, admin):
    admin.language = language
    admin.save()
    made.failures, made.failing_since, made.rest_until = 9, NOW, timezone.now() + HOUR
    made.save()
    (message,) = dead(made)
    lifecycle.pause(endpoint_id=webhooks.endpoint(by=admin).pk, by=admin, at=NOW)
    pages = [("list",), ("new",), ("change", made.pk), ("detail", made.pk), ("message", message.pk)]
    for each in pages:
        main = page(client, *each).split('id="main"')[1].split(">", 1)[1].split("</main>")[0]
        assert leftovers(main, (*KNOWN, r"https://(?!\S)")) == [], each
