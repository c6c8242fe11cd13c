from decimal import Decimal

import pytest

from orders.models import OrderLine
from tests.factories import credit, orders
from tests.orders.asking import value, verdict, words

pytestmark = pytest.mark.django_db


def order_of(*lines, **values):
    return orders.draft(credit.account(), lines=[orders.line(**line) for line in lines], **values)


def listed(price, list_price, **values):
    return {"price": price, "list_price": list_price} | values


@pytest.mark.parametrize(
    "discount, expected", [("19.99", "false"), ("20.00", "false"), ("20.01", "true")]
)
def test_discount_is_the_largest_of_the_lines(discount, expected):
    order = order_of({"discount_percent": "5"}, {"discount_percent": discount}, {})
    assert verdict(order, "discount", "more_than", "20") == expected


def test_discount_of_an_order_without_lines_is_missing():
    order = order_of({})
    OrderLine.objects.filter(order=order).delete()
    assert verdict(order, "discount", "more_than", "20") == "missing"
    assert verdict(order, "below_list", "more_than", "20") == "missing"


@pytest.mark.parametrize(
    "price, expected", [("80.01", "false"), ("80.00", "false"), ("79.99", "true")]
)
def test_below_list_is_compared_exactly(price, expected):
    order = order_of(listed(price, "100"), listed("200", "250", quantity="2"))
    assert verdict(order, "below_list", "more_than", "20") == expected


def test_below_list_counts_discounts_and_quantities():
    order = order_of(listed("100", "100", quantity="3", discount_percent="10"))
    assert value(order, "below_list") == "10"


def test_below_list_is_negative_above_the_list():
    assert value(order_of(listed("110", "100")), "below_list") == "-10"


def test_below_list_is_missing_when_one_list_price_is():
    order = order_of(listed("10", "100"), {"price": "10"})
    assert verdict(order, "below_list", "more_than", "20") == "missing"
    assert verdict(order_of(listed("0", "0")), "below_list", "more_than", "20") == "missing"


@pytest.mark.parametrize("days, expected", [(29, "false"), (30, "false"), (31, "true")])
def test_payment_days_are_those_of_the_order(days, expected):
    account = credit.account()
    order = orders.lifecycle.create_draft(
        customer_id=account.customer_id,
        header=orders.header(payment_days=days),
        lines=[orders.line()],
        by=account.customer.owner,
        at=orders.NOW,
    )
    assert verdict(order, "payment_days", "more_than", "30") == expected


def test_line_keeps_its_lot():
    order = order_of({"lot": " L7 "}, {})
    assert [line.lot for line in order.lines.all()] == ["L7", ""]
    assert order.total == Decimal("180.00")


@pytest.mark.parametrize(
    "name, asked, sentence",
    [
        ("discount", "20", "Largest discount on a line is more than 20 %"),
        ("below_list", "15", "Reduction from the list price is more than 15 %"),
        ("payment_days", "60", "Payment term is more than 60 days"),
    ],
)
def test_facts_of_the_contents_read_as_sentences(name, asked, sentence):
    assert words(name, "more_than", asked) == sentence
