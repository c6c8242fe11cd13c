from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from django.core.exceptions import PermissionDenied

from journal.models import Entry
from orders import lifecycle
from orders.allocating import SHIPPED, Step, kept
from orders.availability import offers
from orders.enums import OrderAction, OrderState
from orders.errors import InvalidQuantity, OrderError, TooEarly, WrongState
from orders.models import Allocation
from tests.factories import goods, orders
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import person
from tests.orders.pages import as_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return goods.warehouse()


def step(kind, hour, pieces, warehouse=1, *, new=False):
    return Step(kind, NOW + timedelta(hours=hour), warehouse, Decimal(pieces), new=new)


def of(found):
    return {number: (each.quantity, each.picked) for number, each in found.items()}


def test_kept_follows_time_and_not_the_order_of_arrival():
    steps = [
        step("allocated", 1, 5),
        step("picked", 2, 3),
        step(SHIPPED, 3, 4),
        step("allocated", 4, 5, 2),
    ]
    expected = {1: (Decimal(1), Decimal(0)), 2: (Decimal(5), Decimal(0))}
    for arrived in permutations(steps):
        assert of(kept(Decimal(10), arrived)) == expected


def test_kept_lets_go_of_what_left_from_elsewhere():
    steps = [step("allocated", 1, 10), step(SHIPPED, 2, 6, 2)]
    assert of(kept(Decimal(10), steps)) == {1: (4, 0)}


def test_kept_counts_a_pick_as_an_allocation():
    assert of(kept(Decimal(10), [step("picked", 1, 3)])) == {1: (3, 3)}


def test_kept_refuses_a_new_step_that_does_not_fit():
    steps = [step("allocated", 1, 8), step("allocated", 2, 3, new=True)]
    with pytest.raises(InvalidQuantity, match="Only 2"):
        kept(Decimal(10), steps)


def test_allocate_keeps_all_that_lacks_and_tells(place):
    order = orders.in_pieces()
    goods.allocate(order, place)
    assert goods.kept(order) == [(place.code, "10", "0")]
    assert goods.stock(order.lines.get().product, place).is_oversold
    entry = Entry.objects.for_order(order.pk).first()
    assert entry.action == OrderAction.ALLOCATED
    assert entry.data["warehouse"] == place.code


def test_ship_takes_goods_off_the_shelf_and_off_the_allocation(place):
    order = orders.in_pieces()
    product = order.lines.get().product
    goods.counted(product, place, "30", counted_at=NOW - HOUR)
    goods.pick(goods.allocate(order, place), place, "7")
    orders.ship_part(order, "4", warehouse_id=place.pk)
    stock = goods.stock(product, place)
    assert (stock.on_hand, stock.allocated) == (26, 6)
    assert goods.kept(order) == [(place.code, "6", "3")]


def test_ship_from_nowhere_lets_go_of_what_is_not_needed_any_more(place):
    order = orders.ship(goods.allocate(orders.in_pieces(), place))
    assert goods.kept(order) == []
    stock = goods.stock(order.lines.get().product, place)
    assert (stock.on_hand, stock.allocated) == (0, 0)


@pytest.mark.parametrize(
    "end", [orders.cancel, lambda order: orders.close_short(orders.ship_part(order, "4"))]
)
def test_an_order_that_ends_keeps_nothing(place, end):
    order = goods.allocate(orders.in_pieces(), place)
    end(order)
    assert not Allocation.objects.exists()
    assert goods.stock(order.lines.get().product, place).allocated == 0
    assert Entry.objects.for_order(order.pk).filter(action=OrderAction.FREED).exists()


def test_amend_lets_go_of_what_was_kept(place):
    order = goods.allocate(orders.in_pieces(), place)
    product = order.lines.get().product
    lifecycle.amend(
        order_id=order.pk,
        header=orders.header(),
        lines=[orders.line("10.00")],
        reason="less",
        seen_version=order.version,
        by=order.owner,
        at=NOW,
    )
    assert goods.stock(product, place).allocated == 0


def test_set_free_wants_a_reason_and_something_to_free(place):
    order = goods.allocate(orders.in_pieces(), place)
    values = {"order_id": order.pk, "by": person("supply_chain"), "at": NOW}
    with pytest.raises(OrderError):
        lifecycle.set_free(reason=" ", **values)
    lifecycle.set_free(reason="needed elsewhere", **values)
    assert goods.kept(order) == []
    with pytest.raises(OrderError):
        lifecycle.set_free(reason="again", **values)


@pytest.mark.parametrize("state", ["draft", "credit_failed", "rejected", "cancelled"])
def test_allocate_refuses_an_order_that_is_not_released(place, state):
    with pytest.raises(WrongState):
        goods.allocate(orders.in_state(state), place)


@pytest.mark.parametrize("role", ["sales", "sales_manager", "finance", "customer_service"])
def test_goods_are_handled_by_the_warehouse(place, role):
    order, by = orders.in_pieces(), person(role)
    for verb in (goods.allocate, goods.pick):
        with pytest.raises(PermissionDenied):
            verb(order, place, by=by)
    assert goods.kept(order) == []


def test_allocate_refuses_a_warehouse_that_is_not_in_use():
    closed = goods.warehouse(active=False)
    with pytest.raises(OrderError, match="not in use"):
        goods.allocate(orders.in_pieces(), closed)


def test_allocate_refuses_more_than_lacks(place):
    order = goods.allocate(orders.in_pieces(), place, "8")
    with pytest.raises(InvalidQuantity):
        goods.allocate(order, place, "3")
    assert goods.kept(order) == [(place.code, "8", "0")]


def test_record_scan_follows_the_shipment_that_is_named():
    order = orders.ship_part(orders.in_pieces(), "4", tracking_number="T1")
    orders.ship(order, tracking_number="T2")
    goods.scan(order, tracking_number="T2", place="Hangzhou")
    first, second = order.shipments.order_by("pk")
    assert not first.scans.exists()
    assert second.scans.get().place == "Hangzhou"
    with pytest.raises(OrderError, match="several"):
        goods.scan(order)
    with pytest.raises(TooEarly):
        goods.scan(order, tracking_number="T3")


def test_record_scan_refuses_one_before_the_goods_left():
    with pytest.raises(OrderError, match="before they left"):
        goods.scan(orders.shipped(), happened_at=NOW - HOUR)


def test_replace_enters_an_order_that_costs_nothing():
    old = orders.return_goods(orders.delivered())
    returned, by = old.returns.get(), person("customer_service")
    order = lifecycle.replace(return_id=returned.pk, by=by, at=NOW)
    assert (order.state, order.total, order.replaces) == (OrderState.DRAFT, 0, returned)
    assert order.lines.get().product_id == old.lines.get().product_id
    order = orders.deliver(orders.ship(orders.submit(order)))
    assert order.state == OrderState.COMPLETED
    with pytest.raises(OrderError):
        lifecycle.replace(return_id=returned.pk, by=by, at=NOW)


@pytest.mark.parametrize("role", ["sales", "warehouse", "finance"])
def test_replace_is_for_customer_service(role):
    returned = orders.return_goods(orders.delivered()).returns.get()
    with pytest.raises(PermissionDenied):
        lifecycle.replace(return_id=returned.pk, by=person(role), at=NOW)


def offered(order, *, leaving):
    found = offers(list(order.lines.prefetch_related("allocations")), leaving=leaving)
    return [(each.warehouse.code, each.filled) for each in found]


def test_offers_name_first_the_warehouse_that_has_most():
    order, small, large = orders.released(), goods.warehouse(code="A"), goods.warehouse(code="B")
    line = order.lines.get()
    goods.counted(line.product, small, line.quantity / 4)
    goods.counted(line.product, large, line.quantity / 2)
    assert offered(order, leaving=False) == [("B", 0), ("A", 0)]


def test_offers_do_not_take_what_is_promised_for_what_is_there(place):
    order = orders.released()
    line = order.lines.get()
    goods.counted(line.product, place, line.quantity / 2)
    goods.allocate(order, place)
    assert offered(order, leaving=True) == [(place.code, 0)]
    goods.counted(line.product, place, line.quantity)
    assert offered(order, leaving=True) == [(place.code, 1)]


def test_timeline_names_the_warehouse_and_the_product(place):
    order = orders.released()
    goods.allocate(order, place)
    page = as_role("warehouse").get(f"/orders/{order.pk}/")
    line = order.lines.get()
    told = f"At {place}; {line.product.sku} × {line.quantity.normalize() + 0:f}."
    assert told in [event.text for event in page.context["timeline"].events]
