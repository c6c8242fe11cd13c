"""Orders that ship, are invoiced and come back in parts."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from credit import lifecycle as credit_lifecycle
from credit.models import Invoice
from orders.errors import InvalidQuantity, OrderError, OrderHeld
from orders.facts import ORDER
from orders.models import Order, OrderLine, Shipment
from tests.factories import orders
from tests.factories.moments import DAY, EARLIER, HOUR, NOW
from tests.factories.staff import person, superuser
from tests.factories.traces import balances, everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db


def lines(order, *names):
    return list(order.lines.values_list(*names))


# Shipments


def test_ship_part_moves_its_share_of_the_reservation():
    order = orders.ship_part(orders.in_pieces("10.00", "5.00"), "4", "2")
    assert (order.state, order.shipped_at) == ("partly_shipped", None)
    assert ledger(order)[-1] == ("ship", "reserved", "delivered", "50.00")
    assert balances(order.account) == {"reserved": "100.00", "delivered": "50.00"}
    assert lines(order, "shipped") == [(4,), (2,)]
    assert last_entry(order).data == {
        "carrier": "",
        "tracking_number": "",
        "amount": "50.00",
        "left": "100.00",
        "currency": "CNY",
    }


def test_ship_part_journals_each_part_by_who_entered_it():
    order = orders.ship_part(orders.in_pieces(), "4")
    order = orders.ship(orders.ship_part(order, "1"))
    told = [entry[:3] for entry in journal(order, since=4)]
    assert told == [
        ("order.partly_shipped", "approved", "partly_shipped"),
        ("order.partly_shipped", "partly_shipped", "partly_shipped"),
        ("order.shipped", "partly_shipped", "shipped"),
    ]


@pytest.mark.parametrize("first", ["money", "goods"])
def test_ship_part_leaves_a_prepayment_to_the_goods_that_left(first):
    order = orders.in_pieces("10.00")
    if first == "money":
        orders.ship_part(orders.pay(order, "25.00"), "4")
    else:
        orders.pay(orders.ship_part(order, "4"), "25.00")
    assert balances(order.account) == {
        "reserved": "60.00",
        "delivered": "15.00",
        "paid": "25.00",
    }


def test_ship_last_part_takes_every_cent_that_is_left():
    order = orders.pay(orders.in_pieces("3.33", pieces="3"), "0.01")
    for _ in range(3):
        order = orders.ship_part(order, "1")
    moved = [Decimal(amount) for name, _, _, amount in ledger(order) if name == "ship"]
    assert (len(moved), sum(moved)) == (3, Decimal("9.98"))
    assert balances(order.account) == {"delivered": "9.98", "paid": "0.01"}


def test_ship_keeps_what_each_shipment_carried_and_when_the_last_one_left():
    order = orders.ship_part(orders.in_pieces(), "4", happened_at=NOW - HOUR)
    order = orders.ship(order, happened_at=EARLIER, carrier="SF")
    assert (order.state, order.shipped_at) == ("shipped", NOW - HOUR)
    carried = [(s.carrier, s.lines.get().quantity) for s in Shipment.objects.order_by("pk")]
    assert carried == [("", 4), ("SF", 6)]


def test_ship_of_the_rest_by_quantity_is_the_whole_order():
    order = orders.ship_part(orders.partly_shipped(), "6")
    assert order.state == "shipped"


@pytest.mark.parametrize("pieces", ["6.001", "7", "0", "-1"])
def test_ship_refuses_what_is_not_left(pieces):
    order, by = orders.partly_shipped(), superuser()
    before = everything()
    with pytest.raises(InvalidQuantity):
        orders.ship_part(order, pieces, by=by)
    assert everything() == before


def test_ship_refuses_the_rest_while_a_hold_stands():
    order, by = orders.partly_shipped(), superuser()
    orders.hold(order)
    with pytest.raises(OrderHeld):
        orders.ship(order, by=by)


@pytest.mark.parametrize("quantities", ["shipped = quantity + 1", "returned = 1", "shipped = -1"])
def test_database_keeps_quantities_within_the_order(quantities):
    order = orders.in_pieces()
    name, _, value = quantities.partition(" = ")
    values = {name: OrderLine.objects.get(order=order).quantity + 1 if "+" in value else int(value)}
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(order=order).update(**values)


# Invoices


def test_invoice_asks_for_what_shipped_and_is_not_invoiced():
    order = orders.invoice(orders.partly_shipped(), number="F-1")
    assert (order.invoiced_amount, order.to_invoice, order.invoiced_at) == (40, 60, None)
    assert balances(order.account) == {"reserved": "60.00", "receivable": "40.00"}
    assert last_entry(order).data == {
        "number": "F-1",
        "amount": "40.00",
        "left": "60.00",
        "currency": "CNY",
    }


def test_invoice_refuses_when_everything_that_shipped_is_invoiced():
    order = orders.invoice(orders.partly_shipped())
    by = superuser()
    before = everything()
    with pytest.raises(OrderError, match=r"at most 60\.00 CNY"):
        orders.invoice(order, by=by)
    assert everything() == before


def test_invoice_of_an_amount_takes_what_shipped_first():
    order = orders.invoice(orders.partly_shipped(), "55.00")
    assert ledger(order)[-2:] == [
        ("invoice", "delivered", "receivable", "40.00"),
        ("invoice", "reserved", "receivable", "15.00"),
    ]


@pytest.mark.parametrize("amount", ["100.01", "0", "-1", "10.005", "NaN"])
def test_invoice_refuses_an_impossible_amount(amount):
    order, by = orders.shipped("100.00"), superuser()
    before = everything()
    with pytest.raises(OrderError, match="at most"):
        orders.invoice(order, amount, by=by)
    assert everything() == before


def test_invoices_that_come_to_the_order_complete_it():
    order = orders.invoice(orders.shipped("90.00"), "30.00", happened_at=EARLIER)
    order = orders.invoice(order, happened_at=EARLIER + HOUR)
    assert order.invoiced_at == EARLIER + HOUR
    assert [i.amount for i in Invoice.objects.order_by("pk")] == [30, 60]
    assert orders.pay(orders.deliver(order)).state == "completed"


def test_invoice_lets_a_prepayment_settle_the_first_one():
    order = orders.invoice(orders.pay(orders.released("100.00"), "30.00"), "50.00")
    assert balances(order.account) == {"reserved": "50.00", "receivable": "20.00", "paid": "30.00"}
    orders.invoice(order)
    assert [i.open_amount for i in Invoice.objects.order_by("pk")] == [20, 50]


def test_invoice_in_part_keeps_an_order_from_being_cancelled():
    order = orders.invoice(orders.released("100.00"), "50.00")
    with pytest.raises(OrderError, match="is invoiced"):
        orders.cancel(order)


# Closing short


def test_close_short_frees_what_never_ships():
    order = orders.close_short(orders.partly_shipped())
    assert (order.state, order.reduction, order.owed, order.to_invoice) == ("shipped", 60, 40, 40)
    assert ledger(order)[-1] == ("short", "reserved", "", "60.00")
    assert balances(order.account) == {"delivered": "40.00"}


def test_close_short_journals_one_entry_with_the_reason():
    by = person("sales_manager")
    order = orders.close_short(orders.partly_shipped(), by=by, reason="sold out")
    assert journal(order, since=5) == [("order.closed_short", "partly_shipped", "shipped", by.pk)]
    assert (last_entry(order).reason, last_entry(order).data["owed"]) == ("sold out", "40.00")


def test_close_short_ships_when_the_last_goods_left():
    order = orders.ship_part(orders.in_pieces(), "4", happened_at=EARLIER)
    assert orders.close_short(order).shipped_at == EARLIER


def test_close_short_lets_a_prepayment_pay_for_what_shipped():
    order = orders.ship_part(orders.pay(orders.in_pieces(), "60.00"), "4")
    order = orders.close_short(order)
    assert balances(order.account) == {"paid": "60.00"}
    assert (order.unpaid, order.paid_at) == (0, NOW)


def test_close_short_of_what_is_invoiced_waits_for_a_credit_note():
    order = orders.ship_part(orders.invoice(orders.in_pieces()), "4")
    order = orders.close_short(order)
    assert (order.credit_due, order.owed, order.to_invoice) == (60, 40, 0)
    assert balances(order.account) == {"receivable": "100.00"}


def test_close_short_of_what_is_invoiced_so_far_leaves_nothing_to_invoice():
    order = orders.close_short(orders.invoice(orders.partly_shipped()))
    assert (order.to_invoice, order.invoiced_at) == (0, NOW)
    assert orders.pay(orders.deliver(order)).state == "completed"


@pytest.mark.parametrize("reason", ["", "  "])
def test_close_short_needs_a_reason(reason):
    with pytest.raises(OrderError, match="Write why"):
        orders.close_short(orders.partly_shipped(), reason=reason)


def test_close_short_cannot_happen_in_the_future():
    with pytest.raises(OrderError, match="future"):
        orders.close_short(orders.partly_shipped(), happened_at=NOW + DAY)


# Returns


def test_return_before_the_invoice_takes_the_goods_out_of_the_ledger():
    order = orders.return_goods(orders.partly_shipped(), "3")
    assert (order.state, order.owed, order.credit_due) == ("partly_shipped", 70, 0)
    assert ledger(order)[-1] == ("return", "delivered", "", "30.00")
    assert lines(order, "shipped", "returned") == [(4, 3)]
    made = order.returns.get()
    assert (made.reason, made.amount, made.lines.get().quantity) == ("damaged", 30, 3)


def test_return_journals_one_entry_with_reason_and_figures():
    by = person("warehouse")
    order = orders.return_goods(orders.delivered(), by=by)
    assert journal(order, since=6)[0] == ("order.returned", "delivered", "delivered", by.pk)
    entry = journal_entry(order, "order.returned")
    assert (entry.reason, entry.data["amount"], entry.data["owed"]) == ("damaged", "90.00", "0.00")


def journal_entry(order, action):
    from journal.models import Entry

    return Entry.objects.get(order_id=order.pk, action=action)


def test_return_of_everything_uninvoiced_completes_a_delivered_order():
    order = orders.return_goods(orders.delivered())
    assert (order.state, balances(order.account)) == ("completed", {})


def test_return_after_the_invoice_waits_for_a_credit_note():
    order = orders.return_goods(orders.invoice(orders.ship(orders.in_pieces())), "2")
    assert (order.owed, order.credit_due, order.unpaid) == (80, 20, 80)
    assert balances(order.account) == {"receivable": "100.00"}


def test_return_of_a_partly_invoiced_order_comes_off_what_is_not_invoiced():
    order = orders.invoice(orders.ship(orders.in_pieces()), "90.00")
    order = orders.return_goods(order, "2")
    assert (order.owed, order.credit_due, order.to_invoice) == (80, 10, 0)
    assert balances(order.account) == {"receivable": "90.00"}


def test_return_that_a_credit_note_answers_lets_the_order_complete():
    order = orders.deliver(orders.invoice(orders.ship(orders.in_pieces())))
    order = orders.pay(orders.return_goods(order, "2"), "80.00")
    assert order.state == "delivered"
    credit_lifecycle.credit_note(
        invoice_id=Invoice.objects.get().pk,
        amount=Decimal("20.00"),
        reason="returned",
        by=superuser(),
        at=NOW,
    )
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.credit_due, order.credited_amount) == ("completed", 0, 20)
    assert balances(order.account) == {"paid": "80.00"}


def test_credit_note_for_a_wrong_price_lowers_what_is_owed():
    order = orders.invoice(orders.delivered("100.00"))
    values = {"reason": "price", "by": superuser(), "at": NOW, "amount": Decimal("15.00")}
    credit_lifecycle.credit_note(invoice_id=Invoice.objects.get().pk, **values)
    order = Order.objects.get(pk=order.pk)
    assert (order.owed, order.unpaid, order.credit_due) == (85, 85, 0)
    assert orders.pay(order).state == "completed"


def test_return_of_a_completed_order_leaves_it_completed():
    order = orders.return_goods(orders.completed())
    assert (order.state, order.owed, order.credit_due) == ("completed", 0, 90)


@pytest.mark.parametrize("pieces", ["4.001", "0", "-1"])
def test_return_refuses_more_than_the_customer_has(pieces):
    order, by = orders.partly_shipped(), superuser()
    before = everything()
    with pytest.raises(InvalidQuantity):
        orders.return_goods(order, pieces, by=by)
    assert everything() == before


@pytest.mark.parametrize("reason", ["", "  "])
def test_return_needs_a_reason(reason):
    with pytest.raises(OrderError, match="Write why"):
        orders.return_goods(orders.shipped(), reason=reason)


def test_return_cannot_happen_in_the_future():
    with pytest.raises(OrderError, match="future"):
        orders.return_goods(orders.shipped(), happened_at=NOW + DAY)


def test_invoice_day_is_of_each_part():
    order = orders.invoice(orders.shipped(), "10.00", happened_at=NOW - DAY)
    orders.invoice(order)
    days = Invoice.objects.order_by("pk").values_list("issued_on", flat=True)
    assert list(days) == [date(2026, 3, 1), date(2026, 3, 2)]


def test_invoice_of_a_cash_order_waits_for_its_money():
    order = orders.released("90.00")
    Order.objects.filter(pk=order.pk).update(ship_when_paid=True)
    with pytest.raises(OrderError, match="record its payment"):
        orders.invoice(order)
    assert orders.invoice(orders.pay(order)).invoiced_at == NOW


@pytest.mark.parametrize(("at", "partly"), [(NOW - DAY, False), (NOW, True), (NOW + DAY, False)])
def test_fact_of_a_partial_shipment_is_as_of_its_moment(at, partly):
    order = orders.ship_part(orders.in_pieces(), "4")
    orders.ship(order, happened_at=NOW + HOUR, at=NOW + DAY)
    fact = ORDER.fact("order.partly_shipped")
    assert Order.objects.filter(fact.holds("is", True, at), pk=order.pk).exists() == partly
