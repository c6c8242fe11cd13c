"""Limits reviewed once a year, many in one go."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from approvals import lifecycle
from approvals.models import ApprovalRequest
from credit.days import company_day
from credit.errors import CreditError
from credit.models import CreditAccount, CreditLimit
from journal.models import Entry
from tests.factories import credit, limit_changes, routes
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
TODAY = company_day(NOW)
NEXT = TODAY + timedelta(days=365)
URL = "approvals:review_many"


@pytest.fixture(autouse=True)
def _route():
    limit_changes.routed(routes.level("approver_1"))


@pytest.fixture
def analyst(client):
    user = person("credit_analyst")
    client.force_login(user)
    return user


def due(amount="100.00", days=-1, **values):
    account = credit.account(amount, **values)
    account.review_on = company_day(timezone.now()) + timedelta(days=days)
    account.save(update_fields=["review_on"])
    return account


def last_entry(account):
    entries = Entry.objects.filter(subject_type="credit.creditaccount", subject_id=account.pk)
    return entries.latest("pk")


def base(account):
    return CreditLimit.objects.get(account=account, type="base").pk


def review(account, amount=None, *, by=None, **values):
    values = {"seen_limit_id": base(account), "review_on": NEXT, "reason": "yearly"} | values
    return lifecycle.review_limit(
        account_id=account.pk,
        amount=amount and Decimal(amount),
        by=by or person("credit_analyst"),
        at=NOW,
        **values,
    )


def post(client, *accounts, review_on=None, reason="yearly", **outcomes):
    data = {"pk": [each.pk for each in accounts], "reason": reason}
    data["review_on"] = review_on or (timezone.now() + timedelta(days=300)).date().isoformat()
    for each in accounts:
        data[f"limit-{each.pk}-outcome"] = "keep"
        data[f"limit-{each.pk}-seen"] = base(each)
    return client.post(reverse(URL), data | outcomes)


def test_review_limit_confirms_what_stands_until_the_next_review():
    account = due()
    assert review(account) is None
    assert CreditAccount.objects.get(pk=account.pk).review_on == NEXT
    entry = last_entry(account)
    assert (entry.action, entry.reason) == ("credit.limit_confirmed", "yearly")
    assert (entry.data["amount"], entry.data["after"]) == ("100.00", NEXT.isoformat())


def test_review_limit_requests_a_change_and_leaves_the_limit():
    account = due()
    request = review(account, "150.00")
    assert (request.state, request.limit_change.resulting) == ("open", Decimal("150.00"))
    assert request.limit_change.justification == "yearly"
    assert CreditLimit.objects.get(account=account).amount == Decimal("100.00")


def test_review_limit_refuses_who_looks_after_the_customer():
    owner = person("credit_analyst", "sales")
    account = due(owner=owner)
    with pytest.raises(PermissionDenied):
        review(account, by=owner)
    with pytest.raises(PermissionDenied):
        review(account, by=person("finance"))


@pytest.mark.parametrize("values", [{"review_on": TODAY}, {"reason": " "}, {"seen_limit_id": None}])
def test_review_limit_refuses_what_makes_no_sense(values):
    account = due()
    with pytest.raises(CreditError):
        review(account, **values)
    assert CreditAccount.objects.get(pk=account.pk).review_on == account.review_on


def test_review_limit_with_a_change_refuses_a_day_that_is_past():
    account = due()
    with pytest.raises(lifecycle.RequestError):
        review(account, "150.00", review_on=TODAY)
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize(
    ("view", "names"),
    [("due", ["late"]), ("soon", ["soon"]), ("unset", ["never"]), ("all", ["far", "late"])],
)
def test_reviews_shows_limits_by_their_day(client, analyst, view, names):
    for name, days in [("late", -3), ("soon", 9), ("far", 200)]:
        due(days=days, name=f"{name} Ltd")
    credit.account("5.00", name="never Ltd")
    text = client.get(reverse("approvals:reviews"), {"view": view}).text
    for name in ("late", "soon", "far", "never"):
        shown = name in names or view == "all"
        assert (f"{name} Ltd" in text) == shown


def test_reviews_asks_the_same_queries_for_many(client, analyst, django_assert_num_queries):
    due()
    client.get(reverse("approvals:reviews"))
    with django_assert_num_queries(11):
        client.get(reverse("approvals:reviews"))
    for _number in range(5):
        due()
    with django_assert_num_queries(11):
        client.get(reverse("approvals:reviews"))


def test_reviews_offers_no_choice_to_who_may_not_set_limits(client):
    due()
    client.force_login(person("finance"))
    assert "data-pick" not in client.get(reverse("approvals:reviews")).text
    assert client.get(reverse(URL)).status_code == 403


def test_review_many_confirms_some_and_requests_others(client, analyst):
    keep, change, later = due(name="A"), due(name="B"), due(name="C")
    wanted = {f"limit-{change.pk}-outcome": "change", f"limit-{change.pk}-amount": "1,250"}
    wanted[f"limit-{later.pk}-outcome"] = "later"
    assert post(client, keep, change, later, **wanted).status_code == 200
    request = ApprovalRequest.objects.get()
    assert (request.customer.name, request.amount) == ("B", Decimal("1250.00"))
    days = dict(CreditAccount.objects.values_list("customer__name", "review_on"))
    assert days["A"] == days["B"] > company_day(timezone.now()) > days["C"]


def test_review_many_tells_of_what_went_wrong_with_one(client, analyst):
    good, bad = due(name="A"), due(name="B")
    response = post(client, good, bad, **{f"limit-{bad.pk}-seen": base(good)})
    assert "Somebody changed this limit meanwhile" in response.text
    assert last_entry(good).action == "credit.limit_confirmed"


@pytest.mark.parametrize("amount", ["", "-5", "abc", "100.00", "1e9"])
def test_review_many_refuses_a_change_without_a_new_amount(client, analyst, amount):
    account = due()
    wanted = {f"limit-{account.pk}-outcome": "change", f"limit-{account.pk}-amount": amount}
    assert post(client, account, **wanted).status_code == 422
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize("values", [{"reason": ""}, {"review_on": "2020-01-01"}])
def test_review_many_refuses_what_is_incomplete(client, analyst, values):
    account = due()
    assert post(client, account, **values).status_code == 422
    assert CreditAccount.objects.get(pk=account.pk).review_on == account.review_on


def test_review_many_takes_no_customers_of_others(client):
    seller = person("sales", "credit_analyst")
    client.force_login(seller)
    text = client.get(reverse(URL), {"pk": ["0", "x", str(2**70)]}).text
    assert "No limit is chosen" in text
