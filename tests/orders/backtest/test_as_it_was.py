"""What a backtest says of an order is what the gate said when the order came."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from credit import lifecycle as credit_lifecycle
from credit.models import ExchangeRate, LedgerEntry
from orders.backtest.sweep import judged
from orders.models import Decision, Order
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TIME = (date(2026, 1, 1), date(2026, 3, 1))
TODAY = date(2026, 3, 2)


def again(content=None, basis="ledger"):
    """What the backtest sees, by order: the facts and the checks of the version in force."""
    found = {}
    for each in judged([content or policies.standard().content], basis, *TIME, TODAY):
        (judgement,) = each.judgements
        checks = [check.as_json() for check in judgement.checks]
        found[each.case.event.ref] = judgement.facts, checks
    return found


def same(decisions=None):
    """Compare each decision at submission with what the backtest says."""
    found = again()
    made = decisions or Decision.objects.filter(kind="submit")
    assert made
    for decision in made:
        assert found[decision.order_id] == (decision.facts, decision.checks)


def day(number):
    return START + number * DAY


def test_backtest_sees_what_earlier_orders_used():
    account = credit.account("200.00")
    first = orders.submit(orders.draft(account, "90.00", at=day(0)), at=day(0))
    second = orders.submit(orders.draft(account, "80.00", at=day(1)), at=day(1))
    orders.submit(orders.draft(account, "50.00", at=day(2)), at=day(2))
    orders.cancel(second, at=day(3))
    orders.submit(orders.draft(account, "50.00", at=day(4)), at=day(4))
    orders.pay(orders.ship(first, at=day(5)), "40.00", at=day(5))
    orders.submit(orders.draft(account, "60.00", at=day(6)), at=day(6))
    same()


def test_backtest_sees_what_was_overdue():
    account = credit.account("900.00")
    policies.set_check("overdue", severity="block")
    order = orders.deliver(
        orders.ship(orders.submit(orders.draft(account, at=day(0)), at=day(0)), at=day(0)),
        at=day(1),
    )
    orders.invoice(order, at=day(1))
    orders.submit(orders.draft(account, at=day(20)), at=day(20))
    orders.submit(orders.draft(account, at=day(40)), at=day(40))
    orders.pay(order, at=day(41))
    orders.submit(orders.draft(account, at=day(42)), at=day(42))
    same()


def test_backtest_sees_disputes_while_they_stood():
    account = credit.account("900.00")
    invoice = credit.owed(account, "70.00", date(2026, 1, 5), at=day(0))
    orders.submit(orders.draft(account, at=day(2)), at=day(2))
    dispute = credit.disputed(invoice, "70.00", at=day(3))
    orders.submit(orders.draft(account, at=day(4)), at=day(4))
    credit.resolved(dispute, at=day(5))
    orders.submit(orders.draft(account, at=day(6)), at=day(6))
    same()
    late = [facts["overdue"]["amount"] for facts, _checks in again().values()]
    assert late == ["70.00", "0", "70.00"]


def test_backtest_sees_limits_of_the_day():
    account = credit.account("100.00")
    credit.limits([account], "300.00", valid_from=date(2026, 1, 8))
    credit.limits(
        [account],
        "50.00",
        type="temporary",
        valid_from=date(2026, 1, 6),
        valid_until=date(2026, 1, 7),
    )
    for number in range(6):
        orders.submit(orders.draft(account, "80.00", at=day(number)), at=day(number))
    same()


def test_backtest_sees_groups_and_currencies():
    analyst = person("credit_analyst")
    parent, dollars = credit.account("500.00"), credit.account("900.00", currency="USD")
    yuan = credit.account("900.00")
    ExchangeRate.objects.create(
        source="USD", target="CNY", rate=Decimal("7.1"), valid_on=date(2026, 1, 1)
    )
    ExchangeRate.objects.create(
        source="USD", target="CNY", rate=Decimal("8.2"), valid_on=date(2026, 1, 7)
    )
    for member in (dollars, yuan):
        credit_lifecycle.join_group(
            account_id=member.pk, parent_id=parent.pk, reason="one owner", by=analyst, at=day(-1)
        )
    for number, account in enumerate((dollars, yuan, dollars, yuan)):
        orders.submit(orders.draft(account, "30.00", at=day(number)), at=day(number))
    made = Decision.objects.filter(order__account=yuan)
    same(made)
    assert {each.facts["groups"][0]["id"] for each in made} == {parent.pk}


def test_backtest_asks_gate_rules_as_of_the_moment():
    large = {
        "fact": "order.total",
        "op": "at_least",
        "value": {"amount": "100.00", "currency": "CNY"},
    }
    policies.set_rules(policies.rule("large", large))
    account = credit.account("900.00")
    for number, total in enumerate(("90.00", "100.00")):
        orders.submit(orders.draft(account, total, at=day(number)), at=day(number))
    same()
    held = [checks[-1]["verdict"] for _facts, checks in again().values()]
    assert held == ["passed", "blocked"]


def test_backtest_counts_a_limit_without_history_as_it_is_now():
    account = credit.account("100.00")
    account.limits.update(valid_from=date(2026, 2, 20))
    orders.submit(orders.draft(account, "80.00", at=day(1)), at=day(1))
    (found,) = judged([policies.standard().content], "ledger", *TIME, TODAY)
    assert found.judgements[0].limit_as_now
    assert found.judgements[0].facts["account"]["limits"][0]["amount"] == "100.00"


def test_backtest_needs_no_ledger_to_count_earlier_orders():
    account = credit.account("150.00")
    orders.submit(orders.draft(account, "90.00", at=day(0)), at=day(0))
    over = orders.submit(orders.draft(account, "70.00", at=day(1)), at=day(1))
    assert not LedgerEntry.objects.filter(order_id=over.pk).exists()
    used = [facts["account"]["reserved"] for facts, _checks in again(basis="orders").values()]
    assert used == ["0.00", "90.00"]
    orders.submit(orders.draft(account, "10.00", at=day(2)), at=day(2))
    used = [facts["account"]["reserved"] for facts, _checks in again(basis="orders").values()]
    assert used == ["0.00", "90.00", "160.00"]


def test_backtest_takes_what_was_paid_in_advance_off_the_order():
    account = credit.account("100.00")
    order = orders.submit(orders.draft(account, "150.00", at=day(0)), at=day(0))
    orders.pay(order, "120.00", at=day(1))
    orders.take_back(order, at=day(1))
    orders.submit(order, at=day(2))
    decision = Decision.objects.filter(order=order).latest("pk")
    same([decision])
    assert decision.facts["order"]["need"] == "30.00"


def test_backtest_keeps_an_order_from_counting_itself():
    account = credit.account("100.00")
    orders.submit(orders.draft(account, "90.00", at=NOW - 4 * DAY), at=NOW - 4 * DAY)
    ((facts, _checks),) = again().values()
    assert facts["account"]["reserved"] == "0.00"
    assert facts["order"]["first"]


def test_backtest_without_any_order_finds_nothing():
    assert again() == {}


def test_backtest_knows_which_order_was_the_first():
    account = credit.account("100.00")
    first = orders.submit(orders.draft(account, "10.00", at=day(0)), at=day(0))
    orders.submit(orders.draft(account, "10.00", at=day(1)), at=day(1))
    Order.objects.exclude(pk=first.pk).update(approved_at=None)
    orders.cancel(first, at=day(2))
    orders.submit(orders.draft(account, "10.00", at=day(3)), at=day(3))
    found = [facts["order"]["first"] for facts, _checks in again().values()]
    assert found == [True, False, True]
