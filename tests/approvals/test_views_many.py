import pytest
from django.urls import reverse

from approvals.models import ApprovalRequest
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
URL = "approvals:decide_many"


@pytest.fixture
def analyst(client):
    user = person("credit_analyst", "sales")
    client.force_login(user)
    return user


@pytest.fixture
def alike():
    return [orders.open_request(orders.failed()) for _number in range(3)]


def look(client, *asked):
    return client.get(reverse(URL), {"pk": [each.pk for each in asked]}).content.decode()


def decide(client, *asked, **values):
    seen = {f"seen_{each.pk}": each.decision_id for each in asked}
    values = {"answer": "approve", "comment": "all known"} | seen | values
    return client.post(reverse(URL), {"pk": [each.pk for each in asked]} | values)


def states(asked):
    return [ApprovalRequest.objects.get(pk=each.pk).state for each in asked]


def test_decide_many_shows_each_with_its_figures_first(client, analyst, alike):
    text = look(client, *alike)
    assert "3 requests to decide" in text
    assert text.count("Approving releases the order") == 3
    assert states(alike) == ["open"] * 3


@pytest.mark.parametrize(("answer", "state"), [("approve", "approved"), ("reject", "rejected")])
def test_decide_many_gives_one_answer_to_each(client, analyst, alike, answer, state):
    response = decide(client, *alike, answer=answer)
    assert response.status_code == 200
    assert states(alike) == [state] * 3
    kept = ApprovalRequest.objects.values_list("comment", "decided_by")
    assert set(kept) == {("all known", analyst.pk)}


@pytest.mark.parametrize("values", [{"comment": ""}, {"answer": ""}, {"answer": "return"}])
def test_decide_many_refuses_what_is_incomplete(client, analyst, alike, values):
    assert decide(client, *alike, **values).status_code == 422
    assert states(alike) == ["open"] * 3


def test_decide_many_names_what_cannot_be_taken_along_and_why(client, analyst, alike):
    other = orders.open_request(orders.failed(status="blacklisted", status_reason="fraud"))
    own = orders.open_request(orders.failed(owner=analyst))
    answered = orders.reject(orders.failed())
    text = look(client, *alike, other, own, answered)
    assert "3 requests to decide" in text
    assert "Its reasons or its route differ from the others" in text
    assert "It is about an order of your own." in text
    assert "This request is rejected already." in text


def test_decide_many_leaves_what_is_not_alike(client, analyst, alike):
    heavy = orders.open_request(orders.failed(status="blacklisted", status_reason="fraud"))
    assert decide(client, *alike, heavy).status_code == 200
    assert states([*alike, heavy]) == ["approved"] * 3 + ["open"]


def test_decide_many_reports_the_one_whose_figures_grew(client, analyst, alike):
    credit.limits([alike[1].order.account], "20.00", valid_from=NOW.date())
    text = decide(client, *alike).content.decode()
    assert states(alike) == ["approved", "open", "approved"]
    assert alike[1].order.number in text
    assert "Not decided" in text


def test_decide_many_needs_the_figures_that_were_shown(client, analyst, alike):
    decide(client, *alike, **{f"seen_{alike[0].pk}": "junk"})
    assert states(alike) == ["open", "approved", "approved"]


def test_decide_many_is_for_approvers(client, alike):
    client.force_login(person("finance"))
    assert decide(client, *alike).status_code == 403


@pytest.mark.parametrize("pk", ["x", "", "9" * 30, "²"])
def test_decide_many_overlooks_what_is_no_request(client, analyst, pk):
    assert "No request is chosen" in client.get(reverse(URL), {"pk": pk}).content.decode()


def test_decide_many_costs_the_same_however_many(
    client, analyst, alike, django_assert_max_num_queries
):
    look(client, *alike)
    with django_assert_max_num_queries(25) as few:
        look(client, alike[0])
    with django_assert_max_num_queries(len(few)):
        look(client, *alike)
