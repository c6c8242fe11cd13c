"""Random lives of orders on one account, followed by a model that knows nothing of the code."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from orders.enums import Outcome
from orders.models import Decision, Order
from tests.factories import credit, orders
from tests.factories.staff import superuser
from tests.factories.traces import balances

LIMIT = Decimal(300)
UNSHIPPED = {"credit_failed", "approved"}
amounts = st.integers(1, 20_000).map(lambda cents: Decimal(cents) / 100)


class Modelled:
    """What an order should hold in each bucket, told step by step."""

    def __init__(self, total):
        self.state, self.total, self.invoiced = "draft", total, False
        self.held = dict.fromkeys(("reserved", "delivered", "receivable", "paid"), Decimal(0))

    @property
    def used(self):
        return sum(self.held.values()) - self.held["paid"]

    @property
    def unpaid(self):
        return max(self.total - self.held["paid"], 0)

    def shift(self, source, target):
        self.held[target] += self.held[source]
        self.held[source] = Decimal(0)

    def pay(self, amount):
        self.held["paid"] += amount
        for bucket in ("receivable", "delivered", "reserved"):
            part = min(amount, self.held[bucket])
            self.held[bucket] -= part
            amount -= part


class Account(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.account = credit.account(LIMIT)
        self.anyone, self.product = superuser(), orders.product()
        self.model = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def some(self, data, *states, unless=lambda modelled: False):
        fitting = [k for k, m in self.model.items() if m.state in states and not unless(m)]
        if not fitting:
            return None, None
        pk = data.draw(st.sampled_from(fitting))
        return Order.objects.get(pk=pk), self.model[pk]

    @property
    def used(self):
        return sum((modelled.used for modelled in self.model.values()), Decimal(0))

    @precondition(lambda self: len(self.model) < 8)
    @rule(total=amounts)
    def create(self, total):
        line = orders.line(total, product_id=self.product.pk)
        order = orders.draft(self.account, lines=[line], by=self.anyone)
        self.model[order.pk] = Modelled(total)

    @rule(data=st.data())
    def submit(self, data):
        order, modelled = self.some(data, "draft")
        if not order:
            return
        need = modelled.unpaid
        passes = not need or self.used + need <= LIMIT
        modelled.state = "approved" if passes else "credit_failed"
        if passes:
            modelled.held["reserved"] += need
        assert orders.submit(order).state == modelled.state

    @rule(data=st.data())
    def approve(self, data):
        order, modelled = self.some(data, "credit_failed")
        if order:
            orders.lifecycle.recheck(order_id=order.pk, by=self.anyone, at=orders.NOW)
            seen = order.decisions.latest("pk").pk
            orders.approve(order, by=self.anyone, seen=seen)
            modelled.state = "approved"
            modelled.held["reserved"] += modelled.unpaid

    @rule(data=st.data(), verb=st.sampled_from(["reject", "take_back"]))
    def refuse(self, data, verb):
        order, modelled = self.some(data, "credit_failed")
        if order:
            getattr(orders, verb)(order, by=self.anyone)
            modelled.state = {"reject": "rejected", "take_back": "draft"}[verb]

    @rule(data=st.data())
    def cancel(self, data):
        order, modelled = self.some(data, "draft", *UNSHIPPED, unless=lambda m: m.invoiced)
        if order:
            orders.cancel(order, by=self.anyone)
            modelled.state, modelled.held["reserved"] = "cancelled", Decimal(0)

    @rule(data=st.data(), amount=amounts, whole=st.booleans())
    def pay(self, data, amount, whole):
        order, modelled = self.some(data, *UNSHIPPED, "shipped", "delivered", "completed")
        if order:
            amount = modelled.unpaid if whole and modelled.unpaid else amount
            orders.pay(order, amount, by=self.anyone)
            modelled.pay(amount)

    @rule(data=st.data())
    def move_goods(self, data):
        order, modelled = self.some(data, "approved", "shipped")
        if order and modelled.state == "approved":
            orders.ship(order, by=self.anyone)
            modelled.state = "shipped"
            modelled.shift("reserved", "delivered")
        elif order:
            orders.deliver(order, by=self.anyone)
            modelled.state = "delivered"

    @rule(data=st.data())
    def invoice(self, data):
        states = ("approved", "shipped", "delivered")
        order, modelled = self.some(data, *states, unless=lambda m: m.invoiced)
        if order:
            orders.invoice(order, by=self.anyone)
            modelled.invoiced = True
            modelled.shift("reserved", "receivable")
            modelled.shift("delivered", "receivable")

    @invariant()
    def every_order_is_where_it_should_be(self):
        for modelled in self.model.values():
            if modelled.state == "delivered" and modelled.invoiced and not modelled.unpaid:
                modelled.state = "completed"
        stored = dict(Order.objects.filter(account=self.account).values_list("pk", "state"))
        assert stored == {pk: modelled.state for pk, modelled in self.model.items()}

    @invariant()
    def balances_are_the_sums_of_model_and_ledger(self):
        sums = {
            bucket: sum(modelled.held[bucket] for modelled in self.model.values())
            for bucket in ("reserved", "delivered", "receivable", "paid")
        }
        assert balances(self.account) == {b: f"{sums[b]:.2f}" for b in sums if sums[b]}

    @invariant()
    def limit_is_passed_only_by_what_somebody_waived(self):
        waived = Decision.objects.filter(order__account=self.account, outcome=Outcome.WAIVED)
        spared = sum(decision.amount for decision in waived)
        assert self.used <= LIMIT + spared


@pytest.mark.slow
@pytest.mark.django_db
def test_random_lives_keep_the_books():
    run_state_machine_as_test(
        Account,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
