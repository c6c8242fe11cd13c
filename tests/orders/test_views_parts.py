"""The forms of shipping, invoicing and returning in parts."""

import pytest

from credit.models import Invoice
from tests.factories import orders
from tests.orders.pages import as_role, client_of, words
from tests.orders.test_views_acts import act, fields, fresh

pytestmark = pytest.mark.django_db


def form_of(role, order, verb):
    return as_role(role).get(f"/orders/{order.pk}/{verb}/").context["form"]


def pieces(order, *values):
    keys = order.lines.values_list("pk", flat=True)
    return {f"line_{pk}": value for pk, value in zip(keys, values, strict=True)}


def test_ship_suggests_all_that_is_left():
    order = orders.ship_part(orders.in_pieces("10.00", "5.00"), "4", "10")
    form = form_of("warehouse", order, "ship")
    assert [(line.position, most, field.value()) for line, most, field in form.goods()] == [
        (1, 6, "6")
    ]


def test_ship_of_less_ships_a_part():
    order = orders.in_pieces("10.00", "5.00")
    act("warehouse", order, "ship", fields(**pieces(order, "4", "")))
    assert fresh(order).state == "partly_shipped"
    assert list(order.lines.values_list("shipped", flat=True)) == [4, 0]


@pytest.mark.parametrize(
    ("typed", "message"),
    [("11", "At most 10."), ("-1", "At least 0 is needed"), ("x", "Write a figure")],
)
def test_ship_tells_beside_the_line_what_is_wrong(typed, message):
    order = orders.in_pieces()
    response = act("warehouse", order, "ship", fields(**pieces(order, typed)))
    assert response.status_code == 422 and message in words(response)
    assert fresh(order).state == "approved"


def test_ship_of_nothing_asks_for_a_quantity():
    order = orders.in_pieces()
    response = act("warehouse", order, "ship", fields(**pieces(order, "")))
    assert response.status_code == 422 and "at least one line" in words(response)


def test_invoice_suggests_what_shipped_and_a_number_of_its_own():
    order = orders.partly_shipped()
    assert form_of("finance", order, "invoice")["amount"].value() == "40.00"
    form = form_of("finance", orders.invoice(order), "invoice")
    assert form["number"].value().endswith("-2") and form["amount"].value() == "60.00"


def test_invoice_of_an_amount_leaves_the_rest():
    order = orders.shipped("90.00")
    act("finance", order, "invoice", fields(number="F-1", amount="30"))
    assert (fresh(order).to_invoice, Invoice.objects.get().amount) == (60, 30)


def test_invoice_of_too_much_is_refused():
    order = orders.shipped("90.00")
    response = act("finance", order, "invoice", fields(number="F-1", amount="90.01"))
    assert response.status_code == 422 and "at most 90.00 CNY" in words(response)


def test_return_and_close_short_by_their_forms():
    order = orders.partly_shipped()
    data = fields(reason="damaged", **pieces(order, "1"))
    act("warehouse", order, "return-goods", data)
    act("customer_service", order, "close-short", fields(reason="sold out"))
    assert (fresh(order).state, fresh(order).owed) == ("shipped", 30)


def test_page_shows_shipped_and_returned_quantities_and_each_shipment():
    order = orders.return_goods(orders.ship_part(orders.partly_shipped(), "2"), "1")
    text = words(as_role("warehouse").get(f"/orders/{order.pk}/"))
    assert "6 shipped" in text and "1 returned" in text
    assert "Shipment 2" in text and "damaged" in text


def test_page_says_that_a_credit_note_is_due():
    order = orders.return_goods(orders.invoice(orders.shipped("90.00")))
    text = words(as_role("finance").get(f"/orders/{order.pk}/"))
    assert "90.00 CNY is invoiced but no longer owed: a credit note is due." in text


def test_timeline_tells_of_parts():
    order = orders.close_short(orders.invoice(orders.partly_shipped()))
    text = words(client_of(order.owner).get(f"/orders/{order.pk}/"))
    assert "Goods worth 40.00 CNY shipped; 60.00 CNY still to ship." in text
    assert "of 40.00 CNY; 60.00 CNY left to invoice." in text
    assert "Goods worth 60.00 CNY do not ship; 40.00 CNY is owed in all." in text
