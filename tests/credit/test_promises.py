from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from credit import lifecycle
from credit.due_promises import due_promises
from credit.errors import CreditError
from credit.models import Promise
from credit.promises import Paid, Promised, kept
from journal.models import Entry
from tests.factories import credit, orders
from tests.factories.moments import DAY, NOW
from tests.factories.policies import set_check
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def promise(account=None, amount="100.00", *, due_on=TODAY + 5 * DAY, by=None, at=NOW, **values):
    return lifecycle.record_promise(
        account_id=(account or credit.account()).pk,
        amount=Decimal(amount),
        due_on=due_on,
        by=by or person("finance"),
        at=at,
        **values,
    )


def actions(account):
    return [entry.action for entry in Entry.objects.about(account)]


def settled(made, *, after=6 * DAY):
    lifecycle.settle_promises(at=NOW + after)
    made.refresh_from_db()
    return made.state


def test_record_promise_keeps_it_open_with_its_words():
    made = promise(note=" after the fair ")
    assert (made.state, made.note, made.settled_at) == ("open", "after the fair", None)
    (entry,) = Entry.objects.about(made.account)
    assert entry.action == "credit.promise_made" and entry.data["amount"] == "100.00"


@pytest.mark.parametrize("role", ["sales_manager", "approver_1", "warehouse", "auditor"])
def test_record_promise_is_refused_without_the_right(role):
    with pytest.raises(PermissionDenied):
        promise(by=person(role))


def test_record_promise_is_for_ones_own_customers():
    account = credit.account()
    assert promise(account, by=account.customer.owner).pk
    with pytest.raises(PermissionDenied):
        promise(account, by=person("sales"))


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "NaN", "1e30"])
def test_record_promise_refuses_an_impossible_amount(amount):
    with pytest.raises(CreditError):
        promise(amount=amount)


@pytest.mark.parametrize("due_on", [TODAY - DAY, TODAY + 367 * DAY])
def test_record_promise_refuses_an_impossible_day(due_on):
    with pytest.raises(CreditError):
        promise(due_on=due_on)
    assert not Promise.objects.exists()


def test_promise_for_today_is_still_open_today():
    assert settled(promise(due_on=TODAY), after=0 * DAY) == "open"


@pytest.mark.parametrize(
    ("amount", "state", "received"),
    [
        ("0.01", "partly_kept", "0.01"),
        ("99.99", "partly_kept", "99.99"),
        ("100.00", "kept", "100.00"),
        ("100.01", "kept", "100.00"),
    ],
)
def test_settle_promises_counts_receipts(amount, state, received):
    made = promise()
    credit.receipt(made.account, amount)
    assert settled(made) == state and made.received == Decimal(received)
    assert actions(made.account)[0] == f"credit.promise_{state}"


def test_settle_promises_counts_payments_of_orders():
    order = orders.released("100.00")
    made = promise(order.account)
    orders.pay(order, at=NOW + DAY)
    assert settled(made) == "kept"


def test_settle_promises_counts_neither_earlier_nor_later_money():
    account = credit.account()
    credit.receipt(account, "100.00", received_on=TODAY - DAY)
    made = promise(account)
    credit.receipt(account, "100.00", at=NOW + 6 * DAY)
    assert settled(made, after=7 * DAY) == "broken"


def test_settle_promises_happens_once():
    made = promise()
    assert settled(made) == "broken"
    credit.receipt(made.account, "100.00", at=NOW + DAY)
    assert settled(made) == "broken" and len(actions(made.account)) == 2


def test_settle_promises_does_not_count_money_twice():
    account = credit.account()
    first, second = promise(account), promise(account, due_on=TODAY + 8 * DAY)
    credit.receipt(account, "150.00")
    assert settled(first, after=6 * DAY) == "kept"
    assert settled(second, after=9 * DAY) == "partly_kept"


def test_settle_promises_says_how_many():
    account = promise().account
    credit.receipt(account, "100.00")
    promise()
    done = lifecycle.settle_promises(at=NOW + 9 * DAY)
    assert (done.kept, done.partly_kept, done.broken) == (1, 0, 1)


@pytest.mark.parametrize(("accounts", "queries"), [(1, 10), (5, 10)])
def test_settle_promises_costs_the_same_for_many(accounts, queries, django_assert_max_num_queries):
    for _ in range(accounts):
        promise()
    with django_assert_max_num_queries(queries):
        lifecycle.settle_promises(at=NOW + 9 * DAY)


def test_kept_takes_the_earliest_money_for_the_earliest_promise():
    first = Promised(1, Decimal(10), date(2026, 1, 1), date(2026, 1, 10))
    second = Promised(2, Decimal(10), date(2026, 1, 5), date(2026, 1, 20))
    money = [Paid(Decimal(8), date(2026, 1, 15)), Paid(Decimal(12), date(2026, 1, 6))]
    assert kept([second, first], money) == {1: Decimal(10), 2: Decimal(10)}


def test_broken_promises_are_seen_by_the_check():
    set_check("promises", count=0, within_days=90, severity="block")
    made = promise(due_on=TODAY)
    settled(made, after=DAY)
    order = orders.submit(orders.draft(made.account), at=NOW + 2 * DAY)
    assert order.state == "credit_failed"


def test_partly_kept_promises_are_seen_by_the_check():
    set_check("promises", count=0, within_days=90, severity="block")
    made = promise(due_on=TODAY)
    credit.receipt(made.account, "99.99")
    assert settled(made, after=DAY) == "partly_kept"
    assert orders.submit(orders.draft(made.account), at=NOW + 2 * DAY).state == "credit_failed"


# Promises on which orders were released


def of_order(total="90.00", days=5, **values):
    order = orders.conditional(orders.failed(total, **values), orders.pay_within(days))
    return order, Promise.objects.get(order_id=order.pk)


@pytest.mark.parametrize(
    ("paid", "state"), [("90.00", "kept"), ("89.99", "partly_kept"), (None, "broken")]
)
def test_promise_of_an_order_is_judged_by_its_payments(paid, state):
    order, made = of_order()
    if paid:
        orders.pay(order, paid, at=NOW + DAY)
    assert settled(made) == state


def test_promise_of_an_order_ignores_what_was_paid_for_others():
    order, made = of_order()
    other = orders.failed("90.00")
    type(other).objects.filter(pk=other.pk).update(account=order.account, customer=order.customer)
    orders.pay(type(other).objects.get(pk=other.pk), at=NOW + DAY)
    assert settled(made) == "broken"


def test_promise_of_an_order_counts_what_nobody_allocated_yet():
    order, made = of_order()
    credit.receipt(order.account, "40.00", at=NOW + DAY)
    assert settled(made) == "partly_kept" and made.received == 40


def test_promise_of_an_order_counts_what_its_invoice_was_paid():
    order, made = of_order()
    invoice = orders.invoice(order).account.invoices.get()
    credit.allocated(invoice, "90.00", at=NOW + DAY)
    assert settled(made) == "kept"


def test_promise_of_an_order_ignores_what_paid_another_debt():
    order, made = of_order()
    credit.allocated(credit.owed(order.account, "90.00"), "90.00", at=NOW + DAY)
    assert settled(made) == "broken"


def test_promise_of_an_order_does_not_count_what_was_paid_before_it():
    order = orders.failed("90.00")
    orders.pay(order, "40.00", happened_at=NOW - timedelta(hours=1))
    orders.conditional(order, orders.pay_within(5))
    made = Promise.objects.get(order_id=order.pk)
    orders.pay(order, "20.00", at=NOW + DAY)
    assert settled(made) == "partly_kept" and (made.amount, made.received) == (50, 20)


def test_promise_does_not_count_money_that_was_given_back():
    made = promise()
    credit.refunded(credit.receipt(made.account, "100.00"), "60.00")
    assert settled(made) == "partly_kept" and made.received == 40


def test_promise_of_an_order_is_not_kept_by_a_write_off():
    order, made = of_order()
    invoice = orders.invoice(order).account.invoices.get()
    credit.written_off(invoice, "90.00")
    assert order.conditions.get().state == "open"
    assert settled(made) == "broken" and made.amount == 90


def test_promise_that_is_withdrawn_is_not_settled():
    order, made = of_order()
    orders.cancel(order)
    assert settled(made) == "withdrawn"
    assert actions(made.account)[0] == "credit.promise_withdrawn"


def test_money_of_a_settled_promise_stays_with_it():
    order, made = of_order()
    credit.receipt(order.account, "90.00", at=NOW + DAY)
    assert settled(made) == "kept"
    later = promise(order.account, "90.00", due_on=TODAY + 9 * DAY)
    assert settled(later, after=10 * DAY) == "broken"


# What the database refuses


@pytest.mark.parametrize(
    "change",
    [
        "state = 'kept', settled_at = now()",
        "state = 'partly_kept', settled_at = now()",
        "state = 'partly_kept', settled_at = now(), received = amount",
        "state = 'broken', settled_at = now(), received = 1",
        "state = 'broken'",
        "received = 1",
        "due_on = due_on + 1",
        "order_id = 1",
    ],
)
def test_promise_cannot_be_changed_behind_the_verbs(change):
    promise()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE credit_promise SET {change}")


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM credit_promise", "UPDATE credit_promise SET state = 'open', settled_at = NULL"],
)
def test_promise_once_settled_stays_so(statement):
    settled(promise())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# Reminders


def test_due_promises_are_those_of_the_next_days():
    account = credit.account()
    for days, state in ((-1, "open"), (0, "open"), (3, "open"), (4, "open"), (2, "kept")):
        credit.promise(account, TODAY + days * DAY, state=state)
    found = due_promises(TODAY)
    assert [one.days_left for one in found] == [0, 3]
    assert (found[0].owner_id, found[0].currency) == (account.customer.owner_id, "CNY")
