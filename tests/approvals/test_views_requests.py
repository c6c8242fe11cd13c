from decimal import Decimal

import pytest
from django.urls import reverse

from approvals.enums import RequestState
from approvals.models import ApprovalRequest
from credit.models import CreditAccount
from orders.enums import OrderState
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    return orders.open_request(orders.failed("90.00", limit="50.00"))


@pytest.fixture
def analyst(client):
    user = person("credit_analyst")
    client.force_login(user)
    return user


def answer(client, asked, **values):
    values = {
        "answer": "approve",
        "comment": "known for years",
        "seen_decision": asked.decision_id,
    } | values
    return client.post(reverse("approvals:decide", args=[asked.pk]), values)


def test_detail_says_why_in_a_sentence_with_its_arithmetic(client, analyst, asked):
    page = client.get(reverse("approvals:detail", args=[asked.pk]))
    assert "Used 0.00 + this order 90.00 = 90.00 CNY, 40.00 over the limit of 50.00." in (
        page.content.decode()
    )


def test_approve_releases_the_order_and_reserves(client, analyst, asked):
    assert answer(client, asked).status_code == 302
    asked = ApprovalRequest.objects.select_related("order").get(pk=asked.pk)
    assert (asked.state, asked.order.state) == (RequestState.APPROVED, OrderState.APPROVED)
    assert CreditAccount.objects.get(pk=asked.order.account_id).reserved == Decimal("90.00")


def test_reject_ends_the_order(client, analyst, asked):
    answer(client, asked, answer="reject")
    asked = ApprovalRequest.objects.select_related("order").get(pk=asked.pk)
    assert (asked.state, asked.order.state) == (RequestState.REJECTED, OrderState.REJECTED)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"comment": ""}, "Write a comment"),
        ({"comment": "   "}, "Write a comment"),
        ({"comment": "x" * 2001}, "at most 2000 characters"),
        ({"answer": ""}, "Choose whether to release, return or reject"),
        ({"answer": "burn"}, "Select a valid choice"),
        ({"seen_decision": ""}, "This field is required"),
        ({"seen_decision": "x"}, "Enter a whole number"),
    ],
)
def test_decide_refuses_what_is_incomplete(client, analyst, asked, values, message):
    response = answer(client, asked, **values)
    assert response.status_code == 422
    assert message in response.content.decode()
    assert ApprovalRequest.objects.get(pk=asked.pk).state == RequestState.OPEN


def test_decide_refuses_a_second_answer_and_says_so(client, analyst, asked):
    answer(client, asked)
    response = answer(client, asked, answer="reject")
    assert response.status_code == 409
    assert "This request is approved already." in response.content.decode()


def test_decide_shows_new_figures_before_releasing_over_them(client, analyst, asked):
    credit.limits([asked.order.account], "20.00", valid_from=NOW.date())
    response = answer(client, asked)
    assert response.status_code == 409
    assert "70.00 over the limit of 20.00" in response.content.decode()
    assert "known for years" in response.content.decode()
    asked.refresh_from_db(fields=["decision"])
    assert answer(client, asked).status_code == 302


def test_decide_is_refused_to_the_submitter(client, asked):
    client.force_login(asked.requested_by)
    assert answer(client, asked).status_code == 403
    assert ApprovalRequest.objects.get(pk=asked.pk).state == RequestState.OPEN


def test_decide_is_refused_to_an_approver_whose_own_order_it_is(client):
    owner = person("sales", "credit_analyst")
    own = orders.open_request(orders.failed(owner=owner))
    client.force_login(owner)
    assert answer(client, own).status_code == 403


def test_detail_hides_requests_about_other_peoples_customers(client, asked):
    client.force_login(person("sales"))
    assert client.get(reverse("approvals:detail", args=[asked.pk])).status_code in (403, 404)


def test_list_costs_the_same_however_many_wait(client, analyst, django_assert_max_num_queries):
    url = reverse("approvals:list")
    client.get(url)
    orders.failed()
    with django_assert_max_num_queries(24) as one:
        client.get(url)
    for _number in range(5):
        orders.failed()
    with django_assert_max_num_queries(len(one)):
        client.get(url)


def test_list_finds_by_customer_name(client, analyst):
    orders.failed(name="Müller & Söhne")
    orders.failed(name="上海锦程贸易")
    page = client.get(reverse("approvals:list"), {"q": "锦程"}).content.decode()
    assert "上海锦程贸易" in page
    assert "Müller" not in page


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WzFd", "WyJ4IiwgMV0", "W1tdLCAxXQ"])
def test_list_refuses_a_broken_address(client, analyst, cursor):
    assert client.get(reverse("approvals:list"), {"after": cursor}).status_code == 400
