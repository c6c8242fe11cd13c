"""Every address and method of the API, asked for anonymously, by every role and by every scope."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from staff.access import ByMethod, access_of
from staff.api.authentication import key_of
from staff.api.scopes import Scope
from staff.api.views import ApiViewSet
from staff.roles import Role
from tests.config.addresses import World, every_address
from tests.factories import api
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
# What an operation answers to an empty body that it was let in with.
LET_IN = {200, 201, 202, 400, 404, 409, 412, 415, 422, 428}
# How somebody is kept out; a verb that refuses what they ask of this thing says more.
KEPT_OUT = "You may not do this."


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level("CRITICAL")


def operations():
    return [
        (address, method)
        for address in every_address()
        if isinstance(access_of(address.view), ByMethod)
        for method in access_of(address.view).methods
    ]


def ask(client, method, url, **headers):
    body = {} if method == "GET" else {"data": json.dumps({}), "content_type": "application/json"}
    return getattr(client, method.lower())(url, headers=headers, **body)


def let_in(answer):
    """Whether the view was reached; None where it is neither that nor a refusal."""
    if answer.status_code == 403:
        return answer.json()["detail"] != KEPT_OUT
    if answer.streaming:
        answer.getvalue()  # to its end, where the file is closed
    return True if answer.status_code in LET_IN else None


def nowhere(address):
    return reverse(address.name, kwargs=dict.fromkeys(address.parameters, 1))


def wrong(client, world, user, **headers):
    """The operations that are open to the user and should not be, or the other way round."""
    found = {}
    for address, method in operations():
        may = access_of(address.view).allows(user, method)
        # Whoever is kept out is so whatever the address names.
        url = address.url(world) if may else nowhere(address)
        answer = ask(client, method, url, **headers)
        if let_in(answer) != may:
            found[f"{method} {url}"] = answer.status_code
    return found


def test_every_view_under_the_address_of_the_api_is_one():
    for address in every_address():
        if address.route.startswith("api/v1/") and address.name != "api-schema":
            assert issubclass(address.view.cls, ApiViewSet), address.route


def test_nobody_is_let_in_without_saying_who(client):
    for address, method in operations():
        answer = ask(client, method, nowhere(address))
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize("role", Role.values)
def test_role_reaches_what_it_may_and_nothing_else(role):
    world = World()
    user = world.visitor = world.owner if role == "sales" else person(role)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert wrong(client, world, user) == {}


@pytest.mark.parametrize("scope", Scope.values)
def test_key_reaches_what_its_scope_says_and_nothing_else(scope):
    _key, text = api.key(scope)
    header = f"Bearer {text}"
    user = key_of(header, NOW).user
    assert wrong(Client(), World(), user, authorization=header) == {}


@pytest.mark.parametrize("scope", Scope.values)
def test_keys_never_approve(scope):
    _key, text = api.key(scope)
    user = key_of(f"Bearer {text}", NOW).user
    assert not user.has_perm("approvals.decide")
