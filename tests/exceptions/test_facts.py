"""What rules see of an order is what was so at the moment they ask about."""

from decimal import Decimal

import pytest

from credit.enums import LimitKind
from credit.lifecycle import settle_promises
from exceptions.detect.models import subject
from orders.models import Order
from rules.compiler import matches
from rules.observing import observe
from tests.factories import credit, orders, tickets
from tests.factories.moments import DAY, EARLIER, HOUR, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
LOW = {"fact": "order.margin", "op": "less_than", "value": "5"}


def holds(condition, order, at=NOW):
    return matches(condition, subject(), at).filter(pk=order.pk).exists()


def happened(what, at, order, yes=True):
    return holds({"fact": f"order.{what}", "op": "is", "value": yes}, order, at)


def with_margin(net, cost):
    order = orders.released()
    net, cost = Decimal(net), None if cost is None else Decimal(cost)
    Order.objects.filter(pk=order.pk).update(net=net, total=net, cost=cost)
    return order


def verdict(condition, order, at=NOW):
    return observe(condition, subject(), order, at)[0].verdict


def test_paid_and_shipped_are_as_of_the_moment():
    order = tickets.paid(hours=30)
    orders.ship(order, happened_at=NOW - 2 * HOUR)
    assert [happened("paid", NOW - hours * HOUR, order) for hours in (31, 30, 29)] == [
        False,
        True,
        True,
    ]
    assert [happened("shipped", NOW - hours * HOUR, order) for hours in (3, 2, 0)] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("minutes, expected", [(24 * 60, False), (24 * 60 + 1, True)])
def test_since_payment_is_exact_to_the_minute(minutes, expected):
    order = tickets.paid(hours=minutes / 60)
    assert holds(tickets.rule().version.condition, order) is expected


def test_scope_begins_with_submission_and_ends_with_the_order():
    order = orders.submit(orders.draft(credit.account(), at=EARLIER), at=EARLIER)
    orders.cancel(order, at=NOW - HOUR)
    moments = (EARLIER - HOUR, EARLIER, NOW - 2 * HOUR, NOW - HOUR, NOW)
    inside = [happened("shipped", at, order, yes=False) for at in moments]
    assert inside == [False, True, True, False, False]


def test_drafts_are_out_of_sight():
    assert not happened("shipped", NOW, orders.draft(credit.account()), yes=False)


def test_hold_counts_while_it_stands():
    order = orders.released()
    hold = orders.hold(order, at=NOW)
    orders.lifecycle.release_hold(
        hold_id=hold.pk, note="fine", by=person("credit_analyst"), at=NOW + DAY
    )
    moments = (NOW - HOUR, NOW, NOW + DAY - HOUR, NOW + DAY)
    # The order itself was submitted at NOW.
    assert [happened("held", at, order) for at in moments] == [False, True, True, False]


@pytest.mark.parametrize(
    "net, cost, expected",
    [
        ("100.00", "95.01", True),
        ("100.00", "95.00", False),
        ("100000.00", "95000.01", True),
        ("100000.00", "95000.00", False),
        ("100.00", "120.00", True),
        ("100.00", "60.00", False),
    ],
)
def test_margin_is_compared_exactly(net, cost, expected):
    order = with_margin(net, cost)
    assert holds(LOW, order) is expected
    assert holds({"not": LOW}, order) is not expected


@pytest.mark.parametrize("net, cost", [("100.00", None), ("0.00", "10.00")])
def test_margin_without_cost_or_net_is_missing(net, cost):
    order = with_margin(net, cost)
    assert verdict(LOW, order) == "missing"
    assert not holds(LOW, order) and not holds({"not": LOW}, order)


@pytest.mark.parametrize(
    "address, expected",
    [
        ("P.O. BOX 12", "true"),
        ("ｐ.ｏ. ｂｏｘ 12", "true"),
        ("上海市外高桥保税区富特路", "true"),
        ("高雄市轉運倉二號", "true"),
        ("12 High Street", "false"),
        ("", "missing"),
    ],
)
def test_address_keyword_in_any_script(address, expected):
    order = tickets.addressed(address)
    assert verdict(tickets.rule("address_keyword").version.condition, order) == expected


def promised():
    order = orders.conditional(orders.failed(), orders.pay_within(5))
    return order, NOW + 7 * DAY


def test_promise_broken_is_about_the_order_it_was_given_for():
    order, later = promised()
    other = orders.submit(orders.draft(order.account))
    settle_promises(at=later)
    assert happened("promise_broken", later, order)
    assert not happened("promise_broken", later - HOUR, order)
    assert not happened("promise_broken", later, other)


def test_promise_rule_finds_the_order_and_whatever_can_still_be_kept_back():
    order, later = promised()
    credit.limits([order.account], None, kind=LimitKind.UNLIMITED)
    other, gone = (orders.submit(orders.draft(order.account)) for _ in range(2))
    orders.ship(order), orders.ship(gone)
    settle_promises(at=later)
    condition = tickets.rule("promise_broken").version.condition
    assert [holds(condition, one, later) for one in (order, other, gone)] == [True, True, False]


def test_promise_rule_passes_over_promises_that_were_kept():
    order, later = promised()
    orders.pay(order, at=NOW + DAY)
    settle_promises(at=later)
    assert not holds(tickets.rule("promise_broken").version.condition, order, later)
