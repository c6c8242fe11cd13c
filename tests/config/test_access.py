"""Every address of the product, asked for by an anonymous person and by every role."""

import logging

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client

from config import urls
from staff.access import ByMethod, access_of
from staff.roles import Role
from tests.config.addresses import SAMPLES, World, every_address
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
WORKS = (200, 204, 302, 304, 405)


def pages():
    """Everything but Django admin and the API, which test_access_api asks for."""
    return [
        address
        for address in every_address()
        if not address.in_admin and not isinstance(access_of(address.view), ByMethod)
    ]


def admin_pages():
    return [address for address in every_address() if address.in_admin]


@pytest.fixture(autouse=True)
def quiet():
    # Every refusal is logged with its traceback, which costs far more than the refusal itself.
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def short_refusals(monkeypatch):
    # Hundreds of refusals in full dress prove no more than one, and cost most of the time.
    monkeypatch.setattr(urls, "handler403", lambda request, exception: HttpResponse(status=403))


@pytest.fixture
def world():
    return World()


@pytest.fixture
def filled(world):
    # An object of each kind, for the pages of Django admin that show one.
    for name in SAMPLES:
        SAMPLES[name](world)
    return world


def client_of(user):
    client = Client(raise_request_exception=False)
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def answer(client, url):
    """The status of the answer, or the error that kept the view from giving one."""
    response = client.get(url)
    if response.streaming and not response.is_async:
        response.getvalue()  # to its end, where the file is closed
    return repr(response.exc_info[1]) if response.exc_info else response.status_code


def statuses(client, addresses, world):
    return {a: (url, answer(client, url)) for a in addresses for url in [a.url(world)]}


def test_every_view_is_classified():
    unmarked = [address.name for address in pages() if access_of(address.view) is None]
    assert unmarked == [], "mark these with public, signed_in or needs of staff.access"


def test_every_address_has_a_name():
    assert [a.view for a in pages() if not a.name or a.name.endswith(":")] == []


def test_anonymous_people_reach_public_pages_only(client, world):
    wrong = {
        f"{address.name} {url}": status
        for address, (url, status) in statuses(client, pages(), world).items()
        if status not in (WORKS if access_of(address.view).anonymous else (302,))
    }
    assert wrong == {}


def test_anonymous_people_are_sent_to_sign_in_and_back(client, world):
    for address in pages():
        if not access_of(address.view).anonymous:
            url = address.url(world)
            assert client.get(url).url == f"/sign-in/?next={url}"


@pytest.mark.parametrize("role", Role.values)
def test_role_reaches_what_it_may_and_nothing_else(role, world):
    user = world.visitor = world.owner if role == "sales" else person(role)
    wrong = {
        f"{address.name} {url}": status
        for address, (url, status) in statuses(client_of(user), pages(), world).items()
        if status not in (WORKS if access_of(address.view).allows(user) else (403,))
    }
    assert wrong == {}


def test_anonymous_people_never_see_admin(client, filled):
    seen = {s for _, s in statuses(client, admin_pages(), filled).values()}
    assert seen == {302}


@pytest.mark.parametrize("role", Role.values)
def test_role_reaches_admin_only_with_the_right_to(role, filled):
    user = person(role)
    found = {status for _, status in statuses(client_of(user), admin_pages(), filled).values()}
    if not user.is_staff:
        assert found == {403}
    assert found <= {*WORKS, 400, 403, 404}


@pytest.mark.parametrize("role", ["auditor", "credit_analyst", "finance", "administrator"])
def test_admin_lists_open_to_whoever_may_see_them(role, rf):
    request = rf.get("/admin/")
    request.user = person(role)
    client = client_of(request.user)
    for model, model_admin in admin.site._registry.items():
        names = model._meta.app_label, model._meta.model_name
        may = model_admin.has_view_or_change_permission(request)
        status = client.get("/admin/{}/{}/".format(*names)).status_code
        assert status == (200 if may else 403), f"{role}: {names}"


def test_auditor_finds_nothing_to_change_in_admin(filled):
    changing = [a for a in admin_pages() if a.name.endswith(("_add", "_delete"))]
    seen = {
        a.name: s for a, (_, s) in statuses(client_of(person("auditor")), changing, filled).items()
    }
    assert {name: status for name, status in seen.items() if status not in (302, 403)} == {}
