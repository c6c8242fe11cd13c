import re
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from orders.amounts import LARGEST_PRICE, LARGEST_QUANTITY, LineInput, totals
from orders.errors import InvalidLine


def line(quantity="1", price="10.00", tax_percent="0", **values):
    figures = {"quantity": quantity, "price": price, "tax_percent": tax_percent} | values
    return LineInput(product_id=1, **{name: Decimal(value) for name, value in figures.items()})


@pytest.mark.parametrize(
    ("figures", "net", "tax"),
    [
        ({"quantity": "3", "price": "10.00", "tax_percent": "13"}, "30.00", "3.90"),
        ({"quantity": "0.5", "price": "0.01"}, "0.01", "0.00"),
        ({"quantity": "0.333", "price": "10.00"}, "3.33", "0.00"),
        ({"price": "0.05", "tax_percent": "10"}, "0.05", "0.01"),
        ({"price": "99.99", "discount_percent": "33.33"}, "66.66", "0.00"),
        ({"price": "1.00", "discount_percent": "0.5"}, "1.00", "0.00"),
        ({"discount_percent": "100", "tax_percent": "13"}, "0.00", "0.00"),
        ({"price": "0.00", "tax_percent": "100"}, "0.00", "0.00"),
    ],
)
def test_line_rounds_net_then_tax_with_halves_up(figures, net, tax):
    assert (line(**figures).net, line(**figures).tax) == (Decimal(net), Decimal(tax))


def test_totals_add_the_rounded_lines():
    sums = totals([line(quantity="0.5", price="0.01")] * 3)
    assert (sums.net, sums.tax, sums.total) == (Decimal("0.03"), 0, Decimal("0.03"))


def test_totals_of_no_lines_are_nothing():
    sums = totals([])
    assert (sums.total, sums.cost, sums.margin_percent) == (0, 0, None)


@pytest.mark.parametrize(
    ("costs", "cost", "margin"),
    [
        (("6.00", "6.00"), "12.00", "40.00"),
        (("6.00", None), None, None),
        (("0.00", "0.00"), "0.00", "100.00"),
        (("15.00", "10.00"), "25.00", "-25.00"),
    ],
)
def test_totals_know_the_margin_when_every_cost_is_known(costs, cost, margin):
    sums = totals([line(unit_cost=c) if c else line() for c in costs])
    assert sums.cost == (cost and Decimal(cost))
    assert sums.margin_percent == (margin and Decimal(margin))


def test_totals_of_a_gift_have_no_margin():
    assert totals([line(price="0.00", unit_cost="6.00")]).margin_percent is None


@pytest.mark.parametrize(
    "figures",
    [
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "0.0005"},
        {"quantity": "NaN"},
        {"quantity": "Infinity"},
        {"quantity": "1000000000"},
        {"price": "-0.01"},
        {"price": "0.005"},
        {"price": "NaN"},
        {"price": "1E+30"},
        {"discount_percent": "100.01"},
        {"discount_percent": "-0.01"},
        {"discount_percent": "0.005"},
        {"tax_percent": "101"},
        {"tax_percent": "-1"},
        {"unit_cost": "-1"},
        {"unit_cost": "NaN"},
        {"list_price": "1E+30"},
    ],
)
def test_totals_refuse_a_line_that_no_order_can_have(figures):
    with pytest.raises(InvalidLine, match=r"^Line 2: (the|list price)"):
        totals([line(), line(**figures)])


def test_totals_refuse_an_order_larger_than_can_be_stored():
    with pytest.raises(InvalidLine, match="too large"):
        totals([line(str(LARGEST_QUANTITY), str(LARGEST_PRICE))])


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_totals_explain_percentages_with_one_percent_sign(language):
    with translation.override(language), pytest.raises(InvalidLine) as caught:
        totals([line(tax_percent="101")])
    assert re.search(r"100 ?%(?!%)", str(caught.value)) and "%%" not in str(caught.value)


cents = st.decimals(0, LARGEST_PRICE, places=2)
percents = st.decimals(0, 100, places=2)
quantities = st.decimals("0.001", 99999, places=3)


@given(quantities, cents, percents, percents)
def test_line_is_what_exact_arithmetic_says_to_the_cent(quantity, price, discount, tax_percent):
    made = LineInput(1, quantity, price, tax_percent, discount)
    net = 2 * abs(made.net - quantity * price * (100 - discount) / 100)
    tax = 2 * abs(made.tax - made.net * tax_percent / 100)
    assert max(net, tax) <= Decimal("0.01")
    assert made.net == round(made.net, 2) and made.tax == round(made.tax, 2)
