from datetime import timedelta

import pytest
from django.utils import timezone

from approvals.models import ApprovalRequest
from staff import keyset
from tests.factories import credit, orders
from tests.factories.limit_changes import requested, routed
from tests.factories.routes import again, answer, level
from tests.factories.staff import person
from tests.orders.pages import as_role, client_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _route():
    routed(level("approver_1"))
    person("approver_1")


@pytest.fixture
def account():
    return credit.account("100.00")


def today():
    return timezone.localdate(timezone.now(), timezone.get_default_timezone())


def ask(client, account, **values):
    data = {"type": "temporary", "amount": "50.00", "valid_from": today().isoformat()}
    data |= {"valid_until": (today() + timedelta(10)).isoformat(), "reason": "season"}
    data["seen"] = str(account.limits.latest("pk").pk)
    return client.post(f"/customers/{account.customer_id}/limit/request/", data | values)


def decide(client, request, choice="approve", **values):
    data = {"answer": choice, "comment": "sound", "seen_decision": request.round}
    return client.post(f"/approvals/{request.pk}/decide/", data | values)


def page(client, request):
    return client.get(f"/approvals/{request.pk}/")


def test_request_is_made_and_told_on_the_page_of_the_customer(account):
    client = as_role("credit_analyst")
    assert ask(client, account).status_code == 302
    request = ApprovalRequest.objects.get()
    assert (request.limit_change.amount, request.limit_change.justification) == (50, "season")
    part = client.get(f"/customers/{account.customer_id}/limit/requests/", HTTP_HX_REQUEST="true")
    assert "50.00" in words(part)
    form = client.get(f"/customers/{account.customer_id}/limit/request/")
    assert "waits for approval already" in words(form)


def test_request_shows_what_it_comes_to_before(account):
    response = ask(as_role("finance"), account, preview="1")
    assert response.status_code == 200 and "150.00" in words(response)
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"amount": ""}, "Write the amount"),
        ({"reason": ""}, "required"),
        ({"valid_until": ""}, "Choose the last day"),
        ({"type": "base", "kind": "group"}, "belongs to no group"),
        ({"seen": "0"}, "Somebody changed this limit"),
    ],
)
def test_request_says_what_is_wrong(account, values, message):
    response = ask(as_role("sales_manager"), account, **values)
    assert response.status_code == 422 and message in words(response)
    assert not ApprovalRequest.objects.exists()


@pytest.mark.parametrize("role", ["approver_1", "auditor", "warehouse", "administrator"])
def test_request_is_for_those_who_look_after_customers(account, role):
    assert ask(as_role(role), account).status_code == 403


def test_request_for_a_customer_of_others_is_not_found(account):
    assert ask(as_role("sales"), account).status_code == 404
    assert ask(client_of(account.customer.owner), account).status_code == 302


def test_page_says_what_is_asked_and_approving_grants(account):
    request, client = requested(account, at=timezone.now()), as_role("approver_1")
    shown = words(page(client, request))
    assert "grown" in shown and "Approve change" in shown and "200.00" in shown
    assert decide(client, request).status_code == 302
    assert again(request).state == "approved"
    assert account.limits.latest("pk").amount == 200
    assert "The limit counts from" in words(page(client, request))


@pytest.mark.parametrize(("choice", "state"), [("reject", "rejected"), ("return", "returned")])
def test_page_takes_other_answers(account, choice, state):
    request = requested(account, at=timezone.now())
    decide(as_role("approver_1"), request, choice)
    assert again(request).state == state
    assert account.limits.count() == 1


def test_page_wants_a_comment_and_an_answer(account):
    request, client = requested(account, at=timezone.now()), as_role("approver_1")
    for values in ({"comment": ""}, {"choice": "conditions"}, {"seen_decision": "9"}):
        assert decide(client, request, **values).status_code in (409, 422)
    assert again(request).state == "open"


def test_requester_reads_and_withdraws_but_never_decides(account):
    analyst = person("credit_analyst")
    request, client = requested(account, by=analyst, at=timezone.now()), client_of(analyst)
    assert "Your decision" not in words(page(client, request))
    assert decide(client, request).status_code == 403
    client.post(f"/approvals/{request.pk}/withdraw/", {"reason": ""})
    assert again(request).state == "open"
    client.post(f"/approvals/{request.pk}/withdraw/", {"reason": "no need"})
    assert again(request).state == "withdrawn"


def test_withdraw_is_for_whoever_requested_it(account):
    request, client = requested(account, at=timezone.now()), as_role("credit_analyst")
    values = {"reason": "x"}
    assert client.post(f"/approvals/{request.pk}/withdraw/", values).status_code == 403


@pytest.mark.parametrize("view", ["mine", "open", "decided", "lapsed"])
def test_lists_show_changes_of_limits_beside_orders(account, view):
    request, client = requested(account, at=timezone.now()), as_role("approver_1")
    shown = words(client.get(f"/approvals/?view={view}"))
    assert (f"Limit change {request.pk}" in shown) == (view in ("mine", "open"))
    assert "decide it by itself" in words(client.get(f"/approvals/decide/?pk={request.pk}"))
    assert f"Limit change {request.pk}" in words(client.get("/"))


def test_list_finds_changes_of_limits_by_customer(account):
    request, client = requested(account, at=timezone.now()), as_role("approver_1")
    for query, there in ((account.customer.code, True), ("nobody", False)):
        shown = words(client.get(f"/approvals/?view=open&q={query}"))
        assert (f"Limit change {request.pk}" in shown) == there


def test_history_names_requester_approver_and_request(account):
    analyst, approver = person("credit_analyst"), person("approver_1")
    request = requested(account, by=analyst)
    answer(request, by=approver, seen_decision_id=1)
    shown = as_role("auditor").get(f"/customers/{account.customer_id}/history/")
    assert f"requested by {analyst}" in words(shown) and str(approver) in words(shown)
    assert f"/approvals/{request.pk}/" in shown.content.decode()


def test_question_and_reply_about_a_limit(account):
    analyst, approver = person("credit_analyst"), person("approver_1")
    request = requested(account, by=analyst, at=timezone.now())
    asked = {"to": analyst.pk, "text": "Why so much?"}
    client = client_of(approver)
    assert client.post(f"/approvals/{request.pk}/ask/", asked).status_code == 302
    replied = client_of(analyst).post(f"/approvals/{request.pk}/reply/", {"text": "New shop"})
    assert replied.status_code == 302
    assert "New shop" in words(page(client, request))


@pytest.mark.parametrize("sort", ["amount", "-amount", "excess", "-excess", "due", "since"])
def test_list_sorts_changes_of_limits_among_orders(account, sort, monkeypatch):
    monkeypatch.setitem(keyset.page.__kwdefaults__, "size", 1)
    orders.failed("90.00", limit="50.00")
    request, client = requested(account, at=timezone.now()), as_role("approver_1")
    first = client.get(f"/approvals/?view=open&sort={sort}")
    rows = list(first.context["rows"])
    if older := first.context["page"].older:
        rows += client.get(f"/approvals/{older}").context["rows"]
    assert request in rows and len(rows) == 2
