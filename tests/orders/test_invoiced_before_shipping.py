"""An order invoiced before it ships, whose release lapses: its claim is counted once."""

from decimal import Decimal

import pytest

from orders import lifecycle
from orders.errors import OrderError, ReleaseLapsed
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.traces import balances, everything

pytestmark = pytest.mark.django_db

LATE = NOW + 31 * DAY


@pytest.fixture
def lapsed():
    """Invoiced in advance for 60 of 90; when it was to ship, the limit had been lowered."""
    order = orders.released("90.00", limit="100.00")
    orders.invoice(order, "60.00")
    credit.limits([order.account], "50.00", valid_from=NOW.date())
    with pytest.raises(ReleaseLapsed):
        orders.ship(order, at=LATE)
    return type(order).objects.get(pk=order.pk)


def test_ship_of_a_lapsed_release_leaves_what_was_invoiced(lapsed):
    assert balances(lapsed.account) == {"receivable": "60.00"}


def test_approve_reserves_what_was_not_invoiced(lapsed):
    orders.approve(lapsed, at=LATE)
    assert balances(lapsed.account) == {"reserved": "30.00", "receivable": "60.00"}


def test_reevaluate_counts_the_order_once(lapsed):
    credit.limits([lapsed.account], "90.00", valid_from=NOW.date())
    order = lifecycle.reevaluate(order_id=lapsed.pk, by=None, at=NOW)
    assert order.state == "approved"
    assert balances(order.account) == {"reserved": "30.00", "receivable": "60.00"}


def test_check_release_that_passes_reserves_nothing_twice():
    order = orders.released("90.00", limit="100.00")
    orders.invoice(order, "60.00", at=LATE)  # not overdue when the order ships
    orders.ship(order, at=LATE)
    assert balances(order.account) == {"delivered": "30.00", "receivable": "60.00"}


@pytest.mark.parametrize("verb", [orders.reject, orders.take_back])
def test_end_of_an_invoiced_order_is_refused(lapsed, verb):
    before = everything()
    with pytest.raises(OrderError, match="is invoiced"):
        verb(lapsed)
    assert everything() == before


def pay_order(order):
    orders.pay(order, "60.00", at=LATE)


def pay_account(order):
    credit.receipt(order.account, "60.00", allocate="oldest", at=LATE)


@pytest.mark.parametrize("pay", [pay_order, pay_account])
def test_payment_of_the_invoice_alone_does_not_pay_the_order(lapsed, pay):
    pay(lapsed)
    order = type(lapsed).objects.get(pk=lapsed.pk)
    assert (order.paid_at, order.unpaid) == (None, Decimal("30.00"))
    orders.lifecycle.reevaluate(order_id=order.pk, by=None, at=LATE)
    assert balances(order.account) == {"reserved": "30.00", "paid": "60.00"}
