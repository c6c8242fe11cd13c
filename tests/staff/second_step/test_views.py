import re

import pytest
from django.test import Client
from django.urls import reverse

from staff.models import SecondStep
from tests.factories import api
from tests.factories.second_step import app_code, code_of, turned_on
from tests.factories.staff import PASSWORD, person, superuser

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGE = "/profile/second-step/"


def signed_in(user, client=None):
    client = client or Client()
    client.force_login(user, BACKEND)
    return client


def set_up(client, **fields):
    client.get(PAGE)
    code = app_code(client.session["second_step_salt"])
    sent = {"one_time_password": code, "password": PASSWORD}
    return client.post(f"{PAGE}on/", sent | fields)


def shown_codes(page):
    return re.findall(r"<code>(\d{4}-\d{4}-\d{4})</code>", page.content.decode())


def test_set_up_shows_a_picture_without_style_and_the_key():
    page = signed_in(person("sales")).get(PAGE).content.decode()
    picture = page[page.index("<svg", page.index("second-step-picture")) :]
    assert 'class="qr"' in picture
    assert "style=" not in picture[: picture.index("</svg>")]
    assert re.search(r"<code>([A-Z2-7]{4} ){7}[A-Z2-7]{4}</code>", page)


def test_set_up_keeps_the_key_until_it_is_confirmed():
    client = signed_in(person("sales"))
    client.get(PAGE)
    salt = client.session["second_step_salt"]
    assert client.post(f"{PAGE}on/", {"one_time_password": "12"}).status_code == 422
    assert client.session["second_step_salt"] == salt


def test_turn_on_shows_ten_codes_this_once_with_a_text_to_download():
    client = signed_in(person("sales"))
    page = set_up(client)
    assert len(codes := shown_codes(page)) == 10
    assert 'href="data:text/plain;charset=utf-8,' in page.content.decode()
    assert codes[0] not in client.get(PAGE).content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_turn_on_ends_other_sessions_and_keeps_this_one():
    user = person("sales")
    client, other = signed_in(user), signed_in(user)
    set_up(client)
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302


def test_turn_on_refuses_a_wrong_code():
    client = signed_in(person("sales"))
    client.get(PAGE)
    wrong = f"{(int(app_code(client.session['second_step_salt'])) + 1) % 10**6:06d}"
    page = client.post(f"{PAGE}on/", {"one_time_password": wrong, "password": PASSWORD})
    assert page.status_code == 422
    assert "does not match" in page.content.decode()


def test_turn_on_takes_the_password_too():
    client = signed_in(person("sales"))
    page = set_up(client, password="guess")
    assert page.status_code == 422
    assert "not your present password" in page.content.decode()
    assert not SecondStep.objects.exists()


@pytest.mark.parametrize("proof", ["password", "code", "recovery"])
def test_turn_off_takes_a_password_or_a_code(proof):
    user, given = turned_on(person("sales"))
    client = signed_in(user)
    text = {"password": PASSWORD, "code": code_of(user), "recovery": given[3]}[proof]
    response = client.post(f"{PAGE}off/", {"password_or_code": text})
    assert response.url == "/profile/"
    assert not SecondStep.objects.exists()
    assert client.get("/profile/").status_code == 200


def test_turn_off_refuses_without_proof_and_is_throttled(settings):
    settings.AXES_FAILURE_LIMIT = 2
    user, _given = turned_on(person("sales"))
    client = signed_in(user)
    refused = client.post(f"{PAGE}off/", {"password_or_code": "guess"})
    assert refused.status_code == 422
    assert client.post(f"{PAGE}off/", {"password_or_code": "guess"}).status_code == 429
    assert client.post(f"{PAGE}off/", {"password_or_code": PASSWORD}).status_code == 429
    assert SecondStep.objects.exists()


def test_turn_off_is_refused_to_whoever_has_none():
    sent = {"password_or_code": PASSWORD}
    assert signed_in(person("sales")).post(f"{PAGE}off/", sent).status_code == 403


def test_renew_codes_shows_ten_others():
    user, given = turned_on(person("sales"))
    page = signed_in(user).post(f"{PAGE}codes/", {"password_or_code": PASSWORD})
    codes = {code.replace("-", "") for code in shown_codes(page)}
    assert len(codes) == 10
    assert not codes & set(given)


def test_required_role_is_led_to_the_set_up_and_opens_nothing_else(settings):
    settings.REQUIRE_TOTP_ROLES = ["administrator"]
    client = signed_in(person("administrator"))
    for path in ("/", "/profile/", "/admin/", "/admin/staff/user/", "/profile/password/"):
        assert client.get(path).url == f"{PAGE}?next={path}"
    assert client.post("/profile/", {"full_name": "Eve"}).url == PAGE
    fragment = client.get(reverse("inbox:bell"), headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == PAGE
    assert client.post("/sign-out/").url == "/sign-in/"


def test_required_role_sees_no_menu_before_the_set_up(settings):
    settings.REQUIRE_TOTP_ROLES = ["sales"]
    page = signed_in(person("sales")).get(PAGE).content.decode()
    assert 'class="sidebar"' not in page
    assert "Your role asks for a second step" in page


def test_required_role_goes_on_to_where_it_wanted(settings):
    settings.REQUIRE_TOTP_ROLES = ["sales"]
    client = signed_in(person("sales"))
    assert 'href="/orders/"' in set_up(client, next="/orders/").content.decode()
    assert client.get("/orders/").status_code == 200


def test_set_up_never_leads_to_another_site():
    page = set_up(signed_in(person("sales")), next="https://evil.example/").content.decode()
    assert "evil.example" not in page


def test_required_role_may_not_use_the_api_by_session(settings):
    user = person("sales")
    client = signed_in(user)
    assert client.get("/api/v1/orders/").status_code == 200
    settings.REQUIRE_TOTP_ROLES = ["sales"]
    refused = client.get("/api/v1/orders/")
    assert refused.status_code == 403
    assert "second step" in refused.json()["detail"]


def test_required_roles_do_not_concern_keys(client, settings):
    settings.REQUIRE_TOTP_ROLES = ["sales", "administrator"]
    _key, text = api.key()
    answer = client.get("/api/v1/orders/", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200


def test_administrator_resets_with_a_reason_and_ends_sessions():
    user, _given = turned_on(person("sales"))
    theirs, ours = signed_in(user), signed_in(person("administrator"))
    assert f"/{user.pk}/second-step/" in ours.get(f"/admin/staff/user/{user.pk}/change/").text
    page = f"/admin/staff/user/{user.pk}/second-step/"
    assert "errorlist" in ours.post(page, {"reason": " "}).text
    assert SecondStep.objects.exists()
    assert ours.post(page, {"reason": "Phone lost"}).status_code == 302
    assert not SecondStep.objects.exists()
    assert theirs.get("/profile/").status_code == 302


def test_reset_page_needs_the_right_and_hides_superusers():
    user, _given = turned_on(superuser())
    page = f"/admin/staff/user/{user.pk}/second-step/"
    assert signed_in(person("auditor")).post(page, {"reason": "x"}).status_code == 403
    assert signed_in(person("administrator")).post(page, {"reason": "x"}).status_code == 302
    assert SecondStep.objects.exists()


def test_reset_page_refuses_ones_own():
    user, _given = turned_on(person("administrator"))
    page = signed_in(user).post(f"/admin/staff/user/{user.pk}/second-step/", {"reason": "x"})
    assert "on your profile" in page.text
    assert SecondStep.objects.exists()
