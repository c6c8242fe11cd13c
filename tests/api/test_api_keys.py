import pytest

from staff.api.models import ApiKey, KeptAnswer
from staff.api.scopes import Scope
from tests.factories import api
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
BODY = {"name": "Web shop", "scopes": ["orders"]}


@pytest.fixture
def administrator():
    return Caller(user=person("administrator"))


def test_key_is_made_and_its_text_told_once(administrator):
    made = administrator.post("api-keys/", BODY)
    assert (made.status_code, made.json()["state"]) == (201, "active")
    assert Caller(made.json()["text"]).get("me/").json()["name"] == "Web shop"
    assert (made["Cache-Control"], KeptAnswer.objects.count()) == ("no-store", 0)
    told = administrator.get(f"api-keys/{made.json()['id']}/").json()
    assert (told["scopes"], "text" in told) == (["orders"], False)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": ""}, "invalid"),
        ({"scopes": []}, "invalid"),
        ({"scopes": ["everything"]}, "invalid"),
        ({"expires_at": "9999-12-31T00:00:00Z"}, "invalid"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "invalid"),
    ],
)
def test_key_that_makes_no_sense_is_refused(administrator, values, code):
    refused = administrator.post("api-keys/", BODY | values)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert not ApiKey.objects.exists()


def test_key_is_rotated_and_revoked(administrator):
    key, old = api.key()
    path = f"api-keys/{key.pk}/"
    new = administrator.post(f"{path}rotate/").json()["text"]
    assert new != old
    assert {Caller(text).get("me/").status_code for text in (old, new)} == {200}
    assert administrator.post(f"{path}revoke/").json()["state"] == "revoked"
    assert {Caller(text).get("me/").status_code for text in (old, new)} == {401}
    again = administrator.post(f"{path}revoke/")
    assert (again.status_code, again.json()["code"]) == (422, "key_refused")
    assert administrator.post(f"{path}rotate/").json()["code"] == "key_refused"


def test_calls_of_a_key_are_listed(administrator):
    key, text = api.key()
    Caller(text).get("me/")
    [call] = administrator.get(f"api-keys/{key.pk}/calls/").json()["results"]
    assert (call["method"], call["path"], call["status"]) == ("GET", "/api/v1/me/", 200)
    assert administrator.get(f"api-keys/{key.pk}/calls/", answer="4").json()["results"] == []
    assert [one["id"] for one in administrator.get("api-keys/").json()["results"]] == [key.pk]


def test_no_key_looks_after_keys():
    every = caller(*Scope)
    key = ApiKey.objects.get()
    assert every.get("api-keys/").status_code == 200
    assert every.post("api-keys/", BODY).status_code == 403
    assert every.post(f"api-keys/{key.pk}/rotate/").status_code == 403
    assert Caller(user=person("sales")).get("api-keys/").status_code == 403
