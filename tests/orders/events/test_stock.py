from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from journal.models import Entry
from orders.enums import OrderAction
from orders.errors import InFuture, InvalidQuantity, OrderError
from orders.models import Stock, StockMovement
from tests.factories import goods, orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return goods.warehouse()


def test_set_stock_keeps_the_count_and_says_when_it_was_taken(place):
    product = orders.product()
    stock = goods.counted(product, place, "12.5", counted_at=NOW - HOUR)
    assert (stock.on_hand, stock.allocated, stock.synced_at) == (Decimal("12.5"), 0, NOW - HOUR)
    entry = Entry.objects.about(place).get()
    assert entry.action == OrderAction.STOCK_COUNTED
    assert entry.data == {"source": "WMS", "rows": 1, "different": 1}


def test_set_stock_leaves_a_row_alone_that_was_counted_later(place):
    product = orders.product()
    goods.counted(product, place, "5", counted_at=NOW - HOUR)
    stock = goods.counted(product, place, "9", counted_at=NOW - DAY)
    assert (stock.on_hand, stock.synced_at) == (5, NOW - HOUR)


def test_set_stock_adds_what_moved_after_the_count(place):
    stock = goods.counted(orders.product(), place, "5", counted_at=NOW - DAY)
    goods.adjust(stock, "-2", at=NOW - HOUR)
    stock = goods.counted(stock.product, place, "10", counted_at=NOW - 2 * HOUR)
    assert stock.on_hand == 8
    kinds = list(StockMovement.objects.order_by("pk").values_list("kind", "quantity"))
    assert kinds == [("counted", 5), ("adjusted", -2), ("counted", 5)]


def test_set_stock_refuses_everything_for_one_impossible_count(place):
    product = orders.product()
    with pytest.raises(InvalidQuantity):
        goods.counted(product, place, "-1")
    with pytest.raises(InvalidQuantity):
        goods.counted(product, place, "0.0001")
    assert not Stock.objects.exists()


def test_set_stock_refuses_a_count_in_the_future(place):
    with pytest.raises(InFuture):
        goods.counted(orders.product(), place, "1", counted_at=NOW + HOUR)


@pytest.mark.parametrize("role", ["sales", "finance", "supply_chain", "administrator"])
def test_stock_is_counted_and_adjusted_by_the_warehouse_alone(place, role):
    stock = goods.counted(orders.product(), place, "5")
    by = person(role)
    with pytest.raises(PermissionDenied):
        goods.adjust(stock, "1", by=by)
    with pytest.raises(PermissionDenied):
        goods.counted(stock.product, place, "7", by=by)
    stock.refresh_from_db()
    assert stock.on_hand == 5


def test_set_stock_takes_thousands_of_rows_in_a_few_statements(
    place, django_assert_max_num_queries
):
    from orders.lifecycle import StockCount, set_stock

    products = [orders.product() for _ in range(60)]
    counts = [StockCount(one.pk, place.pk, Decimal(7)) for one in products]
    by = person("warehouse")
    by.has_perm("orders.adjust_stock")
    with django_assert_max_num_queries(7):
        done = set_stock(counts=counts, source="WMS", counted_at=NOW, by=by, at=NOW)
    assert done == Stock.objects.filter(on_hand=7).count() == 60


def test_adjust_stock_says_why(place):
    stock = goods.adjust(goods.counted(orders.product(), place, "5"), "-1.5", at=NOW + HOUR)
    assert stock.on_hand == Decimal("3.5")
    entry = Entry.objects.about(stock).get()
    assert (entry.action, entry.reason) == (OrderAction.STOCK_ADJUSTED, "broken")
    assert Decimal(entry.data["on_hand"]) == Decimal("3.5")


@pytest.mark.parametrize(("change", "reason"), [("0", "broken"), ("1", " "), ("NaN", "broken")])
def test_adjust_stock_refuses_no_change_and_no_reason(place, change, reason):
    stock = goods.counted(orders.product(), place, "5")
    with pytest.raises(OrderError):
        goods.adjust(stock, change, reason=reason)


def test_return_goods_brings_them_back_to_stock_only_where_it_is_said(place):
    order = orders.delivered()
    product = order.lines.get().product
    orders.return_goods(order)
    assert not Stock.objects.filter(product=product).exists()
    order = orders.in_pieces()
    orders.ship(order, warehouse_id=place.pk)
    product = order.lines.get().product
    assert goods.stock(product, place).on_hand == -10
    from orders import lifecycle

    lifecycle.return_goods(
        order_id=order.pk,
        quantities=orders.quantities(order, "4"),
        reason="too many",
        by=person("warehouse"),
        happened_at=NOW,
        at=NOW,
        warehouse_id=place.pk,
    )
    assert goods.stock(product, place).on_hand == -6


def test_adjust_stock_takes_off_no_more_than_there_is(place):
    stock = goods.counted(orders.product(), place, "5")
    with pytest.raises(InvalidQuantity, match="Only 5 are on hand"):
        goods.adjust(stock, "-5.001", at=NOW + HOUR)
    assert goods.adjust(stock, "-5", at=NOW + HOUR).on_hand == 0
