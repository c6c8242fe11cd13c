from datetime import timedelta

import pytest

from staff import tasks
from staff.api import calls
from staff.api.models import ApiCall, ApiKey
from tests.factories import api
from tests.factories.api import Caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_queue():
    calls.server().delete(calls._QUEUE)


@pytest.fixture
def boss(client):
    user = person("administrator")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_key_is_shown_once(boss):
    page = boss.post("/api-keys/new/", {"name": "WMS", "scopes": ["goods"]})
    key = ApiKey.objects.get()
    assert (page.status_code, page["Cache-Control"].count("no-store")) == (200, 1)
    assert page.content.decode().count(f"og_{key.key_id}_") == 3  # to read, to copy, in brief
    again = boss.get(f"/api-keys/{key.pk}/").content.decode()
    assert again.count(f"og_{key.key_id}_") == 1


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}, {"last_day": "2020-01-01"}]
)
def test_key_that_makes_no_sense_is_asked_for_again(boss, wrong):
    page = boss.post("/api-keys/new/", {"name": "WMS", "scopes": ["goods"]} | wrong)
    assert page.status_code == 422
    assert not ApiKey.objects.exists()


def test_key_is_good_for_all_of_its_last_day(boss, time_machine):
    time_machine.move_to(NOW, tick=False)
    form = {"name": "WMS", "scopes": ["goods"], "last_day": "2026-12-31"}
    boss.post("/api-keys/new/", form)
    assert ApiKey.objects.get().expires_at.isoformat() == "2026-12-31T16:00:00+00:00"


def test_key_is_rotated_and_revoked_in_the_browser(boss):
    key, _text = api.key()
    page = boss.post(f"/api-keys/{key.pk}/rotate/").content.decode()
    assert page.count(f"og_{key.key_id}_") == 3
    assert boss.post(f"/api-keys/{key.pk}/revoke/").url == f"/api-keys/{key.pk}/"
    assert ApiKey.objects.get().revoked_at
    assert boss.post(f"/api-keys/{key.pk}/rotate/").status_code == 302


def test_auditor_reads_keys_and_changes_none(client):
    key, _text = api.key()
    client.force_login(person("auditor"), "django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/api-keys/{key.pk}/").content.decode()
    assert "/revoke/" not in page
    assert client.get("/api-keys/").status_code == 200
    assert client.post(f"/api-keys/{key.pk}/revoke/").status_code == 403


def test_calls_are_listed_with_their_answers(boss):
    key, text = api.key()
    shop = Caller(text)
    for _ in range(2):
        shop.post("orders/1/submit/", once="again-and-again")
    shop.get("orders/", limit="1")
    page = boss.get(f"/api-keys/{key.pk}/").content.decode()
    assert page.count(">POST /api/v1/orders/1/submit/<") == 2
    assert "again-and-again" in page
    key.refresh_from_db()
    assert key.last_used_at is not None
    refused = boss.get(f"/api-keys/{key.pk}/?answer=4&method=POST").content.decode()
    assert ">POST /api/v1/orders/1/submit/<" in refused
    assert ">GET /api/v1/orders/<" not in refused
    assert boss.get(f"/api-keys/{key.pk}/?answer=9").status_code == 400


def test_calls_are_brought_to_the_log_by_the_clock():
    _key, text = api.key()
    Caller(text).get("orders/")
    assert tasks.settle_api_calls() == 1
    call = ApiCall.objects.get()
    assert (call.method, call.path, call.status) == ("GET", "/api/v1/orders/", 200)
    assert tasks.settle_api_calls() == 0


def test_calls_of_a_key_that_is_gone_are_dropped():
    key, text = api.key()
    Caller(text).get("orders/")
    key.delete()
    assert tasks.settle_api_calls() == 0


def test_old_calls_are_forgotten():
    key, _text = api.key()
    for days in (29, 31):
        ApiCall.objects.create(
            key=key,
            at=NOW - timedelta(days=days),
            method="GET",
            path="/",
            status=200,
            milliseconds=1,
        )
    assert calls.prune(NOW) == 1


def test_queue_that_is_away_keeps_nobody_out(monkeypatch):
    class Away:
        def rpush(self, *_what):
            raise calls.redis.ConnectionError

        lpop = rpush

    _key, text = api.key()
    monkeypatch.setattr(calls, "server", Away)
    assert Caller(text).get("orders/").status_code == 200
    assert tasks.settle_api_calls() == 0
