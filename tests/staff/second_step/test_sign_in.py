from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from staff.models import SecondStep
from tests.factories.second_step import code_of, turned_on
from tests.factories.staff import PASSWORD, person

pytestmark = pytest.mark.django_db
CODE = "/sign-in/code/"


@pytest.fixture
def alice():
    return turned_on(person("administrator", username="alice"))[0]


def give_password(client, **fields):
    sent = {"username": "alice", "password": PASSWORD} | fields
    return client.post("/sign-in/", sent)


def give_code(client, code, **fields):
    return client.post(CODE, {"one_time_password": code} | fields)


def wrong(user):
    # None of the codes that would be taken around now.
    taken = {code_of(user, steps=steps) for steps in (-2, -1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in taken)


def test_sign_in_asks_for_the_code_and_goes_on(client, alice):
    page = give_password(client, next="/profile/?a=1").content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert 'name="next" value="/profile/?a=1"' in page
    response = give_code(client, code_of(alice), next="/profile/?a=1")
    assert response.url == "/profile/?a=1"
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:a()"])
def test_sign_in_code_never_leads_to_another_site(client, alice, address):
    assert give_password(client, next=address).context["next"] == ""
    assert client.get(CODE, {"next": address}).context["next"] == ""
    assert give_code(client, code_of(alice), next=address).url == "/"


@pytest.mark.parametrize(
    "path", ["/", "/profile/", "/admin/", "/profile/second-step/", "/orders/", "/api-keys/"]
)
def test_between_the_steps_nothing_is_reachable(client, alice, path):
    give_password(client)
    assert client.get(path).url.startswith("/sign-in/?next=")


def test_between_the_steps_nobody_is_signed_in(client, alice):
    page = give_password(client)
    assert "_auth_user_id" not in client.session
    assert not page.wsgi_request.user.is_authenticated
    assert client.get("/api/v1/me/").status_code in (401, 403)
    alice.refresh_from_db()
    assert alice.last_login is None


def test_between_the_steps_an_earlier_session_has_ended(client, alice):
    client.force_login(person("sales"), "django.contrib.auth.backends.ModelBackend")
    give_password(client)
    assert client.get("/profile/").status_code == 302


def test_sign_in_of_admin_takes_the_same_way(client, alice):
    assert client.get("/admin/login/").url.startswith("/sign-in/?next=/admin/")
    give_password(client, next="/admin/")
    assert give_code(client, code_of(alice), next="/admin/").url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_sign_in_code_refuses_a_replay(client, alice):
    give_password(client)
    code = code_of(alice)
    give_code(client, code)
    other = Client()
    give_password(other)
    assert "does not open" in give_code(other, code).content.decode()
    assert other.get("/profile/").status_code == 302


def test_sign_in_code_takes_a_recovery_code_once(client):
    _user, given = turned_on(person("sales", username="alice"))
    give_password(client)
    typed = f"{given[0][:4]}-{given[0][4:8]} {given[0][8:]}"
    assert give_code(client, typed).status_code == 302
    assert "have 9 left" in client.get("/profile/").content.decode()
    give_password(other := Client())
    assert "does not open" in give_code(other, given[0]).content.decode()


def test_sign_in_code_alone_opens_nothing(client, alice):
    response = give_code(client, code_of(alice))
    assert 'name="password"' in response.content.decode()
    assert client.get("/profile/").status_code == 302


def test_sign_in_code_replaces_the_session_key(client, alice):
    give_password(client)
    before = client.session.session_key
    give_code(client, code_of(alice))
    assert client.session.session_key != before
    assert "second_step" not in client.session


def test_sign_in_code_comes_too_late_after_ten_minutes(client, alice):
    give_password(client)
    session = client.session
    session["second_step"] |= {"until": timezone.now().timestamp() - 1}
    session.save()
    assert "too late" in give_code(client, code_of(alice), typed="kept").content.decode()
    assert client.get("/profile/").status_code == 302


def test_sign_in_code_is_void_after_the_password_changed(client, alice, rf):
    give_password(client)
    alice.set_password("another long phrase")
    alice.save()
    give_code(client, code_of(alice))
    assert client.get("/profile/").status_code == 302


def test_throttle_counts_wrong_codes_with_wrong_passwords(client, alice, settings):
    settings.AXES_FAILURE_LIMIT = 3
    give_password(client, password="wrong")
    give_password(client)
    give_code(client, wrong(alice))
    response = give_code(client, wrong(alice))
    assert response.status_code == 429
    assert give_code(client, code_of(alice)).status_code == 429
    assert give_password(client).status_code == 429
    assert client.get("/profile/").status_code == 302


def test_throttle_is_not_reset_by_the_password_alone(client, alice, settings):
    settings.AXES_FAILURE_LIMIT = 2
    for _try in range(2):
        give_password(client)
        response = give_code(client, wrong(alice))
    assert response.status_code == 429


def test_throttle_keeps_no_code(client, alice):
    give_password(client)
    code = wrong(alice)
    give_code(client, code)
    attempt = AccessAttempt.objects.get()
    assert attempt.username == "alice"
    assert code not in attempt.post_data


def test_wait_is_told_with_the_way_around_it(client, alice):
    SecondStep.objects.update(failures=7, wait_until=timezone.now() + timedelta(minutes=5))
    give_password(client)
    page = give_code(client, code_of(alice)).content.decode()
    assert "Enter a recovery code, or wait 5 minutes" in page


def test_expired_session_keeps_what_was_typed_through_both_steps(client, alice):
    sent = {"full_name": "Ållë 王", "theme": "dark"}
    typed = client.post("/profile/", sent).context["typed"]
    page = give_password(client, typed=typed)
    assert page.context["typed"] == typed
    done = give_code(client, code_of(alice), typed=typed).content.decode()
    assert 'name="full_name" value="Ållë 王"' in done


def test_expired_session_does_not_carry_codes(client):
    sent = {"one_time_password": "918273", "password_or_code": "918273"}
    response = client.post("/profile/second-step/off/", sent)
    client.force_login(user := person("sales"), "django.contrib.auth.backends.ModelBackend")
    done = client.post(
        "/sign-in/",
        {"username": user.username, "password": PASSWORD, "typed": response.context["typed"]},
    )
    assert "918273" not in done.content.decode()


def test_sign_in_without_a_second_step_is_as_before(client):
    person("sales", username="alice")
    assert give_password(client).url == "/"
