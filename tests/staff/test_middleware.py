import logging

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone, translation

from config import urls as product_urls
from staff.access import needs, public, signed_in
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@public
def greeting(request):
    words = [translation.get_language(), timezone.get_current_timezone_name(), request.theme]
    return HttpResponse(" ".join(words))


urlpatterns = [
    path("greeting/", greeting),
    path("forgotten/", lambda request: HttpResponse("secret")),
    path("inside/", signed_in(lambda request: HttpResponse("inside"))),
    path("ship/", needs("orders.ship_order")(lambda request: HttpResponse("shipped"))),
    path("", include(product_urls)),
]
handler403 = "config.views.forbidden"


@pytest.fixture(autouse=True)
def urls(settings):
    settings.ROOT_URLCONF = __name__


def client_of(*roles, **values):
    client = Client()
    client.force_login(person(*roles, **values), "django.contrib.auth.backends.ModelBackend")
    return client


def test_access_denies_a_view_nobody_classified(caplog):
    with caplog.at_level(logging.ERROR, logger="staff.middleware"):
        response = client_of("administrator").get("/forgotten/")
    assert response.status_code == 403
    assert "unclassified" in caplog.text


def test_access_sends_anonymous_people_to_sign_in_and_back(client):
    response = client.get("/inside/?page=2")
    assert response.status_code == 302
    assert response.url == "/sign-in/?next=/inside/%3Fpage%3D2"


def test_access_redirects_the_whole_page_for_htmx(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/orders/?q=a"}
    response = client.get("/inside/", headers=headers)
    assert response.headers["HX-Redirect"] == "/sign-in/?next=/orders/%3Fq%3Da"


def test_access_leads_back_to_the_start_when_htmx_names_a_foreign_page(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/x"}
    response = client.get("/inside/", headers=headers)
    assert response.headers["HX-Redirect"] == "/sign-in/?next=/"


def test_access_refuses_whoever_lacks_the_permission():
    assert client_of("sales").get("/ship/").status_code == 403
    assert client_of("warehouse").get("/ship/").content == b"shipped"


def test_access_opens_admin_for_the_roles_that_have_one(client):
    assert client.get("/admin/").status_code == 302
    assert client_of("sales").get("/admin/").status_code == 403
    assert client_of("auditor").get("/admin/").status_code == 200


def test_access_keeps_a_closed_account_out(client):
    client.force_login(
        person("sales", is_active=False), "django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/inside/").status_code == 302


def test_preferences_follow_whoever_is_signed_in():
    client = client_of(language="zh-hant", time_zone="America/New_York", theme="dark")
    assert client.get("/greeting/").content == b"zh-hant America/New_York dark"


def test_preferences_follow_the_browser_when_nothing_is_chosen():
    client = client_of()
    response = client.get("/greeting/", headers={"Accept-Language": "zh-hans"})
    assert response.content == b"zh-hans Asia/Shanghai system"


def test_preferences_of_an_anonymous_person_come_from_cookies(client, settings):
    client.cookies["theme"] = "light"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"
    assert client.get("/greeting/").content == b"zh-hant Asia/Shanghai light"


def test_preferences_ignore_a_theme_that_does_not_exist(client):
    client.cookies["theme"] = '"><script>'
    assert client.get("/greeting/").content.endswith(b"system")


def test_preferences_survive_a_zone_this_machine_does_not_know():
    assert b"Asia/Shanghai" in client_of(time_zone="Mars/Olympus").get("/greeting/").content


def test_preferences_of_one_request_do_not_reach_the_next(client):
    client_of(time_zone="America/New_York").get("/greeting/")
    assert b"Asia/Shanghai" in client.get("/greeting/").content
