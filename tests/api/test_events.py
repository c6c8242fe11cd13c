import pytest

from orders.models import FulfilmentEvent, Order
from staff.api.scopes import Scope
from tests.factories import credit, goods, orders
from tests.factories.api import caller
from tests.factories.moments import NOW

pytestmark = pytest.mark.django_db


def message(order=None, **values):
    return {
        "source": "wms",
        "external_id": "M-1",
        "kind": "shipped",
        "reference": order.number if order else "",
        "happened_at": NOW.isoformat(),
    } | values


def test_event_is_applied_once_however_often_it_is_sent():
    wms, order = caller(Scope.GOODS), orders.released()
    first, again = (wms.post("events/", message(order), once="") for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json()["event"]["state"], first.json()["again"]) == ("applied", False)
    assert (again.json()["event"]["id"], again.json()["again"]) == (
        first.json()["event"]["id"],
        True,
    )
    assert order.shipments.count() == 1
    other = wms.post("events/", message(order, kind="delivered"), once="")
    assert (other.status_code, other.json()["code"]) == (409, "event_conflict")


def test_early_event_takes_its_turn_with_the_rights_of_its_key(
    django_capture_on_commit_callbacks,
):
    wms, shop = caller(Scope.GOODS), caller(Scope.ORDERS)
    early = wms.post("events/", message(reference="WEB-1", reference_source="api"), once="")
    assert early.json()["event"]["state"] == "waiting"
    line = {"sku": orders.product().sku, "quantity": "1"}
    body = {"customer": credit.account().customer.code, "external_id": "WEB-1", "lines": [line]}
    with django_capture_on_commit_callbacks(execute=True):
        shop.post("orders/", body | {"submit": True})
    assert FulfilmentEvent.objects.get().state == "applied"


def test_event_that_waited_for_the_submission_takes_its_turn_after_it(
    django_capture_on_commit_callbacks,
):
    wms, shop, order = caller(Scope.GOODS), caller(), orders.draft(credit.account())
    early = wms.post("events/", message(order), once="")
    assert early.json()["event"]["state"] == "waiting"
    with django_capture_on_commit_callbacks(execute=True):
        assert shop.post(f"orders/{order.pk}/submit/").json()["state"] == "approved"
    assert FulfilmentEvent.objects.get().state == "applied"
    assert Order.objects.get(pk=order.pk).state == "shipped"


def test_key_tells_only_what_its_scope_lets_it():
    order = orders.released()
    paid = message(order, kind="payment", payload={"amount": "1.00"})
    refused = caller(Scope.GOODS).post("events/", paid, once="")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert not FulfilmentEvent.objects.exists()


def test_many_events_are_taken_one_by_one():
    wms, order = caller(Scope.GOODS), orders.released()
    events = [
        message(order, external_id="M-1"),
        message(order, external_id="M-2", kind="delivered"),
        message(external_id="M-3"),
        message(order, external_id="M-4", kind="payment", payload={"amount": "1.00"}),
    ]
    told = wms.post("events/bulk/", {"events": events}, once="").json()["results"]
    states = [one["event"] and one["event"]["state"] for one in told]
    assert states == ["applied", "applied", None, None]
    assert [one["refused"] and one["refused"]["code"] for one in told][2:] == [
        "order_refused",
        "forbidden",
    ]


def test_event_is_found_and_given_up():
    wms, order = caller(Scope.GOODS), orders.draft(credit.account())
    waiting = wms.post("events/", message(order, kind="delivered"), once="").json()["event"]
    found = wms.get("events/", kind="delivered").json()["results"]
    assert [event["id"] for event in found] == [waiting["id"]]
    given_up = wms.post(f"events/{waiting['id']}/dismiss/", {"reason": "wrong order"})
    assert (given_up.json()["state"], given_up.json()["why"]) == ("dismissed", "wrong order")


def test_stock_is_listed_as_it_was_counted():
    product = orders.product()
    goods.counted(product, goods.warehouse(), "5")
    [row] = caller(Scope.READ).get("stock/", q=product.sku).json()["results"]
    assert (row["sku"], row["on_hand"], row["available"]) == (product.sku, "5.000", "5.000")
