from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from credit import lifecycle
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
    ("amount", "state"), [("99.99", "partly_kept"), ("0.01", "partly_kept"), ("100.00", "kept"), ("100.01", "kept")]
)
def test_settle_promises_counts_receipts(amount, state):
    made = promise()
    credit.receipt(made.account, amount)
    assert settled(made) == state
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
