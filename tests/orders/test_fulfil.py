from datetime import date

import pytest
from django.db import IntegrityError, transaction

from credit.models import Invoice
from orders import lifecycle
from orders.enums import OrderState
from orders.errors import InFuture, OrderError, OrderHeld
from orders.lifecycle.draft import Origin
from orders.models import Order, Shipment
from tests.factories import credit, orders
from tests.factories.moments import DAY, EARLIER, HOUR, NOW
from tests.factories.traces import balances, everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("verb", [orders.pay, orders.ship, orders.invoice])
def test_event_cannot_happen_in_the_future(verb):
    order = orders.released()
    before = everything()
    with pytest.raises(InFuture):
        verb(order, happened_at=NOW + HOUR)
    assert {k: v for k, v in everything().items() if v != before[k]} == {}


def test_deliver_cannot_happen_in_the_future():
    order = orders.shipped()
    with pytest.raises(InFuture):
        orders.deliver(order, happened_at=NOW + HOUR)
    assert Order.objects.get(pk=order.pk).state == OrderState.SHIPPED


def test_event_is_kept_with_the_time_it_happened():
    order = orders.ship(orders.released(), happened_at=EARLIER)
    assert (order.shipped_at, order.shipments.get().at, last_entry(order).at) == (EARLIER,) * 3
    assert order.account.entries.latest("pk").at == EARLIER


# Payments


def test_record_payment_frees_what_was_reserved():
    order = orders.pay(orders.released("90.00"), "40.00", reference="B-1")
    assert (order.paid_amount, order.unpaid, order.paid_at) == (40, 50, None)
    assert balances(order.account) == {"reserved": "50.00", "paid": "40.00"}
    assert last_entry(order).data == {
        "amount": "40.00",
        "reference": "B-1",
        "left": "50.00",
        "currency": "CNY",
    }


def test_record_payment_journals_one_entry_by_who_entered_it():
    order = orders.pay(orders.released(), "40.00")
    who = order.payments.get().recorded_by_id
    assert journal(order, since=4) == [("order.paid", "approved", "approved", who)]


def test_record_payment_in_full_keeps_the_time_of_the_last_one():
    order = orders.pay(orders.released("90.00"), "40.00", happened_at=EARLIER)
    order = orders.pay(order, "50.00", happened_at=EARLIER + HOUR)
    assert order.paid_at == EARLIER + HOUR
    assert orders.pay(order, "1.00").paid_at == EARLIER + HOUR


def test_record_payment_settles_the_oldest_claim_first():
    order = orders.invoice(orders.released("90.00"))
    order = orders.pay(order, "100.00")
    assert ledger(order)[-2:] == [
        ("pay", "receivable", "paid", "90.00"),
        ("pay", "", "paid", "10.00"),
    ]
    assert Invoice.objects.get(order_id=order.pk).open_amount == 0


def test_record_payment_in_part_leaves_the_rest_of_the_invoice_open():
    order = orders.pay(orders.invoice(orders.delivered("90.00")), "30.00")
    assert Invoice.objects.get(order_id=order.pk).open_amount == 60
    assert balances(order.account) == {"receivable": "60.00", "paid": "30.00"}


def test_record_payment_between_shipment_and_invoice_comes_off_the_delivery():
    order = orders.pay(orders.shipped("90.00"), "30.00")
    assert balances(order.account) == {"delivered": "60.00", "paid": "30.00"}
    orders.invoice(order)
    assert Invoice.objects.get(order_id=order.pk).open_amount == 60


@pytest.mark.parametrize(
    "amount",
    ["0", "-1", "10000000000000000.00", "0.001", "10.005", "NaN", "Infinity", "1E+30"],
)
def test_record_payment_refuses_an_impossible_amount(amount):
    order = orders.released()
    before = everything()
    with pytest.raises(OrderError, match="amount"):
        orders.pay(order, amount, by=orders.person("finance"))
    assert everything()[Order] == before[Order] and not order.payments.exists()


def test_record_payment_refuses_more_than_the_account_can_hold():
    account = credit.account()
    for _ in range(2):
        order = orders.submit(orders.draft(account))
        if not account.orders.filter(paid_amount__gt=0):
            orders.pay(order, "9999999999999999.99")
    with pytest.raises(OrderError, match="amount"):
        orders.pay(order, "0.01")


def test_record_payment_refuses_a_reference_it_already_has():
    order = orders.pay(orders.released(), "10.00", reference="B-1")
    with pytest.raises(OrderError, match="B-1 is recorded already"):
        orders.pay(order, "10.00", reference="B-1")
    assert order.payments.count() == 1


def test_record_payment_that_settles_leaves_nothing_used_and_nothing_open():
    order = orders.invoice(orders.delivered("90.00"))
    order = orders.pay(order, "85.00", settles=True)
    assert (order.state, order.unpaid) == (OrderState.COMPLETED, 0)
    assert balances(order.account) == {"paid": "85.00"}
    assert Invoice.objects.get(order_id=order.pk).open_amount == 0


def test_record_payment_that_settles_before_the_release_needs_no_credit():
    order = orders.failed("90.00")
    orders.pay(order, "85.00", settles=True)
    order = orders.submit(orders.take_back(order))
    assert (order.state, balances(order.account)) == (OrderState.APPROVED, {"paid": "85.00"})


def history(total="90.00"):
    """An order that happened elsewhere, released and over its limit."""
    account = credit.account("50.00")
    return orders.submit(orders.draft(account, total, origin=Origin(history=True)))


def settle(order, *, by=None, happened_at=EARLIER, at=NOW):
    by = by or orders.person("finance")
    return lifecycle.settle(order_id=order.pk, by=by, happened_at=happened_at, at=at)


def test_settle_declares_history_paid_and_frees_its_credit():
    order = settle(orders.invoice(history("90.00")))
    assert (order.paid_at, order.paid_amount, order.unpaid) == (EARLIER, 0, 0)
    assert ledger(order)[-1] == ("settle", "receivable", "", "90.00")
    assert balances(order.account) == {}
    assert Invoice.objects.get(order_id=order.pk).open_amount == 0
    assert journal(order, since=6)[0][:3] == ("order.paid", "approved", "approved")


def test_settle_refuses_an_order_that_is_not_history():
    order = orders.released()
    with pytest.raises(OrderError, match="with its amount"):
        settle(order)


def test_settle_refuses_the_future_and_a_second_time():
    order = history()
    with pytest.raises(InFuture):
        settle(order, happened_at=NOW + HOUR)
    settle(order)
    with pytest.raises(OrderError, match="with its amount"):
        settle(order)


# Goods


def test_ship_moves_the_reservation_to_delivered():
    order = orders.ship(orders.released("90.00"), carrier="SF", tracking_number="SF1")
    assert ledger(order)[-1] == ("ship", "reserved", "delivered", "90.00")
    assert balances(order.account) == {"delivered": "90.00"}
    shipment = Shipment.objects.get(order=order)
    assert (shipment.carrier, shipment.tracking_number, shipment.at) == ("SF", "SF1", NOW)
    who = shipment.recorded_by_id
    assert journal(order, since=4) == [("order.shipped", "approved", "shipped", who)]


def test_ship_of_what_is_paid_moves_no_money():
    order = orders.ship(orders.pay(orders.released()))
    assert balances(order.account) == {"paid": "90.00"}


def test_ship_after_the_invoice_leaves_the_receivable():
    order = orders.ship(orders.invoice(orders.released()))
    assert balances(order.account) == {"receivable": "90.00"}


def test_ship_refuses_while_a_hold_stands():
    order = orders.released()
    orders.hold(order)
    before = everything()
    by = orders.person("warehouse")
    with pytest.raises(OrderHeld, match="address to be clarified"):
        orders.ship(order, by=by)
    assert everything() == before


def test_deliver_leaves_the_ledger_alone():
    order = orders.deliver(orders.shipped())
    assert (order.state, order.delivered_at, order.closed_at) == ("delivered", NOW, None)
    assert balances(order.account) == {"delivered": "90.00"}
    assert journal(order, since=5)[0][:3] == ("order.delivered", "shipped", "delivered")


def test_deliver_refuses_a_time_before_the_shipment():
    order = orders.ship(orders.released(), happened_at=NOW - HOUR)
    with pytest.raises(OrderError, match="before the shipment"):
        orders.deliver(order, happened_at=NOW - DAY)


# Invoices


def test_invoice_turns_the_delivery_into_a_receivable():
    order = orders.invoice(orders.delivered("90.00"), number="F-1")
    assert order.invoiced_at == NOW
    assert ledger(order)[-1] == ("invoice", "delivered", "receivable", "90.00")
    assert balances(order.account) == {"receivable": "90.00"}
    assert [entry[0] for entry in journal(order, since=6)] == [
        "credit.invoice_issued",
        "order.invoiced",
    ]


def test_invoice_is_due_after_the_terms_counted_from_its_day_here():
    order = orders.released()
    Order.objects.filter(pk=order.pk).update(payment_days=10)
    # Eight in the evening in UTC is the next morning in Shanghai.
    orders.invoice(order, happened_at=NOW - 13 * HOUR)
    invoice = Invoice.objects.get(order_id=order.pk)
    assert (invoice.issued_on, invoice.due_on) == (date(2026, 3, 2), date(2026, 3, 12))
    assert (invoice.amount, invoice.open_amount) == (90, 90)


def test_invoice_of_what_was_paid_before_is_born_settled():
    order = orders.invoice(orders.pay(orders.released()))
    invoice = Invoice.objects.get(order_id=order.pk)
    assert (invoice.amount, invoice.open_amount) == (90, 0)
    assert balances(order.account) == {"paid": "90.00"}


def test_invoice_twice_refuses_the_second():
    order = orders.invoice(orders.released())
    with pytest.raises(OrderError, match="is invoiced already"):
        orders.invoice(order, number="F-2")


@pytest.mark.parametrize("number", ["F-1", " "])
def test_invoice_needs_a_number_of_its_own(number):
    account = credit.account()
    first, second = (orders.submit(orders.draft(account)) for _ in range(2))
    orders.invoice(first, number="F-1")
    with pytest.raises(OrderError, match="umber"):
        orders.invoice(second, number=number)
    assert Order.objects.get(pk=second.pk).invoiced_at is None


# The end


def test_complete_when_delivered_invoiced_and_paid():
    order = orders.completed()
    assert (order.state, order.closed_at) == (OrderState.COMPLETED, NOW)
    assert [entry[0] for entry in journal(order, since=4)] == [
        "order.shipped",
        "order.delivered",
        "credit.invoice_issued",
        "order.invoiced",
        "order.paid",
        "order.completed",
    ]
    assert balances(order.account) == {"paid": "90.00"}


def test_complete_in_whatever_order_money_and_papers_come():
    order = orders.ship(orders.invoice(orders.pay(orders.released())))
    assert orders.deliver(order).state == OrderState.COMPLETED


def test_complete_without_payment_when_there_is_nothing_to_pay():
    order = orders.invoice(orders.delivered("0.00"))
    assert order.state == OrderState.COMPLETED


def test_complete_still_takes_a_late_payment():
    order = orders.pay(orders.completed(), "5.00")
    assert balances(order.account) == {"paid": "95.00"}


def test_complete_leaves_no_trace_when_one_of_its_writes_fails():
    order, by = orders.invoice(orders.delivered()), orders.person("finance")
    before = everything()
    with pytest.raises(IntegrityError), transaction.atomic():
        orders.pay(order, by=by, method=None)
    assert everything() == before
