from decimal import Decimal
from itertools import permutations

import pytest

from credit.exposure import OrderExposure
from credit.lifecycle import order_exposure
from credit.models import Invoice
from orders.enums import EventKind, EventState, OrderState
from orders.events import lifecycle as events
from tests.factories import goods, orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.staff import superuser
from tests.factories.traces import differing

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_take_event_waits_for_the_messages_that_it_names():
    order = orders.pay(orders.released("90.00"), "100.00")
    refund = {"amount": "10", "reason": "paid twice", "after": ["P2", "P1", "P1"]}
    waiting = goods.tell(order, EventKind.REFUND, payload=refund).event
    assert waiting.state == EventState.WAITING and "P1, P2" in waiting.why
    assert waiting.payload["after"] == ["P1", "P2"]
    for number in ("P1", "P2"):
        assert fresh(waiting).state == EventState.WAITING
        paid = {"amount": "5", "reference": number}
        goods.tell(order, EventKind.PAYMENT, external_id=number, payload=paid)
    assert fresh(waiting).state == EventState.APPLIED


def test_take_event_goes_on_when_what_it_names_is_dismissed():
    order = orders.shipped()
    waiting = goods.tell(order, payload={"after": ["LOST"]}).event
    nowhere = {"warehouse": "NOWHERE"}
    lost = goods.tell(order, EventKind.ALLOCATED, external_id="LOST", payload=nowhere).event
    assert (fresh(waiting).state, lost.state) == (EventState.WAITING, EventState.REFUSED)
    events.dismiss(event_id=lost.pk, reason="never was", by=superuser(), at=NOW)
    assert fresh(waiting).state == EventState.APPLIED


def test_take_event_without_lines_ships_the_whole_order_or_nothing():
    whole, part = orders.in_pieces(), orders.ship_part(orders.in_pieces(), "4")
    assert goods.tell(whole, EventKind.SHIPPED).event.state == EventState.APPLIED
    refused = goods.tell(part, EventKind.SHIPPED).event
    assert refused.state == EventState.REFUSED and "Name the lines" in refused.why


def test_take_event_takes_an_invoice_of_an_order_that_looks_complete():
    order = orders.ship(orders.in_pieces(), happened_at=NOW - 5 * HOUR)
    orders.return_goods(orders.deliver(order), "10", happened_at=NOW - HOUR)
    assert fresh(order).state == OrderState.COMPLETED
    payload = {"number": "INV-LATE", "amount": "100"}
    event = goods.tell(order, EventKind.INVOICED, payload=payload, happened_at=NOW - 2 * HOUR).event
    assert event.state == EventState.APPLIED, event.why
    assert fresh(order).credit_due == 100


_PARTS = [
    (EventKind.SHIPPED, {"lines": [{"position": 1, "quantity": "4"}]}),
    (EventKind.INVOICED, {"number": "A", "amount": "40"}),
    (EventKind.RETURNED, {"lines": [{"position": 1, "quantity": "2"}], "reason": "-"}),
    (EventKind.SHIPPED, {"lines": [{"position": 1, "quantity": "6"}]}),
    (EventKind.PAYMENT, {"amount": "15"}),
    (EventKind.INVOICED, {"number": "B", "amount": "60"}),
]


@pytest.mark.parametrize("turn", [*permutations(range(6))][::60])
def test_take_event_credits_what_was_invoiced_when_it_came_back(turn):
    order = orders.in_pieces("10.00")
    for place in turn:
        kind, payload = _PARTS[place]
        goods.tell(order, kind, payload=payload, happened_at=NOW - (9 - place) * HOUR)
    order = fresh(order)
    assert (order.to_credit, order.to_invoice, order.invoiced_at) == (20, 0, NOW - 4 * HOUR)
    assert order_exposure(order.pk) == OrderExposure(receivable=Decimal(85), paid=Decimal(15))
    opened = Invoice.objects.order_by("number").values_list("open_amount", flat=True)
    assert list(opened) == [25, 60]


def test_payments_told_in_any_order_are_in_full_when_they_were():
    order = orders.released("90.00")
    moments = [NOW - 3 * HOUR, NOW - 2 * HOUR, NOW - HOUR]
    for place in (2, 0, 1):
        payload = {"amount": "45", "reference": str(place)}
        goods.tell(order, EventKind.PAYMENT, payload=payload, happened_at=moments[place])
    assert fresh(order).paid_at == moments[1]


@pytest.mark.parametrize("turn", [(0, 1, 2, 3), (0, 1, 3, 2), (3, 2, 1, 0), (2, 3, 0, 1)])
def test_returns_told_in_any_order_leave_nothing_to_pay_when_they_did(turn):
    order = orders.ship(orders.in_pieces("10.00"), happened_at=NOW - 9 * HOUR)
    orders.pay(order, "45.00", happened_at=NOW - 8 * HOUR)
    moments = [NOW - hours * HOUR for hours in (4, 3, 2, 1)]
    for place in turn:
        payload = {"lines": [{"position": 1, "quantity": "2"}], "reason": "-"}
        goods.tell(order, EventKind.RETURNED, payload=payload, happened_at=moments[place])
    assert fresh(order).paid_at == moments[2]


_MONEY = [
    (EventKind.INVOICED, {"number": "A", "amount": "30"}, 9),
    (EventKind.INVOICED, {"number": "B", "amount": "30"}, 9),
    (EventKind.INVOICED, {"number": "C", "amount": "30"}, 9),
    (EventKind.PAYMENT, {"amount": "40", "reference": "P1"}, 4),
    (EventKind.PAYMENT, {"amount": "40", "reference": "P2"}, 2),
]


@pytest.mark.parametrize("turn", [*permutations(range(5))][::10])
def test_money_told_in_any_order_settles_invoices_when_it_came(turn):
    order = orders.ship(orders.in_pieces("9.00"), happened_at=NOW - 10 * DAY)
    for place in turn:
        kind, payload, days = _MONEY[place]
        at = NOW - days * DAY + place * HOUR
        assert goods.tell(order, kind, payload=payload, happened_at=at).event.state == "applied"
    told = Invoice.objects.order_by("number").values_list("open_amount", "settled_on")
    days = [(NOW - days * DAY).date() for days in (4, 2)]
    assert list(told) == [(0, days[0]), (0, days[1]), (10, None)]
    assert not differing()
