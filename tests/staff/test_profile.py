import zoneinfo
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from journal.models import Entry
from staff import lifecycle, zones
from tests.factories.staff import PASSWORD, department, person

pytestmark = pytest.mark.django_db
PROFILE = {
    "full_name": " 王小明 ",
    "email": "wang@EXAMPLE.com",
    "language": "zh-hans",
    "time_zone": "Europe/Berlin",
    "theme": "dark",
}
WINTER = datetime(2026, 1, 15, tzinfo=UTC)


@pytest.fixture
def wang(client):
    user = person("sales", department=department("sales"))
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return user


def test_profile_saves_what_belongs_to_the_person(client, wang):
    assert client.post("/profile/", PROFILE).url == "/profile/"
    wang.refresh_from_db()
    assert (wang.full_name, wang.email) == ("王小明", "wang@example.com")
    assert (wang.language, wang.time_zone, wang.theme) == ("zh-hans", "Europe/Berlin", "dark")


def test_profile_answers_in_the_new_language(client, wang):
    page = client.post("/profile/", PROFILE, follow=True)
    assert page.headers["Content-Language"] == "zh-hans"
    assert 'data-bs-theme="dark"' in page.content.decode()


def test_profile_ignores_fields_that_are_an_administrators(client, wang):
    client.post("/profile/", PROFILE | {"is_superuser": "on", "username": "root", "groups": "1"})
    before = wang.username
    wang.refresh_from_db()
    assert (wang.is_superuser, wang.username) == (False, before)
    assert [group.name for group in wang.groups.all()] == ["sales"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("language", "xx"),
        ("time_zone", "Mars/Olympus"),
        ("theme", "pink"),
        ("full_name", "x" * 151),
    ],
)
def test_profile_refuses_what_is_not_valid_and_keeps_it_on_the_page(client, wang, field, value):
    before = wang.full_name
    response = client.post("/profile/", PROFILE | {field: value})
    assert response.status_code == 200
    assert field in response.context["form"].errors
    wang.refresh_from_db()
    assert (wang.full_name, wang.language) == (before, "")
    assert before in response.content.decode()  # the frame still shows the saved name


def test_profile_shows_roles_by_their_names(client, wang):
    page = client.get("/profile/").content.decode()
    assert "Sales" in page


def test_change_preferences_refuses_what_the_product_does_not_have(wang):
    with pytest.raises(ValidationError):
        lifecycle.change_preferences(user=wang, language="xx")
    wang.refresh_from_db()
    assert wang.language == ""


def test_change_preferences_leaves_the_others(wang):
    lifecycle.change_preferences(user=wang, theme="dark", language="zh-hant")
    lifecycle.change_preferences(user=wang, theme="light")
    wang.refresh_from_db()
    assert (wang.language, wang.theme) == ("zh-hant", "light")


def test_language_switch_is_kept_by_whoever_is_signed_in(client, wang):
    client.post("/language/", {"language": "zh-hant", "next": "/profile/"})
    wang.refresh_from_db()
    assert wang.language == "zh-hant"
    assert client.get("/profile/").headers["Content-Language"] == "zh-hant"


def test_language_switch_of_an_anonymous_person_lasts_for_the_session(client):
    client.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    assert client.get("/sign-in/").headers["Content-Language"] == "zh-hans"


def test_theme_switch_is_kept_by_whoever_is_signed_in(client, wang):
    client.post("/theme/", {"theme": "dark"})
    wang.refresh_from_db()
    assert wang.theme == "dark"


NEW = "a fresh and quite long phrase"


def test_change_password_keeps_this_session_and_ends_the_others(client, wang):
    other = Client()
    other.force_login(wang, "django.contrib.auth.backends.ModelBackend")
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/profile/password/", form).url == "/profile/"
    assert client.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 302
    wang.refresh_from_db()
    assert wang.check_password(NEW)
    told = Entry.objects.get(action="person.password_set")
    assert (told.by, told.subject_id) == (wang, wang.pk)


def test_change_password_shuts_out_who_tries_present_ones(client, wang):
    form = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}
    answers = [client.post("/profile/password/", form).status_code for _ in range(8)]
    assert 429 in answers
    right = client.post("/profile/password/", form | {"old_password": PASSWORD})
    wang.refresh_from_db()
    assert (right.status_code, wang.check_password(PASSWORD)) == (429, True)


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [("wrong", NEW, NEW), (PASSWORD, NEW, NEW + "x"), (PASSWORD, "123", "123")],
)
def test_change_password_refuses(client, wang, old, new, again):
    form = {"old_password": old, "new_password1": new, "new_password2": again}
    assert client.post("/profile/password/", form).status_code == 200
    wang.refresh_from_db()
    assert wang.check_password(PASSWORD)


def test_choices_of_zones_run_from_west_to_east_with_their_offsets():
    offered = zones.choices(WINTER, "")
    offsets = [WINTER.astimezone(zoneinfo.ZoneInfo(name)).utcoffset() for name, _ in offered]
    assert offsets == sorted(offsets)
    assert ("Asia/Shanghai", "Beijing, Shanghai (UTC+08:00)") in offered


def test_choices_of_zones_keep_one_that_is_not_listed():
    assert "Asia/Kathmandu" in dict(zones.choices(WINTER, "Asia/Kathmandu"))
