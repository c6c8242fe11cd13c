from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from journal.models import Entry
from orders import lifecycle
from orders.enums import OrderState
from orders.errors import InvalidLine, OrderError, StaleOrder
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person
from tests.factories.traces import everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db


def create(account, *lines, by=None, **header):
    return lifecycle.create_draft(
        customer_id=account.customer_id,
        header=orders.header(**header),
        lines=lines or [orders.line()],
        by=by or account.customer.owner,
        at=NOW,
    )


def edit(order, *lines, seen_version=None, **header):
    return lifecycle.edit_draft(
        order_id=order.pk,
        header=orders.header(**header),
        lines=lines or [orders.line()],
        seen_version=seen_version or order.version,
        by=order.owner,
        at=NOW,
    )


def test_create_draft_keeps_header_lines_and_sums():
    line = orders.line("10.00", quantity="3", tax_percent="13", unit_cost="6.00")
    order = create(credit.account(), line, orders.line("5.00"), ship_to_name="王小明")
    stored = Order.objects.get(pk=order.pk)
    assert (stored.net, stored.tax, stored.total) == (35, Decimal("3.90"), Decimal("38.90"))
    assert (stored.state, stored.version, stored.ship_to_name) == ("draft", 1, "王小明")
    assert [(x.position, x.net, x.tax) for x in stored.lines.all()] == [
        (1, 30, Decimal("3.90")),
        (2, 5, 0),
    ]


def test_create_draft_belongs_to_the_salesperson_of_the_customer():
    account, manager = credit.account(), person("sales_manager")
    order = create(account, by=manager)
    assert (order.owner, order.created_at, order.submitted_by) == (
        account.customer.owner,
        NOW,
        None,
    )


def test_create_draft_journals_one_entry_and_leaves_the_ledger_alone():
    account = credit.account()
    order = create(account)
    assert journal(order) == [("order.created", "", "draft", account.customer.owner_id)]
    assert last_entry(order).data == {"total": "90.00", "currency": "CNY", "lines": 1}
    assert ledger(order) == []


def test_create_draft_numbers_the_order_at_once():
    order = create(credit.account())
    assert order.number == f"SO-{order.pk:07}"


@pytest.mark.parametrize(
    ("costs", "margin"), [(("45.00", "45.00"), "50.00"), (("45.00", None), None)]
)
def test_create_draft_knows_the_margin_when_every_cost_is_known(costs, margin):
    lines = [replace(orders.line(), unit_cost=cost and Decimal(cost)) for cost in costs]
    order = create(credit.account(), *lines)
    assert order.margin_percent == (margin and Decimal(margin))


def test_create_draft_without_lines_is_a_start():
    order = lifecycle.create_draft(
        customer_id=(account := credit.account()).customer_id,
        header=orders.header(),
        lines=[],
        by=account.customer.owner,
        at=NOW,
    )
    assert (order.total, order.margin_percent) == (0, None)


def test_create_draft_refuses_somebody_elses_customer():
    account = credit.account()
    before = everything()
    with pytest.raises(PermissionDenied):
        create(account, by=person("sales"))
    assert everything() == before


def test_create_draft_refuses_a_customer_without_account():
    customer = credit.customer()
    with pytest.raises(OrderError, match="no credit account"):
        lifecycle.create_draft(
            customer_id=customer.pk, header=orders.header(), lines=[], by=customer.owner, at=NOW
        )


def test_create_draft_in_another_currency_than_the_accounts():
    assert create(credit.account(currency="USD"), currency="CNY").currency == "CNY"


def test_create_draft_refuses_a_currency_that_nobody_can_order_in():
    with pytest.raises(OrderError, match="cannot be in XXX"):
        create(credit.account(), currency="XXX")


def test_create_draft_refuses_an_impossible_line_and_writes_nothing():
    account, line = credit.account(), orders.line("-1.00")
    before = everything()
    with pytest.raises(InvalidLine, match="Line 1"):
        create(account, line)
    assert everything() == before


def test_create_draft_undoes_everything_when_the_journal_refuses():
    account, line = credit.account(), orders.line()
    before = everything()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        create(account, line)
    assert everything() == before


def test_edit_draft_replaces_header_lines_and_sums():
    order = orders.draft(credit.account())
    edit(order, orders.line("20.00"), orders.line("30.00"), payment_days=60, promised_at=NOW + DAY)
    stored = Order.objects.get(pk=order.pk)
    assert (stored.total, stored.payment_days, stored.version) == (50, 60, 2)
    assert stored.promised_at == NOW + DAY
    assert [line.price for line in stored.lines.all()] == [20, 30]


def test_edit_draft_journals_the_change_of_the_total():
    order = orders.draft(credit.account())
    edit(order, orders.line("20.00"))
    assert journal(order, since=1) == [("order.edited", "", "", order.owner_id)]
    assert last_entry(order).data == {"before": "90.00", "after": "20.00", "currency": "CNY"}
    assert ledger(order) == []


def test_edit_draft_returns_the_new_margin():
    order = create(credit.account(), orders.line("100.00", unit_cost="90.00"))
    edited = edit(order, orders.line("100.00", unit_cost="60.00"))
    assert edited.margin_percent == 40


def test_edit_draft_refuses_an_older_version():
    order = orders.draft(credit.account())
    edit(order)
    before = everything()
    with pytest.raises(StaleOrder):
        edit(order, seen_version=1)
    assert everything() == before


def test_edit_draft_changes_the_currency_until_money_has_come_in_it():
    assert edit(orders.draft(credit.account()), currency="EUR").currency == "EUR"
    order = orders.take_back(orders.pay(orders.failed(), "1.00"))
    with pytest.raises(OrderError, match="partly paid in CNY"):
        edit(order, currency="EUR")


def test_edit_draft_takes_full_payment_away_when_the_order_grows():
    order = orders.failed("90.00")
    orders.pay(order, "90.00")
    edited = edit(orders.take_back(order), orders.line("95.00"))
    assert (edited.paid_at, edited.unpaid) == (None, 5)


def test_edit_draft_finds_an_order_paid_in_full_when_it_shrinks():
    order = orders.failed("90.00")
    orders.pay(order, "60.00", happened_at=NOW - DAY)
    edited = edit(orders.take_back(order), orders.line("60.00"))
    assert (edited.paid_at, edited.state) == (NOW - DAY, OrderState.DRAFT)
