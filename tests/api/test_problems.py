import json

import pytest
from django.test import Client
from django.utils import translation

from staff.api import rates
from staff.api.problems import KINDS
from tests.factories import credit, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def raw(shop, body, content_type="application/json", path="orders/"):
    headers = shop.headers | {"Idempotency-Key": "raw"}
    return shop.client.post(f"/api/v1/{path}", body, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"7", 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"lines": [1]}', 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'{"customer": "a\\u0000b", "lines": []}', 422, "invalid"),
        (b'{"customer": "\\ud800", "lines": []}', 422, "invalid"),
        (b'{"customer": NaN, "lines": []}', 400, "malformed"),
        (b'{"customer": ' + b"9" * 5000 + b', "lines": []}', 400, "malformed"),
        (b'{"customer": {"a": 1}, "lines": {"0": 1}}', 422, "invalid"),
        (b'{"customer": "x", "lines": [{"sku": "x", "quantity": "1e400"}]}', 422, "invalid"),
        (b'{"customer": "x", "lines": [{"sku": "x", "quantity": "NaN"}]}', 422, "invalid"),
        (b'{"customer": "x", "lines": [], "promised_at": "0001-01-01T00:00Z"}', 422, "invalid"),
    ],
)
def test_nonsense_is_a_problem_and_never_our_mistake(body, status, code):
    answer = raw(caller(), body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_body_of_another_type_is_refused():
    assert raw(caller(), "a=1", "application/x-www-form-urlencoded").status_code == 415


def test_body_beyond_what_is_taken_is_refused():
    answer = raw(caller(), b" " * (6 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "query", ["after=AAAA", "before=W10", "after=%00", "q=%00", "since=2026-13-01"]
)
def test_broken_address_is_a_problem(query):
    shop = caller()
    answer = shop.client.get(f"/api/v1/orders/?{query}", headers=shop.headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query")


def test_address_that_leads_nowhere_is_a_problem_too():
    for path in ("orders/99999999999999999999/", "orders/x/", "nothing/"):
        answer = caller().get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_method_that_an_address_does_not_know_is_refused():
    answer = caller().send("delete", "orders/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert set(answer["Allow"].split(", ")) >= {"GET", "POST"}


def test_problem_leads_to_a_page_that_explains_it(client):
    answer = caller().get("orders/1/").json()
    assert answer["type"] == "http://testserver/api/problems/not_found/"
    page = client.get(answer["type"])
    assert page.status_code == 200
    assert "not_found" in page.content.decode()


def test_every_kind_of_problem_has_its_page_in_every_language(client):
    assert client.get("/api/problems/").status_code == 200
    for code in KINDS:
        assert client.get(f"/api/problems/{code}/").status_code == 200
    assert client.get("/api/problems/nonsense/").status_code == 404


def test_problem_is_told_in_the_language_of_the_caller():
    shop, order = caller(), orders.in_state("shipped")
    told = shop.post(
        f"orders/{order.pk}/cancel/", {"reason": "-"}, **{"Accept-Language": "zh-Hans"}
    ).json()
    with translation.override("zh-hans"):
        state = order.get_state_display()
    assert str(state) in told["detail"]


def test_session_needs_the_token_that_proves_it_was_meant():
    account = credit.account()
    browser = Caller(user=account.customer.owner, csrf=True)
    order = orders.draft(account)
    refused = browser.post(f"orders/{order.pk}/submit/")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    browser.client.get("/")
    token = browser.client.cookies["csrftoken"].value
    assert browser.post(f"orders/{order.pk}/submit/", **{"X-CSRFToken": token}).status_code == 200


def test_key_needs_no_token():
    _order = orders.draft(credit.account())
    shop = caller()
    shop.client = Client(enforce_csrf_checks=True)
    assert shop.post(f"orders/{_order.pk}/submit/").status_code == 200


def test_too_many_calls_are_told_to_wait(settings, time_machine):
    time_machine.move_to("2026-03-02T09:00:10Z", tick=False)
    settings.API_CALLS_PER_MINUTE = 2
    shop, other = caller(), caller()
    first = shop.get("orders/")
    assert first["RateLimit-Policy"] == '"default";q=2;w=60'
    assert first["RateLimit"] == '"default";r=1;t=50'
    assert shop.get("orders/").status_code == 200
    refused = shop.get("orders/")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused["Retry-After"]) <= rates.WINDOW
    assert other.get("orders/").status_code == 200
    time_machine.move_to("2026-03-02T09:01:00Z", tick=False)
    assert shop.get("orders/").status_code == 200


def test_counter_that_is_away_keeps_nobody_out(monkeypatch, tmp_path):
    nowhere = rates.redis.Redis(unix_socket_path=str(tmp_path / "no-server"))
    monkeypatch.setattr(rates, "server", lambda: nowhere)
    assert caller().get("orders/").status_code == 200


def test_description_names_every_operation(client):
    told = json.loads(client.get("/api/v1/schema/").content)
    assert told["openapi"].startswith("3.")
    submit = told["paths"]["/api/v1/orders/{id}/submit/"]["post"]
    assert set(submit["responses"]) >= {"200", "401", "403", "404", "409", "422", "429"}
    assert submit["operationId"] == "orders_submit"


def test_reference_is_read_by_whoever_is_signed_in(client):
    assert client.get("/api/docs/").status_code == 302
    client.force_login(person("auditor"), "django.contrib.auth.backends.ModelBackend")
    page = client.get("/api/docs/").content.decode()
    assert "swagger-ui" in page and "<style" not in page
