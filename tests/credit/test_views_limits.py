import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from credit import lifecycle
from credit.models import CreditLimit, ExchangeRate, Promise, ReconciliationRun
from tests.credit.test_reconciling import tamper
from tests.factories import credit, orders
from tests.factories.staff import superuser
from tests.orders.pages import account_with_seller, as_role, words

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate(timezone.now(), timezone.get_default_timezone())


def in_days(days):
    return (today() + timedelta(days=days)).isoformat()


def grant(account, role="credit_analyst", **values):
    seen = str(account.limits.filter(type="base").latest("pk").pk)
    data = {"type": "temporary", "amount": "50.00", "valid_from": in_days(0), "seen": seen}
    data |= {"valid_until": in_days(10), "reason": "season"} | values
    return as_role(role).post(f"/customers/{account.customer_id}/limit/", data)


def available(account):
    return type(account).objects.with_limits(today()).get(pk=account.pk).available


SECURED = {"type": "secured", "security": "insurance", "covered_percent": "90"}


@pytest.mark.parametrize("values", [{}, SECURED, {"type": "base", "kind": "unlimited"}])
def test_grant_raises_nothing_and_leads_to_the_request(values):
    account = credit.account("100.00")
    response = grant(account, **values)
    assert response.status_code == 422 and "Request the change" in words(response)
    assert f"/customers/{account.customer_id}/limit/request/" in response.content.decode()
    assert available(account) == Decimal("100.00")


def test_grant_preview_shows_the_sum_and_grants_nothing():
    account = credit.account("100.00")
    orders.submit(orders.draft(account, "90.00"))
    response = grant(account, type="base", kind="amount", amount="60.00", preview="1")
    assert response.status_code == 200 and "30.00 CNY over the limit" in words(response)
    assert account.limits.count() == 1
    assert "150.00" in words(grant(account, preview="1"))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"valid_until": ""}, "Choose the last day"),
        ({"amount": ""}, "Write the amount"),
        ({"valid_until": in_days(-1)}, "cannot be before the first"),
        ({"valid_from": "soon"}, "Enter a valid date"),
        ({"type": "magic"}, "Select a valid choice"),
        (SECURED | {"security": ""}, "Choose what secures"),
        (SECURED | {"covered_percent": ""}, "how much of the amount is covered"),
        (SECURED | {"covered_percent": "101"}, "At most 100 is possible"),
        ({"type": "base", "kind": "group"}, "belongs to no group"),
        ({"type": "base", "kind": ""}, "Choose the kind"),
    ],
)
def test_grant_says_what_is_wrong(values, message):
    account = credit.account("100.00")
    response = grant(account, **values)
    assert response.status_code == 422 and message in words(response)
    assert account.limits.count() == 1


def test_end_limit_ends_it_with_its_reason():
    account = credit.account("100.00")
    (limit,) = credit.limits([account], "50.00", type="temporary", valid_until=in_days(10))
    client = as_role("credit_analyst")
    assert client.post(f"/limits/{limit.pk}/end/", {"reason": ""}).status_code == 422
    assert client.post(f"/limits/{limit.pk}/end/", {"reason": "season over"}).status_code == 302
    limit.refresh_from_db()
    assert limit.end_reason == "season over" and available(account) == Decimal("100.00")
    again = client.post(f"/limits/{limit.pk}/end/", {"reason": "again"})
    assert again.status_code == 422 and "ended already" in words(again)
    history = words(client.get(f"/customers/{account.customer_id}/history/"))
    assert "season over" in history


def test_set_review_shows_on_the_customer():
    account, client = credit.account("100.00"), as_role("credit_analyst")
    url = f"/customers/{account.customer_id}/review/"
    assert client.post(url, {"review_on": "nonsense"}).status_code == 422
    client.post(url, {"review_on": in_days(-1)})
    assert "review was due" in words(client.get(f"/customers/{account.customer_id}/"))
    refused = client.post(url, {"review_on": ""})
    assert refused.status_code == 422 and "Say why the review is put off" in words(refused)
    client.post(url, {"review_on": "", "reason": "customer gone"})
    assert "customer gone" in words(client.get(f"/customers/{account.customer_id}/history/"))
    account.refresh_from_db()
    assert account.review_on is None


@pytest.mark.parametrize("role", ["sales_manager", "finance", "auditor", "administrator"])
@pytest.mark.parametrize("page", ["limit/", "review/", "group/leave/"])
def test_limits_and_groups_belong_to_credit_analysts(role, page):
    account = credit.account("100.00")
    assert as_role(role).post(f"/customers/{account.customer_id}/{page}").status_code == 403


def join(account, parent, role="credit_analyst", reason="one owner"):
    data = {"parent": parent, "reason": reason}
    return as_role(role).post(f"/customers/{account.customer_id}/group/", data)


def test_group_is_joined_shown_and_left():
    top, account = credit.account("500.00", name="Top"), credit.account("300.00", name="Low")
    orders.submit(orders.draft(account, "90.00"))
    assert join(account, top.customer.code.lower()).status_code == 302
    client = as_role("credit_analyst")
    tree = words(client.get(f"/customers/{account.customer_id}/group/"))
    assert "Top" in tree and "410.00" in tree and "210.00" in tree
    overview = words(client.get(f"/customers/{account.customer_id}/"))
    assert "90.00 of 500.00 CNY used, 410.00 left" in overview
    assert "own limit leaves least: 210.00" in overview
    listed = client.get(f"/customers/?group={top.customer.code}")
    assert {row.pk for row in listed.context["page"].rows} == {top.customer_id, account.customer_id}
    leave = client.post(f"/customers/{account.customer_id}/group/leave/", {"reason": "sold"})
    assert leave.status_code == 302
    account.refresh_from_db()
    assert account.parent_id is None


def test_group_says_that_its_headroom_is_the_lower_one():
    top, account = credit.account("95.00", name="Top"), credit.account("300.00")
    join(account, top.customer.code)
    orders.submit(orders.draft(account, "90.00"))
    text = words(as_role("finance").get(f"/customers/{account.customer_id}/"))
    assert "Top leaves least: 5.00" in text


def test_group_converts_into_the_currency_of_its_top():
    top, account = credit.account("500.00"), credit.account("300.00", currency="USD")
    join(account, top.customer.code)
    credit.owed(account, "90.00", today(), at=timezone.now())
    url = f"/customers/{account.customer_id}/group/"
    assert "no rate" in words(as_role("finance").get(url))
    ExchangeRate.objects.create(source="USD", target="CNY", rate=2, valid_on="2020-01-01")
    text = words(as_role("finance").get(url))
    assert "no rate" not in text and "180.00" in text and "320.00" in text


@pytest.mark.parametrize(
    ("parent", "reason", "message"),
    [
        ("", "x", "required"),
        ("nobody", "x", "no customer with this code"),
        ("{own}", "x", "cannot be in a group below itself"),
        ("{other}", "", "required"),
    ],
)
def test_group_says_what_is_wrong(parent, reason, message):
    account, other = credit.account(), credit.account()
    code = parent.format(own=account.customer.code, other=other.customer.code)
    response = join(account, code, reason=reason)
    assert response.status_code == 422 and message in words(response)


def test_group_is_changed_by_credit_analysts_only():
    account, other = credit.account(), credit.account()
    assert join(account, other.customer.code, role="finance").status_code == 403
    account.refresh_from_db()
    assert account.parent_id is None


def test_group_hides_members_of_other_salespeople():
    account, seller = account_with_seller(name="Mine")
    top, foreign = credit.account(name="Top"), credit.account(name="Foreign")
    for one in (account, foreign):
        join(one, top.customer.code)
    text = words(seller.get(f"/customers/{account.customer_id}/group/"))
    assert "Top" in text and "Foreign" not in text and "1 member that you do not" in text


def test_group_choices_finds_by_code_and_name():
    credit.account(name="Harbour Group")
    client = as_role("credit_analyst")
    assert "Harbour" in words(client.get("/customers/group-choices/?parent=harb"))
    assert "option" not in words(client.get("/customers/group-choices/?parent="))


def test_expiring_lists_what_ends_soon_and_what_has_ended():
    soon, gone, late = credit.account(), credit.account("5.00"), credit.account()
    credit.limits([soon], "10.00", type="temporary", valid_until=today() + timedelta(days=30))
    credit.limits([late], "10.00", type="temporary", valid_until=today() + timedelta(days=31))
    credit.limits([gone], "20.00", valid_from=today(), valid_until=today())
    CreditLimit.objects.filter(account=gone).update(
        valid_from="2021-01-01", valid_until=today() - timedelta(days=1)
    )
    client = as_role("finance")

    def shown(query=""):
        rows = client.get(f"/expiring-limits/{query}").context["page"].rows
        return [limit.account_id for limit in rows]

    assert shown() == [soon.pk] and shown("?view=expired") == [gone.pk]
    assert shown("?q=" + soon.customer.code) == [soon.pk] and shown("?type=secured") == []
    assert client.get("/expiring-limits/?type=magic").status_code == 400


def test_expiring_export_is_safe_for_spreadsheets():
    account = credit.account(name="=HYPERLINK(1)")
    credit.limits([account], "10.00", type="temporary", valid_until=today())
    response = as_role("finance").get("/expiring-limits/export/")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    (_head, row) = csv.reader(StringIO(text))
    assert row[1] == "'=HYPERLINK(1)" and row[3] == "10.00"


def test_expiring_is_closed_to_sales():
    assert as_role("sales").get("/expiring-limits/").status_code == 403


def test_promise_is_recorded_by_the_seller_of_the_customer():
    account, seller = account_with_seller()
    url = f"/customers/{account.customer_id}/promises/new/"
    data = {"amount": "80.00", "due_on": in_days(5), "note": "by phone"}
    assert seller.post(url, data).status_code == 302
    assert Promise.objects.get().amount == Decimal("80.00")
    assert "by phone" in words(seller.get(f"/customers/{account.customer_id}/"))
    other = credit.account()
    assert seller.post(f"/customers/{other.customer_id}/promises/new/", data).status_code == 404


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"amount": "0"}, "more than 0"),
        ({"due_on": in_days(-1)}, "for today or a later day"),
        ({"due_on": ""}, "required"),
    ],
)
def test_promise_says_what_is_wrong(values, message):
    account = credit.account()
    data = {"amount": "80.00", "due_on": in_days(5)} | values
    url = f"/customers/{account.customer_id}/promises/new/"
    response = as_role("finance").post(url, data)
    assert response.status_code == 422 and message in words(response)


def test_reconciliation_shows_runs_and_differences():
    order, client = orders.released("90.00"), as_role("finance")
    assert "Nothing was compared yet" in words(client.get("/reconciliation/"))
    client.post("/reconciliation/run/")
    assert "agree" in words(client.get("/reconciliation/"))
    tamper(type(order.account), order.account_id, reserved="80.00")
    assert client.post("/reconciliation/run/").status_code == 302
    text = words(client.get("/reconciliation/"))
    assert order.customer.code in text and "-10.00" in text.replace("−", "-")
    first = ReconciliationRun.objects.earliest("pk")
    assert "Should be" not in words(client.get(f"/reconciliation/?run={first.pk}"))
    assert client.get("/reconciliation/?run=999999").status_code == 404


@pytest.mark.parametrize(
    ("role", "page", "run"),
    [("auditor", 200, 403), ("sales", 403, 403), ("administrator", 200, 302)],
)
def test_reconciliation_is_for_those_who_keep_the_books(role, page, run):
    client = as_role(role)
    assert client.get("/reconciliation/").status_code == page
    assert client.post("/reconciliation/run/").status_code == run


def filled(rows):
    """A customer in a group, with so many of everything that the sheets show."""
    top, account = credit.account("5000.00"), credit.account("1000.00")
    boss = superuser()
    lifecycle.join_group(
        account_id=account.pk, parent_id=top.pk, reason="-", by=boss, at=timezone.now()
    )
    for _ in range(rows):
        orders.submit(orders.draft(account, "9.00"))
        credit.owed(account, "5.00", today() - timedelta(days=40), at=timezone.now())
        credit.receipt(account, "1.00", received_on=today(), at=timezone.now())
        credit.limits([account], "1.00", type="temporary", valid_until=today())
        Promise.objects.create(
            account=account, amount=1, due_on=today(), made_at=timezone.now(), made_by=boss
        )
    return account


@pytest.mark.parametrize("sheet", ["", "documents/", "history/", "group/"])
def test_sheets_cost_the_same_with_one_row_and_with_many(sheet):
    client, counts = as_role("credit_analyst"), []
    for account in (filled(1), filled(6)):
        client.get(f"/customers/{account.customer_id}/{sheet}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/customers/{account.customer_id}/{sheet}").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] < 25


def test_reason_that_nobody_gave_reads_in_the_language_of_its_reader():
    buyer, client = credit.customer(), as_role("credit_analyst")
    with override("zh-hant"):
        now, by = timezone.now(), superuser()
        lifecycle.open_account(customer_id=buyer.pk, currency="CNY", by=by, at=now)
    page = f"/customers/{buyer.pk}/history/"
    assert "Opened with the account." in words(client.get(page))
    client.post("/language/", {"language": "zh-hans"})
    assert "随账户开立。" in words(client.get(page))
