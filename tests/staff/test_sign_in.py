from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from staff import resume
from tests.factories.staff import PASSWORD, person

pytestmark = pytest.mark.django_db
URL = "/sign-in/"


@pytest.fixture
def alice():
    return person("sales", username="alice")


def attempt(client, password=PASSWORD, **fields):
    return client.post(URL, {"username": "alice", "password": password} | fields)


def fail(client, times):
    for _ in range(times):
        response = attempt(client, "wrong")
    return response


def test_sign_in_opens_the_first_page(client, alice):
    response = attempt(client)
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/profile/").status_code == 200


def test_sign_in_goes_on_to_the_page_that_was_asked_for(client, alice):
    assert attempt(client, next="/profile/?a=1").url == "/profile/?a=1"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\t//evil.example",
    ],
)
def test_sign_in_never_leads_to_another_site(client, alice, address):
    assert client.get(URL, {"next": address}).context["next"] == ""
    assert attempt(client, next=address).url == "/"
    assert client.get(URL, {"next": address}).url == "/"


def test_sign_in_sends_on_whoever_is_signed_in_already(client, alice):
    client.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    assert client.get(URL, {"next": "/profile/"}).url == "/profile/"


def test_sign_in_keeps_what_was_typed_after_a_wrong_password(client, alice):
    page = attempt(client, "wrong", next="/profile/").content.decode()
    assert 'value="alice"' in page
    assert 'name="next" value="/profile/"' in page
    assert "do not belong together" in page
    assert 'value="wrong"' not in page


def test_sign_in_says_the_same_of_a_name_that_does_not_exist(client, alice):
    unknown = client.post(URL, {"username": "nobody", "password": "wrong"})
    assert "do not belong together" in unknown.content.decode()


def test_sign_in_refuses_a_closed_account(client):
    person("sales", username="alice", is_active=False)
    assert "do not belong together" in attempt(client).content.decode()


def test_sign_in_replaces_the_session_key(client, alice):
    client.get(URL)
    client.session["seen"] = 1
    before = client.session.session_key
    attempt(client)
    assert client.session.session_key != before


def test_throttle_refuses_even_the_right_password_and_says_how_long(client, alice, settings):
    response = fail(client, settings.AXES_FAILURE_LIMIT)
    page = response.content.decode()
    assert response.status_code == 429
    assert "15 min" in page
    assert 'value="alice"' in page
    assert attempt(client).status_code == 429
    assert client.get("/profile/").status_code == 302


def test_throttle_keeps_what_was_typed_and_where_to_go(client, alice, settings):
    fail(client, settings.AXES_FAILURE_LIMIT)
    page = attempt(client, next="/profile/", typed="signed").content.decode()
    assert 'name="next" value="/profile/"' in page
    assert 'name="typed" value="signed"' in page


def test_throttle_ends_after_the_wait(client, alice, settings):
    fail(client, settings.AXES_FAILURE_LIMIT)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert attempt(client).status_code == 302


def test_throttle_forgets_failures_after_a_success(client, alice, settings):
    fail(client, settings.AXES_FAILURE_LIMIT - 1)
    assert attempt(client).status_code == 302
    assert fail(Client(), settings.AXES_FAILURE_LIMIT - 1).status_code == 200


def test_throttle_does_not_shut_out_the_person_at_another_address(client, alice, settings):
    fail(client, settings.AXES_FAILURE_LIMIT)
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert attempt(elsewhere).status_code == 302


def test_throttle_cannot_be_dodged_by_a_forwarded_address(client, alice, settings):
    for number in range(settings.AXES_FAILURE_LIMIT):
        forged = {"X-Forwarded-For": f"198.51.100.{number}"}
        client.post(URL, {"username": "alice", "password": "wrong"}, headers=forged)
    assert attempt(client).status_code == 429


def test_throttle_speaks_the_language_of_the_reader(client, alice, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    response = fail(client, settings.AXES_FAILURE_LIMIT)
    assert response.headers["Content-Language"] == "zh-hans"
    assert 'lang="zh-hans"' in response.content.decode()


def test_sign_out_ends_the_session_and_takes_only_post(client, alice):
    attempt(client)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/profile/").status_code == 302


def typed_in(page):
    return page.split('name="typed" value="')[1].split('"')[0]


def test_expired_session_keeps_what_was_typed(client, alice):
    sent = {"full_name": "Ållë 王", "theme": "dark", "old_password": "secret"}
    response = client.post("/profile/", sent, headers={"Referer": "http://testserver/profile/"})
    assert response.status_code == 403
    page = attempt(
        client, typed=typed_in(response.content.decode()), next="/profile/"
    ).content.decode()
    assert 'action="/profile/"' in page
    assert 'name="full_name" value="Ållë 王"' in page
    assert "secret" not in page


def test_expired_session_does_not_do_what_was_sent(client, alice):
    client.post("/profile/", {"full_name": "Eve", "email": "", "theme": "dark"})
    alice.refresh_from_db()
    assert alice.full_name != "Eve"


def test_unpack_refuses_what_was_not_packed_here(rf):
    whole = resume.pack(rf.post("/profile/?a=1", {"a": ["1", "2"]}))
    assert resume.unpack(whole).fields == [("a", "1"), ("a", "2")]
    assert resume.unpack(whole).path == "/profile/?a=1"
    assert resume.unpack(whole[:-1]) is None
    assert resume.unpack("") is None
