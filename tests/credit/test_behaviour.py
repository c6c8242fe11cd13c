from datetime import date, timedelta
from decimal import Decimal

import pytest

from credit.behaviour import payment_behaviour, turnover
from credit.models import InvoiceAdjustment
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)


def paid(account, days_late, amount="100.00", *, settled=None, ago=10):
    """An invoice settled `ago` days before ON, so many days after it was due."""
    settled = settled or ON - timedelta(days=ago)
    due = settled - timedelta(days=days_late)
    issued = due - timedelta(days=30)
    return credit.invoice(
        account, 0, due, amount=Decimal(amount), settled_on=settled, issued_on=issued
    )


def overdue(account, days, open_amount="100.00", **values):
    return credit.invoice(account, Decimal(open_amount), ON - timedelta(days=days), **values)


def behaviour(account, on=ON):
    return payment_behaviour(on).get(account.pk)


def test_behaviour_weighs_days_by_amount_and_counts_invoices():
    account = credit.account()
    paid(account, 10, "300.00")
    paid(account, -5, "100.00")
    found = behaviour(account)
    assert (found.days_late, found.on_time) == (Decimal("7.5"), Decimal("50.0"))
    assert (found.count, found.largest_delay) == (2, 10)


@pytest.mark.parametrize(("days", "share"), [(-1, 100), (0, 100), (1, 0)])
def test_behaviour_calls_the_due_day_in_time(days, share):
    account = credit.account()
    paid(account, days)
    assert behaviour(account).on_time == share


@pytest.mark.parametrize(("ago", "counts"), [(0, True), (364, True), (365, False), (400, False)])
def test_behaviour_looks_back_one_year(ago, counts):
    account = credit.account()
    paid(account, 3, ago=ago)
    assert (behaviour(account) is not None) == counts


def test_behaviour_counts_what_is_overdue_with_its_days_so_far():
    account = credit.account()
    overdue(account, 40)
    overdue(account, 0)
    overdue(account, -10)
    found = behaviour(account)
    assert (found.days_late, found.on_time, found.count) == (40, 0, 1)


def test_behaviour_leaves_out_what_is_in_dispute():
    account = credit.account()
    overdue(account, 40, disputed_amount=Decimal("100.00"))
    assert behaviour(account) is None


def test_behaviour_does_not_know_yet_what_was_settled_later():
    account = credit.account()
    paid(account, 30, settled=ON + timedelta(days=10))
    assert behaviour(account).days_late == 20
    assert behaviour(account, ON + timedelta(days=10)).days_late == 30


def test_behaviour_takes_a_write_off_for_unpaid():
    account = credit.account()
    lost = paid(account, 5, ago=50)
    InvoiceAdjustment.objects.create(
        invoice=lost,
        kind="write_off",
        number="WO-1",
        amount=lost.amount,
        reason="insolvent",
        effective_on=lost.settled_on,
        at=NOW,
        by=person("finance"),
    )
    found = behaviour(account)
    assert (found.days_late, found.on_time) == (55, 0)


def test_behaviour_can_be_asked_of_some_accounts_only():
    one, other = credit.account(), credit.account()
    paid(one, 1)
    paid(other, 1)
    assert set(payment_behaviour(ON, [one.pk])) == {one.pk}
    assert payment_behaviour(ON, []) == {}


def monthly(account, since):
    found = turnover(ON).get(account.pk)
    return found and found.monthly(ON, since)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, "1200.00"), (30, "1200.00"), (31, "600.00"), (365, "100.00"), (900, "100.00")],
)  # fmt: skip
def test_turnover_is_averaged_over_the_months_of_business(days, expected):
    account = credit.account()
    credit.invoice(account, Decimal(1200), ON)
    assert monthly(account, ON - timedelta(days=days)) == Decimal(expected)


def test_turnover_counts_months_from_an_invoice_older_than_the_customers_row():
    account = credit.account()
    credit.invoice(account, Decimal(1200), ON - timedelta(days=90))
    assert monthly(account, ON) == Decimal("400.00")


def test_turnover_looks_back_one_year():
    account = credit.account()
    credit.invoice(account, Decimal(1200), ON - timedelta(days=365))
    assert monthly(account, ON) is None
