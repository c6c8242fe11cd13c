import pytest

from orders.models import Order, TrackingEvent
from staff.api.scopes import Scope
from tests.factories import credit, goods, orders
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def wms():
    return caller(Scope.GOODS)


def test_goods_are_allocated_picked_and_set_free(wms):
    order, place = orders.in_pieces("10.00"), goods.warehouse()
    path, some = f"orders/{order.pk}/", [{"position": 1, "quantity": "4"}]
    assert wms.post(f"{path}allocate/", {"warehouse": place.code}).status_code == 200
    assert goods.kept(order) == [(place.code, "10", "0")]
    wms.post(f"{path}pick/", {"warehouse": place.code, "lines": some})
    [kept] = wms.get(path).json()["allocations"]
    assert (kept["warehouse"], kept["quantity"], kept["picked"]) == (place.code, "10.000", "4.000")
    freed = wms.post(f"{path}set-free/", {"reason": "another customer waits"})
    assert (freed.json()["id"], goods.kept(order)) == (order.pk, [])
    again = wms.post(f"{path}set-free/", {"reason": "once more"})
    assert (again.status_code, again.json()["code"]) == (422, "order_refused")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"warehouse": "NOWHERE"}, "invalid"),
        ({}, "invalid"),
        ({"lines": [{"position": 9, "quantity": "1"}]}, "invalid"),
        ({"lines": [{"position": 1, "quantity": "11"}]}, "invalid_quantity"),
    ],
)
def test_what_cannot_be_allocated_is_refused(wms, body, code):
    order, place = orders.in_pieces("10.00"), goods.warehouse()
    body = {"warehouse": place.code} | body if body.get("lines") else body
    refused = wms.post(f"orders/{order.pk}/allocate/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert goods.kept(order) == []


def test_goods_of_a_draft_are_not_allocated(wms):
    order, place = orders.draft(credit.account()), goods.warehouse()
    refused = wms.post(f"orders/{order.pk}/allocate/", {"warehouse": place.code})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


def test_scan_is_recorded_once_goods_have_left(wms):
    order, body = orders.released(), {"kind": "in_transit", "place": "Hangzhou"}
    early = wms.post(f"orders/{order.pk}/scans/", body)
    assert (early.status_code, TrackingEvent.objects.count()) == (422, 0)
    orders.ship(order)
    [shipment] = wms.post(f"orders/{order.pk}/scans/", body).json()["shipments"]
    assert [scan["place"] for scan in shipment["scans"]] == ["Hangzhou"]
    wrong = wms.post(f"orders/{order.pk}/scans/", {"kind": "lost"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["kind"])


def test_return_is_replaced_once_by_customer_service(wms):
    returned = orders.return_goods(orders.shipped()).returns.get()
    path, service = f"returns/{returned.pk}/replacement/", person("customer_service")
    assert wms.post(path).status_code == 403
    made = Caller(user=service).post(path)
    assert (made.status_code, made.json()["state"], made.json()["total"]) == (201, "draft", "0.00")
    assert Order.objects.get(pk=made.json()["id"]).replaces == returned
    again = Caller(user=service).post(path)
    assert (again.status_code, again.json()["code"]) == (422, "order_refused")


def test_shipment_and_return_move_the_stock_of_a_warehouse(wms):
    order, place = orders.in_pieces("10.00"), goods.warehouse()
    stock = goods.counted(order.lines.get().product, place, "20")
    wms.post(f"orders/{order.pk}/shipments/", {"warehouse": place.code})
    back = {"warehouse": place.code, "reason": "x", "lines": [{"position": 1, "quantity": "3"}]}
    assert wms.post(f"orders/{order.pk}/returns/", back).status_code == 201
    stock.refresh_from_db()
    assert stock.on_hand == 13


def test_stock_is_put_right_with_a_reason(wms):
    stock = goods.counted(orders.product(), goods.warehouse(), "5")
    path = f"stock/{stock.pk}/"
    done = wms.post(f"{path}adjust/", {"change": "-2", "reason": "broken"})
    assert (done.status_code, done.json()["on_hand"]) == (200, "3.000")
    assert wms.get(path).json()["on_hand"] == "3.000"
    none = wms.post(f"{path}adjust/", {"change": "0", "reason": "x"})
    assert (none.status_code, none.json()["code"]) == (422, "invalid_quantity")
    assert wms.post(f"{path}adjust/", {"change": "1"}).json()["code"] == "invalid"
    refused = caller(Scope.READ).post(f"{path}adjust/", {"change": "1", "reason": "x"})
    assert refused.status_code == 403


def test_warehouses_are_listed_by_code(wms):
    made = goods.warehouse(active=False)
    [found] = wms.get("warehouses/").json()["results"]
    assert (found["code"], found["name"], found["active"]) == (made.code, str(made), False)
