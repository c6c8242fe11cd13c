"""Anything in any order: the documents, the balances and the ledger always say the same."""

from contextlib import suppress
from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from credit.lifecycle import CreditError
from credit.models import Allocation, CreditAccount, Dispute, Invoice, Receipt
from credit.money import ZERO
from orders.errors import OrderError
from orders.models import Order, OrderRefund
from tests.factories import credit, orders
from tests.factories.staff import person
from tests.factories.traces import differing

CENTS = st.integers(1, 6000).map(lambda cents: Decimal(cents) / 100)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "receipt",
                "oldest",
                "chosen",
                "credit",
                "write_off",
                "dispute",
                "resolve",
                "undo",
                "pay",
                "refund",
                "give_back",
            ]
        ),
        CENTS,
        st.integers(0, 5),
    ),
    max_size=25,
)


def pick(rows, place):
    rows = list(rows.order_by("pk"))
    return rows[place % len(rows)] if rows else None


class World:
    """An account with invoices of orders and without, and somebody who does anything."""

    def __init__(self):
        self.by = person("finance")
        self.account = credit.account()
        self.order = orders.invoice(orders.ship(orders.submit(orders.draft(self.account, "33.33"))))
        for amount in ("10.00", "25.50", "40.00"):
            credit.owed(self.account, amount, by=self.by)

    def do(self, verb, amount, place):
        invoice = pick(Invoice.objects, place)
        allocation = pick(Allocation.objects, place)
        receipt = pick(Receipt.objects, place)
        dispute = pick(Dispute.objects, place)
        step = {
            "receipt": lambda: credit.receipt(self.account, amount, by=self.by),
            "oldest": lambda: credit.receipt(
                self.account, amount, allocate="oldest", write_off_residue=True, by=self.by
            ),
            "chosen": lambda: credit.receipt(
                self.account, amount, allocate=[(invoice.pk, amount)], by=self.by
            ),
            "credit": lambda: credit.credited(invoice, amount, by=self.by),
            "write_off": lambda: credit.written_off(invoice, amount, by=self.by),
            "dispute": lambda: credit.disputed(invoice, amount, by=self.by),
            "resolve": lambda: dispute and credit.resolved(dispute, by=self.by),
            "undo": lambda: allocation and credit.undone(allocation, by=self.by),
            "refund": lambda: receipt and credit.refunded(receipt, amount, by=self.by),
            "give_back": lambda: orders.refund(self.order, amount, by=self.by),
            "pay": lambda: orders.pay(self.order, amount, by=self.by),
        }[verb]
        with suppress(CreditError, OrderError):
            step()


def total(rows, field="amount"):
    return rows.aggregate(sum=Sum(field))["sum"] or ZERO


def check():
    for invoice in Invoice.objects.all():
        lowered = total(invoice.allocations.standing()) + total(invoice.adjustments)
        assert invoice.open_amount == invoice.amount - lowered
        assert invoice.disputed_amount <= invoice.open_amount
        assert (invoice.settled_on is None) == (invoice.open_amount > 0)
    for receipt in Receipt.objects.all():
        used = total(receipt.allocations.standing()) + total(receipt.refunds)
        assert receipt.unallocated == receipt.amount - used
    assert not differing()


@pytest.mark.slow
class TestAnything(TestCase):
    @given(STEPS)
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    def test_any_steps_keep_documents_and_balances_in_agreement(self, steps):
        world = World()
        for step in steps:
            world.do(*step)
            check()
        order = Order.objects.get(pk=world.order.pk)
        paid = total(Allocation.objects.standing().filter(receipt__order_id=None,
                     invoice__order_id=world.order.pk))  # fmt: skip
        paid -= total(OrderRefund.objects.all())
        paid += total(Receipt.objects.filter(order_id=world.order.pk))
        assert order.paid_amount == paid
        assert CreditAccount.objects.get().reserved == 0
