"""Random lives of accounts that join and leave groups, followed by a model of parents and sums."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from credit.errors import CreditError
from credit.lifecycle.groups import DEEPEST
from credit.models import CreditAccount, GroupExposure
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.staff import superuser
from tests.factories.traces import balances

amounts = st.integers(1, 20_000).map(lambda cents: Decimal(cents) / 100)
UNSHIPPED, SHIPPED = "approved", "shipped"


class Groups(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.anyone = superuser()
        self.accounts, self.parents, self.used, self.orders = [], {}, Counter(), {}

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(currencies=st.lists(st.sampled_from(["CNY", "USD"]), min_size=4, max_size=8))
    def open_accounts(self, currencies):
        self.accounts = [credit.account(currency=currency) for currency in currencies]
        self.products = {c: orders.product(currency=c).pk for c in ("CNY", "USD")}
        for pair in (("USD", "CNY"), ("CNY", "USD")):
            credit.exchange_rate(*pair, "2")

    def chain(self, pk):
        found = []
        while pk := self.parents.get(pk):
            found.append(pk)
        return found

    def levels(self, pk):
        members = [member for member, parent in self.parents.items() if parent == pk]
        return max((1 + self.levels(member) for member in members), default=0)

    @rule(data=st.data(), leave=st.booleans())
    def join(self, data, leave):
        account = data.draw(st.sampled_from(self.accounts))
        parent = None if leave else data.draw(st.sampled_from(self.accounts))
        target, pk = parent and parent.pk, account.pk
        above = [target, *self.chain(target)] if target else []
        refused = pk in above or len(above) + self.levels(pk) > DEEPEST
        try:
            credit.in_group(account, parent, by=self.anyone)
        except CreditError:
            assert refused or self.parents.get(pk) == target
        else:
            assert not refused
            self.parents[pk] = target

    @rule(data=st.data(), amount=amounts)
    def submit(self, data, amount):
        account = data.draw(st.sampled_from(self.accounts))
        line = orders.line(amount, product_id=self.products[account.currency])
        order = orders.draft(account, lines=[line], by=self.anyone)
        orders.submit(order, by=self.anyone)
        self.orders[order.pk] = [UNSHIPPED, account.pk, amount]
        self.used[account.pk] += amount

    def some(self, data, *states):
        fitting = [pk for pk, (state, *_) in self.orders.items() if state in states]
        pk = data.draw(st.sampled_from(fitting)) if fitting else None
        return Order.objects.get(pk=pk) if pk else None

    @rule(data=st.data())
    def cancel(self, data):
        if order := self.some(data, UNSHIPPED):
            orders.cancel(order, by=self.anyone)
            _state, account, left = self.orders.pop(order.pk)
            self.used[account] -= left

    @rule(data=st.data())
    def ship(self, data):
        if order := self.some(data, UNSHIPPED):
            orders.ship(order, by=self.anyone)
            self.orders[order.pk][0] = SHIPPED

    @rule(data=st.data(), amount=amounts)
    def pay(self, data, amount):
        if order := self.some(data, UNSHIPPED, SHIPPED):
            orders.pay(order, amount, by=self.anyone)
            _state, account, left = self.orders[order.pk]
            self.used[account] -= min(amount, left)
            self.orders[order.pk][2] = max(left - amount, Decimal(0))

    @invariant()
    def accounts_use_what_the_model_says(self):
        for account in self.accounts:
            sums = balances(account)
            sums.pop("paid", None)
            assert sum(map(Decimal, sums.values())) == self.used[account.pk]

    @invariant()
    def ancestors_are_the_true_chain(self):
        for pk, parent, ancestors in CreditAccount.objects.filter(
            pk__in=[account.pk for account in self.accounts]
        ).values_list("pk", "parent_id", "ancestors"):
            assert (parent, ancestors) == (self.parents.get(pk), self.chain(pk))

    @invariant()
    def groups_use_what_all_their_descendants_do(self):
        expected = Counter()
        for account in self.accounts:
            for group in self.chain(account.pk):
                expected[group, account.currency] += self.used[account.pk]
        rows = GroupExposure.objects.filter(account__in=self.accounts)
        stored = {(row.account_id, row.currency): row.used for row in rows}
        assert {k: v for k, v in stored.items() if v} == {k: v for k, v in expected.items() if v}


@pytest.mark.slow
@pytest.mark.django_db
def test_random_groups_use_what_their_members_do():
    run_state_machine_as_test(
        Groups,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
