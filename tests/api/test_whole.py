import pytest

from staff.api.scopes import Scope
from tests.api.test_cost import trips
from tests.factories import credit, goods, orders
from tests.factories.api import caller

pytestmark = pytest.mark.django_db
# The key; the order with its customer, people and what there is beside it; its lines; its decision.
NEW = 4


def allocated():
    order, warehouse = orders.released(), goods.warehouse()
    goods.counted(order.lines.get().product, warehouse, "5")
    goods.allocate(order, warehouse)
    return order


@pytest.mark.parametrize(
    ("part", "make"),
    [
        ("holds", lambda: orders.hold(orders.released()).order),
        ("conditions", lambda: orders.conditional(orders.failed(), orders.prepay())),
        ("approval", orders.failed),
        ("decision", orders.released),
        ("allocations", allocated),
        ("shipments", orders.shipped),
        ("returns", lambda: orders.return_goods(orders.shipped())),
        ("payments", orders.completed),
        ("invoices", orders.completed),
    ],
)
def test_order_is_told_with_all_that_belongs_to_it(part, make):
    reader = caller(Scope.READ)
    assert reader.get(f"orders/{make().pk}/").json()[part]
    assert not reader.get(f"orders/{orders.draft(credit.account()).pk}/").json()[part]


def test_refunds_are_told_beside_what_was_paid():
    order = orders.pay(orders.shipped(), "90.00")
    order = orders.return_goods(order)
    orders.refund(order)
    told = caller(Scope.READ).get(f"orders/{order.pk}/").json()
    assert (len(told["payments"]), len(told["refunds"])) == (1, 1)


def test_new_order_asks_for_nothing_in_vain(monkeypatch):
    reader, first, order = caller(Scope.READ), orders.released(), orders.released()
    assert reader.get(f"orders/{first.pk}/").status_code == 200
    asked = trips(monkeypatch, lambda: reader.get(f"orders/{order.pk}/").json()["id"])
    assert asked == NEW
