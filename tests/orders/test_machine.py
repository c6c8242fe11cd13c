"""Random lives of orders on one account, followed by a model that knows nothing of the code.

ORDERGATE_MACHINE=deep lives twenty times as many, longer lives.
"""

import os
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from credit import lifecycle as credit_lifecycle
from credit.models import CreditAccount, Invoice, LedgerEntry
from orders.enums import OrderState, Outcome
from orders.errors import OrderError, OrderHeld
from orders.models import Decision, Hold, Order, OrderLine
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import superuser
from tests.orders import books

LIMIT = 30_000  # cents
DEEP = os.environ.get("ORDERGATE_MACHINE") == "deep"
LIVES, STEPS = (1200, 120) if DEEP else (60, 50)
lines = st.builds(books.Line, st.integers(1, 5), st.integers(1, 6_000), st.sampled_from([0, 7, 13]))


def money(cents):
    return Decimal(cents) / 100


def cents(amount):
    return int(amount * 100)


def some(*states, unless=lambda modelled: False):
    """A rule for one of the orders in these states, drawn as `order` and `modelled`."""

    def fitting(machine):
        return [pk for pk, one in machine.model.items() if one.state in states and not unless(one)]

    def wrap(step):
        def draw(self, data):
            pk = data.draw(st.sampled_from(fitting(self)))
            step(self, data, Order.objects.get(pk=pk), self.model[pk])

        draw.__name__ = step.__name__
        return precondition(fitting)(rule(data=st.data())(draw))

    return wrap


class Account(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.account = credit.account(money(LIMIT))
        self.anyone, self.product = superuser(), orders.product()
        self.model = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @property
    def used(self):
        return sum(modelled.used for modelled in self.model.values())

    @precondition(
        lambda self: sum(one.state not in books.CLOSED for one in self.model.values()) < 6
    )
    @rule(modelled=st.lists(lines, min_size=1, max_size=3))
    def create(self, modelled):
        entered = [
            orders.line(
                money(line.price),
                quantity=line.pieces,
                tax_percent=line.tax,
                product_id=self.product.pk,
            )
            for line in modelled
        ]
        order = orders.draft(self.account, lines=entered, by=self.anyone)
        self.model[order.pk] = books.Order(modelled)
        assert cents(order.total) == self.model[order.pk].total

    @some("draft")
    def submit(self, data, order, modelled):
        need = modelled.unpaid
        if not need or self.used + need <= LIMIT:
            modelled.release()
        else:
            modelled.state = "credit_failed"
        assert orders.submit(order, by=self.anyone).state == modelled.state

    @some("credit_failed")
    def approve(self, data, order, modelled):
        request = orders.open_request(order)
        orders.approvals.refresh(request_id=request.pk, by=superuser(), at=NOW)
        orders.approve(order, by=superuser())
        modelled.release()

    @some("credit_failed")
    def refuse(self, data, order, modelled):
        verb, state = data.draw(
            st.sampled_from([(orders.reject, "rejected"), (orders.take_back, "draft")])
        )
        verb(order, by=superuser())
        modelled.state = state

    @some("draft", *books.UNSHIPPED, unless=lambda one: one.invoiced or one.all_invoiced)
    def cancel(self, data, order, modelled):
        orders.cancel(order, by=self.anyone)
        modelled.state, modelled.held["reserved"] = "cancelled", 0

    @some(*books.PAYABLE)
    def pay(self, data, order, modelled):
        amount = data.draw(st.integers(1, modelled.total + 100))
        if modelled.unpaid and data.draw(st.booleans()):
            amount = modelled.unpaid
        orders.pay(order, money(amount), by=self.anyone)
        modelled.pay(amount)

    def pieces(self, data, limits):
        return [data.draw(st.integers(0, most)) for most in limits]

    def named(self, order, pieces):
        pks = OrderLine.objects.filter(order=order).order_by("position").values_list("pk")
        return {pk: Decimal(count) for (pk,), count in zip(pks, pieces, strict=True) if count}

    @some(*books.SHIPPABLE)
    def ship(self, data, order, modelled):
        limits = [line.pieces - line.shipped for line in modelled.lines]
        pieces = limits if data.draw(st.booleans()) else self.pieces(data, limits)
        expected = OrderHeld if modelled.holds else OrderError if not any(pieces) else None
        chosen = None if pieces == limits else self.named(order, pieces)
        if expected:
            with pytest.raises(expected):
                orders.ship(order, by=self.anyone, quantities=chosen)
            return
        orders.ship(order, by=self.anyone, quantities=chosen)
        modelled.ship(pieces)

    @some("shipped")
    def deliver(self, data, order, modelled):
        orders.deliver(order, by=self.anyone)
        modelled.deliver()

    @some(*books.INVOICEABLE, unless=lambda one: not one.to_invoice)
    def invoice(self, data, order, modelled):
        rest = modelled.to_invoice
        amount = rest if data.draw(st.booleans()) else data.draw(st.integers(1, rest))
        orders.invoice(order, money(amount), by=self.anyone)
        modelled.invoice(amount)

    @some(*books.RETURNABLE, unless=lambda one: not one.held["receivable"])
    def credit_note(self, data, order, modelled):
        opened = Invoice.objects.open().filter(order_id=order.pk).order_by("pk")
        invoice = data.draw(st.sampled_from(list(opened)))
        amount = data.draw(st.integers(1, cents(invoice.open_amount)))
        values = {"reason": "returned", "by": self.anyone, "at": NOW}
        credit_lifecycle.credit_note(invoice_id=invoice.pk, amount=money(amount), **values)
        modelled.credit(amount)

    @some(*books.RETURNABLE, unless=lambda one: not one.held["receivable"])
    def write_off(self, data, order, modelled):
        opened = Invoice.objects.open().filter(order_id=order.pk).order_by("pk")
        invoice = data.draw(st.sampled_from(list(opened)))
        amount = data.draw(st.integers(1, cents(invoice.open_amount)))
        values = {"reason": "insolvent", "by": self.anyone, "at": NOW}
        credit_lifecycle.write_off(invoice_id=invoice.pk, amount=money(amount), **values)
        modelled.write_off(amount)

    @some(*OrderState.values)
    def refund(self, data, order, modelled):
        amount = data.draw(st.integers(1, modelled.spare + 1))
        if modelled.spare and data.draw(st.booleans()):
            amount = modelled.spare
        if amount > modelled.spare:
            with pytest.raises(OrderError, match="can be given back"):
                orders.refund(order, money(amount), by=self.anyone)
            return
        orders.refund(order, money(amount), by=self.anyone)
        modelled.refund(amount)

    @some(*books.RETURNABLE)
    def give_back(self, data, order, modelled):
        pieces = self.pieces(data, [line.shipped - line.returned for line in modelled.lines])
        values = {"quantities": self.named(order, pieces), "reason": "broken"}
        values |= {"order_id": order.pk, "by": self.anyone, "happened_at": NOW, "at": NOW}
        if not any(pieces):
            with pytest.raises(OrderError):
                orders.lifecycle.return_goods(**values)
            return
        orders.lifecycle.return_goods(**values)
        modelled.give_back(pieces)

    @some("partly_shipped")
    def close_short(self, data, order, modelled):
        orders.close_short(order, by=self.anyone)
        modelled.close_short()

    @some(*books.UNSHIPPED, "partly_shipped", unless=lambda one: one.holds > 1)
    def hold(self, data, order, modelled):
        orders.hold(order, by=self.anyone)
        modelled.holds += 1

    @some(*books.UNSHIPPED, "partly_shipped", unless=lambda one: not one.holds)
    def release(self, data, order, modelled):
        hold = Hold.objects.active().filter(order=order).first()
        orders.lifecycle.release_hold(hold_id=hold.pk, note="fine", by=superuser(), at=NOW)
        modelled.holds -= 1

    @invariant()
    def orders_are_where_they_should_be(self):
        stored = Order.objects.filter(account=self.account)
        for order in stored:
            modelled = self.model[order.pk]
            assert order.state == modelled.state
            assert cents(order.unpaid) == modelled.unpaid
            assert cents(order.overpaid) == modelled.spare
            assert cents(order.to_invoice) == modelled.to_invoice
            assert cents(order.credit_due) == modelled.credit_due

    @invariant()
    def ledger_says_of_each_order_what_the_model_says(self):
        held = {pk: dict.fromkeys(books.BUCKETS, 0) for pk in self.model}
        moves = LedgerEntry.objects.filter(account=self.account).values_list(
            "order_id", "from_bucket", "to_bucket"
        )
        for pk, source, target, amount in moves.annotate(Sum("amount")):
            for bucket, sign in ((source, -1), (target, 1)):
                if bucket:
                    held[pk][bucket] += sign * cents(amount)
        assert held == {pk: modelled.held for pk, modelled in self.model.items()}

    @invariant()
    def balances_are_the_sums(self):
        stored = CreditAccount.objects.get(pk=self.account.pk)
        for bucket in books.BUCKETS:
            sums = sum(modelled.held[bucket] for modelled in self.model.values())
            assert cents(getattr(stored, bucket)) == sums

    @invariant()
    def nothing_is_created_or_lost(self):
        # What is used is what is owed and not paid, with what waits for a credit note.
        for modelled in self.model.values():
            assert min(modelled.held.values()) >= 0
            if modelled.state in books.INVOICEABLE | {"completed"}:
                claim = modelled.owed + modelled.credit_due - modelled.lost - modelled.held["paid"]
                assert modelled.used == max(claim, 0)

    @invariant()
    def open_invoices_are_the_receivable(self):
        found = Invoice.objects.filter(account=self.account).values_list("order_id")
        opened = {pk: cents(amount) for pk, amount in found.annotate(Sum("open_amount"))}
        assert opened == {
            pk: modelled.held["receivable"]
            for pk, modelled in self.model.items()
            if pk in opened or modelled.held["receivable"]
        }

    @invariant()
    def limit_is_passed_only_by_what_somebody_waived(self):
        waived = Decision.objects.filter(order__account=self.account, outcome=Outcome.WAIVED)
        spared = waived.aggregate(spared=Sum("amount"))["spared"] or 0
        assert self.used <= LIMIT + cents(spared)


@pytest.mark.slow
@pytest.mark.django_db
def test_random_lives_keep_the_books():
    run_state_machine_as_test(
        Account,
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not DEEP,
            # Making a failing life short takes minutes, which only a deep run has.
            phases=[Phase.generate, *([Phase.shrink] if DEEP else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
