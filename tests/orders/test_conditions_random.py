"""Whatever happens to a released order, what it holds and what its conditions say is right."""

from contextlib import suppress
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from credit.lifecycle import order_exposure
from credit.models import Promise
from orders.errors import OrderError
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.staff import person, superuser
from tests.factories.traces import differing
from tests.orders.test_reconsider import amend

PIECES, PRICE = 10, 1000  # cents
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ship", "pay", "invoice", "return", "close_short", "amend", "meet"]),
        st.integers(1, 12000),
    ),
    max_size=14,
)


class World:
    """An order over its limit that somebody released on all kinds of conditions."""

    def __init__(self, percent, limit, days):
        self.by, self.percent, self.limit = superuser(), percent, limit
        account = credit.account("50.00")
        lines = [orders.line("10.00", quantity=str(PIECES))]
        order = orders.submit(orders.draft(account, lines=lines))
        wanted = [orders.guarantee(), orders.pay_within(days)]
        wanted += [orders.prepay(str(percent))] if percent else []
        wanted += [orders.up_to(Decimal(limit) / 100)] if limit else []
        orders.conditional(order, *wanted, by=person("approver_1"))
        self.pk, self.confirmed, self.sent, self.amended = order.pk, False, 0, False

    @property
    def order(self):
        return Order.objects.get(pk=self.pk)

    def do(self, verb, figure):
        order, pieces = self.order, figure % 5 + 1
        step = {
            "ship": lambda: self.ship(order, pieces),
            "pay": lambda: orders.pay(order, f"{figure / 100:.2f}", by=self.by),
            "invoice": lambda: orders.invoice(order, by=self.by),
            "return": lambda: orders.return_goods(order, str(pieces), by=self.by),
            "close_short": lambda: orders.close_short(order, by=self.by),
            "amend": lambda: amend(order, f"{figure / 100:.2f}", by=self.by),
            "meet": self.meet,
        }[verb]
        with suppress(OrderError):
            step()
            self.amended = self.amended or verb == "amend"

    def ship(self, order, pieces):
        worth = cents(order.total) if self.amended else pieces * PRICE
        paid, total = cents(order.paid_amount), cents(order.total)
        quantities = None if self.amended else orders.quantities(order, str(pieces))
        orders.ship(order, quantities=quantities, by=self.by)
        assert self.confirmed and (not order.unpaid or paid * 100 >= total * self.percent)
        self.sent += worth
        assert not self.limit or self.sent <= self.limit

    def meet(self):
        orders.meet(self.order.conditions.standing().get(kind="guarantee"))
        self.confirmed = True


def cents(amount):
    return int(amount * 100)


def check(world):
    order = world.order
    if order.state in ("cancelled", "credit_failed"):
        assert not order.conditions.standing().exists()
        return
    closed = order.state not in ("approved", "partly_shipped")
    beyond = max(cents(order.total) - world.limit, 0) if world.limit and not closed else 0
    left = max(cents(order.owed) - beyond - cents(order.paid_amount), 0)
    assert cents(order_exposure(order.pk).used) == left
    expected = {
        "guarantee": world.confirmed,
        "pay_within": left == 0,
        "prepay_percent": not order.unpaid
        or cents(order.paid_amount) * 100 >= cents(order.total) * world.percent,
        "amount": beyond == 0,
    }
    found = {one.kind: one.state == "met" for one in order.conditions.standing()}
    assert found == {kind: expected[kind] for kind in found}
    promise = Promise.objects.filter(state="open").first()
    assert promise is None or cents(promise.amount) == cents(order.owed) - beyond


class AnyOrderOfSteps(TestCase):
    @settings(
        max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(
        percent=st.sampled_from([0, 30, 100]),
        limit=st.sampled_from([0, 1, 4500, 6000, 9999]),
        steps=STEPS,
    )
    def test_conditions_always_say_what_is_so(self, percent, limit, steps):
        world = World(percent, limit, days=15)
        check(world)
        for verb, figure in steps:
            world.do(verb, figure)
            check(world)
        assert differing() == []
