from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from config.shell import NAVIGATION, Shell
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def sidebar(rf, user, path="/"):
    request = rf.get(path)
    request.user = user
    return [entry for _label, entries in Shell(request).groups for entry in entries]


@pytest.mark.parametrize(
    "item", [i for _label, items in NAVIGATION for i in items], ids=lambda i: i.url_name
)
def test_sidebar_leads_to_pages_that_exist(item):
    assert reverse(item.url_name)


def test_sidebar_shows_only_what_the_person_may_use(rf):
    names = {entry.item.url_name for entry in sidebar(rf, person("customer_service"))}
    assert {"home", "orders:list", "exceptions:tickets"} <= names
    assert not names & {"orders:imports", "admin:index"}


def test_sidebar_shows_everything_to_a_superuser(rf):
    shown = len(sidebar(rf, superuser()))
    assert shown == sum(len(items) for _label, items in NAVIGATION)


def test_sidebar_marks_the_page_one_is_on(rf):
    path = reverse("orders:detail", args=[7])
    current = [e.item.url_name for e in sidebar(rf, superuser(), path) if e.current]
    assert current == ["orders:list"]


def test_sidebar_asks_for_counts_once_per_item(rf, django_assert_num_queries):
    user = superuser()
    # What waits for an approver depends on whom they stand in for, and on their roles.
    with django_assert_num_queries(3):
        sidebar(rf, user)


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ("folded", b'"with-sidebar folded"'),
        ("open", b'"with-sidebar unfolded"'),
        ("", b'"with-sidebar"'),
        ('"><script>', b'"with-sidebar"'),
    ],
)
def test_page_folds_the_sidebar_as_the_browser_remembers(asked, drawn):
    client = client_of(person())
    client.cookies["sidebar"] = asked
    assert drawn in client.get(reverse("staff:profile")).content


def test_theme_is_kept_by_the_person_and_drawn_by_the_server():
    user = person()
    client = client_of(user)
    client.post(reverse("set_theme"), {"theme": "dark", "next": "/profile/"})
    user.refresh_from_db()
    assert user.theme == "dark"
    assert b'data-bs-theme="dark"' in client.get(reverse("staff:profile")).content


def test_theme_of_somebody_not_signed_in_is_kept_by_the_browser(client):
    client.post(reverse("set_theme"), {"theme": "light"})
    assert b'data-bs-theme="light"' in client.get(reverse("staff:sign_in")).content


@pytest.mark.parametrize("theme", ["", "pink", "<script>"])
def test_theme_ignores_what_is_none(client, theme):
    response = client.post(reverse("set_theme"), {"theme": theme})
    assert response.status_code == 302
    assert "theme" not in response.cookies


def test_theme_does_not_lead_away_from_the_product(client):
    response = client.post(reverse("set_theme"), {"theme": "dark", "next": "https://example.com/"})
    assert response.url == "/"


def test_language_is_kept_by_the_person():
    user = person()
    client = client_of(user)
    client.post(reverse("set_language"), {"language": "zh-hant", "next": "/profile/"})
    user.refresh_from_db()
    assert user.language == "zh-hant"
    assert b'lang="zh-hant"' in client.get(reverse("staff:profile")).content


def test_language_ignores_what_is_none():
    user = person(language="en")
    client_of(user).post(reverse("set_language"), {"language": "tlh"})
    user.refresh_from_db()
    assert user.language == "en"


@pytest.mark.parametrize("name", ["set_theme", "set_language"])
def test_preferences_are_never_changed_by_a_link(client, name):
    assert client.get(reverse(name)).status_code in (302, 405)


def test_page_keeps_a_strict_content_security_policy(client):
    policy = client.get(reverse("staff:sign_in")).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_not_found_looks_like_the_product():
    response = client_of(person()).get("/no/such/page/")
    assert response.status_code == 404
    assert b'id="sidebar"' in response.content


def test_not_found_does_not_need_somebody_signed_in(client):
    assert client.get("/no/such/page/").status_code == 404


def test_forbidden_explains_itself():
    response = client_of(person()).get(reverse("orders:imports"))
    assert response.status_code == 403
    assert b"Your roles do not cover this page" in response.content


def test_server_error_needs_nothing_that_may_be_broken(monkeypatch):
    client = client_of(person())
    monkeypatch.setattr("config.cockpit.tiles", None)
    response = client.get(reverse("home"))
    assert response.status_code == 500
    assert b"Something went wrong" in response.content


def test_csrf_failure_says_what_to_do():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("staff:sign_in"), {"username": "x", "password": "y"})
    assert response.status_code == 403
    assert b"This form has expired" in response.content


def test_admin_opens_for_those_who_may_and_wears_the_same_colours():
    page = client_of(superuser()).get(reverse("admin:index")).content.decode()
    assert "css/admin.css" in page
    assert "dark_mode.css" not in page
    assert "Periodic" not in page


def test_admin_stays_shut_for_everybody_else(client):
    assert client_of(person("sales")).get(reverse("admin:index")).status_code == 403
    assert reverse("staff:sign_in") in client.get(reverse("admin:index")).url


def test_vendored_stylesheet_names_no_file_that_is_missing():
    sheet = Path(finders.find("vendor/tabler.min.css"))
    assert "sourceMappingURL" not in sheet.read_text()
