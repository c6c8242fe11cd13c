from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders import portions
from orders.errors import InvalidQuantity
from orders.models import OrderLine

pieces = st.integers(1, 40)


def line(quantity=10, total="100.00", *, pk=1, shipped=0, returned=0):
    return OrderLine(
        pk=pk,
        position=pk,
        quantity=Decimal(quantity),
        net=Decimal(total),
        tax=Decimal(0),
        shipped=Decimal(shipped),
        returned=Decimal(returned),
    )


@given(st.integers(0, 10**7), st.lists(pieces, min_size=1, max_size=6))
def test_parts_of_a_line_come_to_the_line(cents, parts):
    one = line(sum(parts), Decimal(cents) / 100)
    worth = []
    for part in parts:
        worth += portions.to_ship([one], {1: Decimal(part)})
        one.shipped += part
    assert portions.value(worth) == one.total
    assert min(portion.amount for portion in worth) >= 0


@given(st.integers(0, 10**7), pieces, pieces, pieces)
def test_what_the_customer_has_is_never_less_than_what_can_come_back(cents, a, b, c):
    shipped, returned = a + b, min(a, c)
    one = line(shipped + c, Decimal(cents) / 100, shipped=shipped, returned=returned)
    back = portions.to_return([one], {1: one.with_customer})
    assert portions.value(back) == portions.with_customer([one]) >= 0


def test_to_ship_without_quantities_takes_all_that_is_left():
    first, second = line(shipped=10), line(pk=2, shipped=4)
    assert [(p.line, p.quantity) for p in portions.to_ship([first, second], None)] == [(second, 6)]


@pytest.mark.parametrize("quantity", ["6.001", "-1", "NaN", "Infinity", "0.0001"])
def test_to_ship_refuses_more_than_is_left_and_what_is_no_quantity(quantity):
    with pytest.raises(InvalidQuantity, match="Line 1: the quantity can be at most 6"):
        portions.to_ship([line(shipped=4)], {1: Decimal(quantity)})


@pytest.mark.parametrize("quantities", [{}, {1: Decimal(0)}])
def test_to_ship_refuses_nothing_at_all(quantities):
    with pytest.raises(InvalidQuantity, match="at least one line"):
        portions.to_ship([line()], quantities)


def test_to_ship_refuses_a_line_of_another_order():
    with pytest.raises(InvalidQuantity, match="not on the order"):
        portions.to_ship([line()], {2: Decimal(1)})


def test_to_return_takes_at_most_what_shipped_and_is_not_back():
    one = line(shipped=4, returned=1)
    assert portions.to_return([one], {1: Decimal(3)})[0].quantity == 3
    with pytest.raises(InvalidQuantity, match="at most 3"):
        portions.to_return([one], {1: Decimal("3.001")})
