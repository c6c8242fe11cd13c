import pytest

from tests.factories import credit, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db


def wanted(quantity="9"):
    sku = orders.product("10.00", tax_percent="0").sku
    return {"lines": [{"sku": sku, "quantity": quantity}]}


def test_preview_of_an_amendment_says_what_would_change_and_changes_nothing():
    order, body, system = orders.released("90.00", limit="100.00"), wanted("9.5"), caller()
    before = everything()
    told = system.post(f"orders/{order.pk}/amend/preview/", body, once="").json()
    assert everything() == before
    assert (told["stays_released"], told["total"], told["need"]) == (True, "95.00", "5.00")
    assert told["changes"][-1] == {"label": "Total", "before": "90.00 CNY", "after": "95.00 CNY"}


def test_preview_of_an_amendment_says_when_the_release_would_be_void():
    order, body = orders.released("90.00", limit="100.00"), wanted("15")
    told = caller().post(f"orders/{order.pk}/amend/preview/", body).json()
    assert told["stays_released"] is False
    assert "limit" in {check["code"] for check in told["checks"]}


def test_preview_of_an_amendment_is_refused_as_the_amendment_is():
    order, body = orders.failed(), wanted()
    system, path = caller(), f"orders/{order.pk}/amend/preview/"
    assert system.post(path, body).json()["code"] == "wrong_state"
    assert system.post(path, {"lines": [{"sku": "NONE", "quantity": "1"}]}).json()["errors"]
    released = orders.released()
    empty = system.post(f"orders/{released.pk}/amend/preview/", {"lines": []})
    assert empty.json()["code"] == "order_refused"
    stranger = Caller(user=person("sales"))
    assert stranger.post(path, body).status_code == 404
    assert Caller(user=person("warehouse")).post(path, body).status_code == 403


def test_preview_of_a_split_shows_both_parts_and_makes_none():
    account, lines = credit.account("50.00"), [orders.line("10.00", quantity="10")]
    order = orders.submit(orders.draft(account, lines=lines))
    system = caller()
    before = everything()
    told = system.post(f"orders/{order.pk}/split/preview/", once="").json()
    assert everything() == before
    assert (told["kept"]["total"], told["rest"]["total"]) == ("50.00", "50.00")
    assert told["kept"]["lines"][0]["quantity"] == "5.000"


def test_preview_of_a_split_is_refused_as_the_split_is():
    whole, released, system = orders.failed("90.00", limit="50.00"), orders.released(), caller()
    refused = system.post(f"orders/{whole.pk}/split/preview/")
    assert (refused.status_code, refused.json()["code"]) == (422, "order_refused")
    assert system.post(f"orders/{released.pk}/split/preview/").json()["code"] == "wrong_state"
    manager = Caller(user=person("credit_analyst"))
    assert manager.post(f"orders/{whole.pk}/split/preview/").status_code == 403
