import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from credit.enums import CreditAction
from credit.scoring.enums import ScoreAction
from journal.models import Entry
from journal.record import record
from tests.factories import credit, orders
from tests.orders.pages import account_with_seller, as_role, words

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate(timezone.now(), timezone.get_default_timezone())


def names(response):
    return [customer.name for customer in response.context["page"].rows]


def test_customers_shows_salespeople_their_own_only():
    account, seller = account_with_seller(name="Mine")
    other = credit.account(name="Not mine")
    assert names(seller.get("/customers/")) == ["Mine"]
    assert seller.get(f"/customers/{other.customer_id}/").status_code == 404
    assert seller.get(f"/customers/{account.customer_id}/").status_code == 200


@pytest.mark.parametrize(
    "query", ["?q=harb", "?status=watch", "?view=watch", "?segment={segment}", "?owner={owner}"]
)
def test_customers_narrows_to(query):
    wanted = credit.customer(name="Harbour", status="watch", status_reason="pays late")
    credit.customer(name="Other")
    known = {"segment": wanted.segment_id, "owner": wanted.owner_id}
    assert names(as_role("auditor").get(f"/customers/{query.format(**known)}")) == ["Harbour"]


def test_customers_shows_available_and_overdue():
    account = credit.account("1000.00")
    credit.invoice(account, "12.34", today() - timedelta(days=1))
    credit.invoice(account, "50.00", today())
    text = words(as_role("finance").get("/customers/"))
    assert "1,000.00" in text and "12.34" in text and "62.34" not in text


def page(account, role="credit_analyst", query=""):
    return as_role(role).get(f"/customers/{account.customer_id}/{query}")


@pytest.mark.parametrize(
    ("days", "band"),
    [(-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (900, 4)],
)
def test_customer_puts_an_invoice_into_its_band_of_age(days, band):
    account = credit.account("1000.00")
    credit.invoice(account, "10.00", today() - timedelta(days=days))
    amounts = [shown.amount for shown in page(account).context["bands"]]
    assert amounts == [Decimal("10.00") if place == band else 0 for place in range(5)]


@pytest.mark.parametrize(
    ("kind", "words_of_it"),
    [("none", "No credit is granted"), ("unlimited", "There is no limit"), ("inherit", "segment")],
)
def test_customer_says_what_kind_of_limit_applies(kind, words_of_it):
    assert words_of_it in words(page(credit.account(kind=kind)))


def test_customer_shows_the_ledger_with_its_documents():
    order = orders.shipped()
    text = words(page(order.account, query="documents/"))
    assert "Goods shipped" in text and f'href="/orders/{order.pk}/"' in text


def test_customer_without_an_account_says_so():
    customer = credit.customer()
    text = words(as_role("auditor").get(f"/customers/{customer.pk}/"))
    assert "no credit account yet" in text


def test_customer_pages_are_closed_to_those_who_need_not_know():
    assert page(credit.account(), "warehouse").status_code == 403


def change(account, role="credit_analyst", **values):
    seen = str(account.limits.latest("pk").pk)
    data = {"type": "base", "kind": "amount", "amount": "50", "reason": "bad payer"} | values
    data = {"valid_from": today().isoformat(), "seen": seen} | data
    return as_role(role).post(f"/customers/{account.customer_id}/limit/", data)


def limit(account):
    return account.limits.values_list("kind", "amount").latest("pk")


def test_change_limit_changes_it_with_its_reason():
    account = credit.account("100.00")
    assert change(account).status_code == 302
    assert limit(account) == ("amount", Decimal("50.00"))
    assert Entry.objects.about(account)[0].reason == "bad payer"
    assert "bad payer" in words(page(account, query="history/"))


def test_history_says_what_a_review_day_and_a_class_were_and_are():
    account = credit.account()
    for subject, action, before, after in (
        (account, CreditAction.REVIEW_SET, None, "2027-03-01"),
        (account.customer, ScoreAction.CLASS_CHANGED, "B", "D"),
        (account.customer, CreditAction.CUSTOMER_CHANGED, {"phone": "1"}, {"phone": "2"}),
    ):
        data = {"before": before, "after": after}
        record(action=action, subject=subject, by=None, at=timezone.now(), data=data)
    told = words(page(account, query="history/"))
    assert "no day set → 1 Mar 2027" in told
    assert "B: low risk → D: high risk" in told
    assert "Phone" in told


def test_change_to_another_kind_forgets_the_amount():
    account = credit.account("100.00")
    change(account, kind="none", amount="100.00")
    assert limit(account) == ("none", None)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"amount": "-1"}, "cannot be negative"),
        ({"amount": ""}, "Write the amount"),
        ({"amount": "1" + "0" * 30}, "At most"),
        ({"amount": "NaN"}, "Write a figure"),
        ({"kind": "magic"}, "Select a valid choice"),
        ({"reason": ""}, "required"),
        ({"reason": "x" * 1001}, "at most 1000"),
        ({"seen": "amount:7.00"}, "Somebody changed this limit"),
    ],
)
def test_wrong_limits_are_refused(values, message):
    account = credit.account("100.00")
    response = change(account, **values)
    assert response.status_code == 422 and message in words(response)
    assert limit(account) == ("amount", Decimal("100.00"))


@pytest.mark.parametrize("role", ["sales_manager", "finance", "approver_2", "administrator"])
def test_change_limit_belongs_to_credit_analysts(role):
    account = credit.account("100.00")
    assert change(account, role).status_code == 403
    assert limit(account) == ("amount", Decimal("100.00"))


def test_ledger_goes_on_where_its_page_ended(monkeypatch):
    monkeypatch.setattr("credit.views.customer.LEDGER_SIZE", 2)
    account = credit.account()
    made = [orders.submit(orders.draft(account)).number for _ in range(3)]
    first = page(account, query="documents/").context["ledger"]
    second = page(account, query=f"documents/{first.older}").context["ledger"]
    documents = [entry.document for entry in [*first.rows, *second.rows]]
    assert documents == made[::-1] and re.search("after=", first.older)
