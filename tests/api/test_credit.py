import pytest

from credit.models import CreditAccount, Customer
from journal.models import Entry
from staff.api.scopes import Scope
from tests.factories import credit
from tests.factories.api import Caller, caller
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return Caller(user=person("credit_analyst"))


def test_customer_shows_the_credit_at_a_glance(analyst):
    account = credit.account("500.00")
    credit.owed(account, "90.00", NOW.date())
    told = analyst.get(f"customers/{account.customer_id}/").json()
    assert (told["account"]["used"], told["account"]["headroom"]) == ("90.00", "410.00")
    assert (told["account"]["receivable"], told["overdue"]) == ("90.00", "90.00")
    assert sum(band["count"] for band in told["ageing"]) == 1
    assert [policy["governs"] for policy in told["policies"]].count(True) == 1


def test_customers_are_found_by_code_and_words(analyst):
    account, _other = credit.account(), credit.account()
    code = account.customer.code
    for query in ({"code": code}, {"q": code.lower()}, {"owner": account.customer.owner_id}):
        assert [one["code"] for one in analyst.get("customers/", **query).json()["results"]] == [
            code
        ]
    assert analyst.get("customers/", segment="nothing").json()["results"] == []


def test_list_asks_the_same_queries_for_many(analyst, django_assert_max_num_queries):
    for _number in range(5):
        credit.account("100.00")
    with django_assert_max_num_queries(9):
        assert len(analyst.get("customers/").json()["results"]) == 5


def test_who_may_not_see_credit_sees_customers_without():
    account = credit.account("500.00")
    seller = Caller(user=account.customer.owner)
    assert seller.get(f"customers/{account.customer_id}/").json()["policies"] is None
    stranger = Caller(user=person("sales"))
    assert stranger.get(f"customers/{account.customer_id}/").status_code == 404
    assert stranger.get(f"customers/{account.customer_id}/ledger/").status_code == 404
    assert Caller(user=person("warehouse")).get("customers/").status_code == 403


def test_customer_is_entered_and_changed_and_the_journal_says_what(analyst):
    segment, owner = credit.segment(), person("sales")
    body = {"code": "NEW-1", "name": "Blue Harbour", "segment": segment.code, "owner": owner.pk}
    made = analyst.post("customers/", body)
    assert (made.status_code, made.json()["account"]) == (201, None)
    pk = made.json()["id"]
    opened = analyst.post(f"customers/{pk}/account/", {"currency": "USD"})
    assert (opened.status_code, opened.json()["account"]["currency"]) == (201, "USD")
    again = analyst.post(f"customers/{pk}/account/", {"currency": "CNY"})
    assert (again.status_code, again.json()["code"]) == (422, "credit_refused")
    changed = analyst.send("patch", f"customers/{pk}/", {"payment_days": 45, "vip": True})
    assert (changed.json()["payment_days"], changed.json()["vip"]) == (45, True)
    [entry, _first] = Entry.objects.about(Customer.objects.get(pk=pk))
    assert entry.data["after"] == {"payment_days": 45, "vip": True}


def test_customer_that_cannot_be_so_is_refused_by_field(analyst):
    customer = credit.account().customer
    taken = {"code": customer.code, "name": "x", "segment": customer.segment.code}
    refused = analyst.post("customers/", taken | {"owner": customer.owner_id})
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["code"])
    for body in ({"status": "blacklisted"}, {"founded_on": "2999-01-01"}, {"segment": "none"}):
        refused = analyst.send("patch", f"customers/{customer.pk}/", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert not Entry.objects.about(customer).exists()


@pytest.mark.parametrize("role", ["sales", "finance", "auditor"])
def test_who_may_not_change_customers_changes_none(role):
    customer = credit.account().customer
    answer = Caller(user=person(role)).send("patch", f"customers/{customer.pk}/", {"vip": True})
    assert answer.status_code == 403
    assert not Customer.objects.get(pk=customer.pk).vip


def test_limit_is_lowered_and_never_raised_by_one_alone(analyst):
    account = credit.account("500.00")
    path = f"customers/{account.customer_id}/limits/"
    lower = analyst.post(path, {"amount": "300.00", "reason": "pays later"})
    assert (lower.status_code, lower.json()["amount"]) == (201, "300.00")
    refused = analyst.post(path, {"amount": "900.00", "reason": "grown"})
    assert (refused.status_code, refused.json()["code"]) == (403, "needs_approval")
    rows = analyst.get(path).json()["results"]
    assert [row["amount"] for row in rows] == ["300.00", "500.00"]
    ended = analyst.post(f"limits/{rows[0]['id']}/end/", {"reason": "mistake"})
    assert ended.json()["code"] == "needs_approval"


def test_limit_that_makes_no_sense_is_refused(analyst):
    account = credit.account("500.00")
    path = f"customers/{account.customer_id}/limits/"
    refused = analyst.post(path, {"type": "temporary", "amount": "1.00", "reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (422, "credit_refused")


def test_key_sets_no_limit():
    account, system = credit.account("500.00"), caller(*Scope.values)
    path = f"customers/{account.customer_id}/limits/"
    assert system.get(path).status_code == 200
    assert system.post(path, {"amount": "1.00", "reason": "x"}).status_code == 403
    assert account.limits.count() == 1


def test_customer_joins_a_group_and_leaves_it(analyst):
    parent, child = credit.account("900.00"), credit.account("100.00")
    path, why = f"customers/{child.customer_id}/group/", {"reason": "bought last year"}
    joined = analyst.post(f"{path}join/", why | {"parent": parent.customer.code}).json()
    assert (joined["account"]["group"], len(joined["groups"])) == (parent.customer_id, 1)
    members = analyst.get(path).json()["results"]
    assert [(one["customer"]["id"], one["depth"]) for one in members] == [
        (parent.customer_id, 0),
        (child.customer_id, 1),
    ]
    assert analyst.post(f"{path}leave/", why).json()["account"]["group"] is None
    assert analyst.post(f"{path}leave/", why).json()["code"] == "credit_refused"


def test_review_is_set(analyst):
    account = credit.account()
    path = f"customers/{account.customer_id}/review/"
    assert analyst.post(path, {"review_on": "2026-06-30"}).status_code == 200
    assert str(CreditAccount.objects.get().review_on) == "2026-06-30"


def test_ledger_tells_every_movement(analyst):
    account = credit.account("500.00")
    credit.owed(account, "90.00", NOW.date())
    [entry] = analyst.get(f"customers/{account.customer_id}/ledger/").json()["results"]
    assert (entry["to_bucket"], entry["amount"]) == ("receivable", "90.00")
