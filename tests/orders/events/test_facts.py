from datetime import timedelta

import pytest

from orders.enums import ScanKind
from orders.facts import ORDER
from orders.models import Order
from tests.factories import goods, orders
from tests.factories.moments import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db


def known(order, name, at):
    fact = next(one for one in ORDER.facts if one.name == name)
    return Order.objects.annotate(seen=fact.column(at)).get(pk=order.pk).seen


def test_unscanned_shipment_is_seen_as_of_the_moment():
    order = orders.ship(orders.released(), happened_at=NOW)
    name = "order.since_unscanned_shipment"
    goods.scan(order, happened_at=NOW + HOUR, at=NOW + DAY)
    assert known(order, name, NOW - HOUR) is None
    assert known(order, name, NOW + timedelta(minutes=30)) == NOW
    assert known(order, name, NOW + 2 * HOUR) is None


def test_last_scan_is_the_latest_by_the_moment():
    order = orders.ship(orders.released(), happened_at=NOW)
    for hours, kind in ((3, ScanKind.IN_TRANSIT), (1, ScanKind.PICKED_UP)):
        goods.scan(order, kind, happened_at=NOW + hours * HOUR, at=NOW + DAY)
    assert known(order, "order.since_scan", NOW) is None
    assert known(order, "order.since_scan", NOW + 2 * HOUR) == NOW + HOUR
    assert known(order, "order.since_scan", NOW + DAY) == NOW + 3 * HOUR


def test_oversold_is_an_order_that_is_promised_what_is_not_there():
    place = goods.warehouse()
    order = goods.allocate(orders.in_pieces(), place)
    assert known(order, "order.oversold", NOW) is True
    goods.counted(order.lines.get().product, place, "10")
    assert known(order, "order.oversold", NOW) is False
