from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from credit.lifecycle import CreditError
from credit.models import Receipt, Refund
from journal.models import Entry
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.factories.traces import balances, differing, everything

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def waiting(amount="50.00", **values):
    return credit.receipt(credit.account(), amount, **values)


def test_refund_gives_back_what_is_left_of_a_receipt():
    by = person("finance")
    made = credit.refunded(waiting(), "20.00", reference="R-1", by=by)
    assert (made.amount, made.reference, made.reason, made.refunded_on) == (
        20, "R-1", "paid twice", TODAY,
    )  # fmt: skip
    receipt = Receipt.objects.get()
    assert (receipt.unallocated, balances(receipt.account), differing()) == (30, {}, [])
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.by, entry.reason) == ("credit.receipt_refunded", by, "paid twice")


@pytest.mark.parametrize("amount", ["0", "-1", "50.01", "0.001"])
def test_refund_refuses_more_than_is_left(amount):
    receipt = waiting()
    before = everything()
    with pytest.raises(CreditError):
        credit.refunded(receipt, amount)
    assert everything() == before


def test_refund_leaves_what_is_allocated():
    account = credit.account()
    credit.owed(account, "30.00")
    receipt = credit.receipt(account, "50.00", allocate="oldest")
    with pytest.raises(CreditError, match="more than the 20"):
        credit.refunded(receipt, "20.01")


@pytest.mark.parametrize("days", [-1, 1])
def test_refund_refuses_days_before_the_receipt_and_to_come(days):
    with pytest.raises(CreditError, match="day"):
        credit.refunded(waiting(), "1.00", refunded_on=TODAY + timedelta(days=days))


def test_refund_refuses_money_of_an_order():
    orders.pay(orders.released("90.00"), "100.00")
    with pytest.raises(CreditError, match="on that order"):
        credit.refunded(Receipt.objects.get(), "10.00")


def test_refund_refuses_a_reference_twice_and_no_reason():
    receipt = waiting()
    credit.refunded(receipt, "1.00", reference="R-1")
    with pytest.raises(CreditError, match="R-1 is recorded already"):
        credit.refunded(receipt, "1.00", reference="R-1")
    with pytest.raises(CreditError, match="Write why"):
        credit.refunded(receipt, "1.00", reason=" ")


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.FINANCE}))
def test_refund_is_for_finance(role):
    receipt = waiting()
    with pytest.raises(PermissionDenied):
        credit.refunded(receipt, "1.00", by=person(role))
    assert not Refund.objects.exists()


def test_refund_page_gives_money_back(client):
    receipt = waiting()
    client.force_login(person("finance"))
    page = client.get(f"/receipts/{receipt.pk}/refund/").content.decode()
    assert "At most 50.00." in page
    given = {"amount": "20", "refunded_on": TODAY.isoformat(), "method": "transfer"}
    answer = client.post(
        f"/receipts/{receipt.pk}/refund/", given | {"reason": "twice"}, follow=True
    )
    assert answer.status_code == 200 and "Given back" in answer.content.decode()
    assert Receipt.objects.get().unallocated == 30


def test_refund_page_shows_what_is_refused(client):
    receipt = waiting()
    client.force_login(person("finance"))
    given = {"amount": "60", "refunded_on": TODAY.isoformat(), "method": "cash", "reason": "x"}
    answer = client.post(f"/receipts/{receipt.pk}/refund/", given)
    assert answer.status_code == 422 and "more than the 50.00" in answer.content.decode()
