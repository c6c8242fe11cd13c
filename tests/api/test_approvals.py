import pytest

from approvals.models import ApprovalRequest
from staff.api.scopes import Scope
from tests.factories import credit, limit_changes, orders
from tests.factories.api import Caller, caller
from tests.factories.routes import again, level
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return Caller(user=person("credit_analyst", "approver_1"))


def waiting(**values):
    return orders.open_request(orders.failed(**values))


def answer(by, asked, answer="approve", **values):
    seen = by.get(f"approvals/{asked.pk}/").json()["seen"]
    body = {"answer": answer, "comment": "known for years", "seen": seen} | values
    return by.post(f"approvals/{asked.pk}/answer/", body)


def test_request_shows_what_an_approver_decides_by(analyst):
    asked = waiting()
    told = analyst.get(f"approvals/{asked.pk}/").json()
    assert (told["about"], told["order"]["id"], told["excess"]) == (
        "order",
        asked.order_id,
        "40.00",
    )
    assert next(check["code"] for check in told["checks"]) == "limit"
    assert told["credit"]["account"]["headroom"] == "50.00"
    assert (told["actions"], told["effect"][:17]) == (["answer", "ask"], "Approving release")
    assert told["route"][0]["places"][0]["state"] == "asked"


def test_list_shows_what_waits_for_the_caller_and_what_was_answered(analyst):
    asked, other = waiting(), waiting()
    answer(analyst, other, "reject")
    [mine] = analyst.get("approvals/").json()["results"]
    assert (mine["id"], mine["amount"], mine["standing"]) == (asked.pk, "90.00", "breached")
    [done] = analyst.get("approvals/", view="decided").json()["results"]
    assert (done["id"], done["state"]) == (other.pk, "rejected")
    assert analyst.get("approvals/", view="open", order=other.order_id).json()["results"] == []


def test_list_asks_the_same_queries_for_many(analyst, django_assert_max_num_queries):
    for _number in range(6):
        waiting()
    analyst.get("approvals/")
    with django_assert_max_num_queries(14):
        assert len(analyst.get("approvals/").json()["results"]) == 6


def test_approval_releases_the_order_under_its_conditions(analyst):
    asked = waiting()
    conditions = [
        {"kind": "prepay_percent", "percent": "30"},
        {"kind": "guarantee", "text": "letter"},
    ]
    told = answer(analyst, asked, conditions=conditions).json()
    assert (told["state"], told["order"]["id"]) == ("approved", asked.order_id)
    assert [condition["kind"] for condition in told["conditions"]] == [
        "prepay_percent",
        "guarantee",
    ]


@pytest.mark.parametrize(("verdict", "state"), [("return", "returned"), ("reject", "rejected")])
def test_request_is_returned_or_rejected(analyst, verdict, state):
    assert answer(analyst, waiting(), verdict).json()["state"] == state


def test_answer_to_figures_that_were_not_read_is_refused(analyst):
    asked = waiting()
    refused = answer(analyst, asked, seen=1)
    assert (refused.status_code, refused.json()["code"]) == (412, "version_changed")
    assert again(asked).state == "open"


def test_request_that_is_answered_is_not_answered_again(analyst):
    asked = waiting()
    answer(analyst, asked)
    refused = answer(analyst, asked, "reject")
    assert (refused.status_code, refused.json()["code"]) == (409, "request_refused")
    assert again(asked).state == "approved"


@pytest.mark.parametrize(
    "body", [{}, {"answer": "approve", "seen": 1}, {"answer": "maybe", "comment": "x", "seen": 1}]
)
def test_answer_without_what_it_needs_names_the_fields(analyst, body):
    refused = analyst.post(f"approvals/{waiting().pk}/answer/", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_condition_that_makes_no_sense_is_refused(analyst):
    asked = waiting()
    refused = answer(analyst, asked, conditions=[{"kind": "prepay_percent", "days": 3}])
    assert refused.status_code == 422
    assert again(asked).state == "open"


def test_nobody_answers_a_request_of_their_own():
    own = person("sales", "credit_analyst", "approver_1")
    asked = waiting(owner=own)
    seller = Caller(user=own)
    assert seller.get(f"approvals/{asked.pk}/").json()["actions"] == []
    refused = answer(seller, asked)
    assert (refused.status_code, again(asked).state) == (403, "open")


@pytest.mark.parametrize("role", ["sales_manager", "auditor", "administrator"])
def test_who_does_not_decide_answers_nothing(role):
    asked = waiting()
    assert answer(Caller(user=person(role)), asked).status_code == 403
    assert again(asked).state == "open"


def test_key_reads_requests_and_answers_none():
    asked, system = waiting(), caller(*Scope.values)
    assert answer(system, asked).status_code == 403
    assert system.post("approvals/decide/", {}).status_code == 403
    assert again(asked).state == "open"


def test_requests_of_others_are_not_there():
    asked, seller = waiting(), Caller(user=person("sales"))
    assert seller.get(f"approvals/{asked.pk}/").status_code == 404
    assert seller.get("approvals/").json()["results"] == []
    assert seller.post(f"approvals/{asked.pk}/reply/", {"text": "hello"}).status_code == 404


def test_question_is_asked_and_replied_to(analyst):
    asked = waiting()
    question = analyst.post(f"approvals/{asked.pk}/ask/", {"text": "When will they pay?"})
    assert (question.status_code, question.json()["to"]["id"]) == (201, asked.order_owner_id)
    seller = Caller(user=asked.order_owner)
    assert "reply" in seller.get(f"approvals/{asked.pk}/").json()["actions"]
    assert seller.post(f"approvals/{asked.pk}/reply/", {"text": "Friday"}).status_code == 201
    thread = analyst.get(f"approvals/{asked.pk}/").json()["thread"]
    assert [said["text"] for said in thread] == ["When will they pay?", "Friday"]


def test_several_are_looked_at_and_decided_together(analyst):
    alike = [waiting() for _number in range(2)]
    done = waiting()
    answer(analyst, done, "reject")
    ids = [each.pk for each in (*alike, done)]
    picks = analyst.post("approvals/preview/", {"requests": ids}, once="").json()["results"]
    assert [bool(pick["problem"]) for pick in picks] == [False, False, True]
    chosen = [{"id": pick["id"], "seen": pick["seen"]} for pick in picks]
    body = {"requests": chosen, "answer": "approve", "comment": "all known"}
    told = analyst.post("approvals/decide/", body).json()["results"]
    assert [one["state"] for one in told] == ["approved", "approved", "rejected"]
    assert told[2]["problem"]


def test_limit_is_asked_for_approved_by_somebody_else_and_withdrawn():
    limit_changes.routed(level("approver_1"))
    account = credit.account("100.00")
    seller = Caller(user=account.customer.owner)
    body = {"customer": account.customer.code, "amount": "250.00", "justification": "grown"}
    foretold = seller.post("limit-requests/preview/", body, once="").json()
    assert (foretold["before"], foretold["resulting"], foretold["raise"]) == (
        "100.00", "250.00", True,
    )  # fmt: skip
    made = seller.post("limit-requests/", body)
    assert (made.status_code, made.json()["limit_change"]["amount"]) == (201, "250.00")
    again_asked = seller.post("limit-requests/", body)
    assert (again_asked.status_code, again_asked.json()["code"]) == (409, "request_refused")
    approver = Caller(user=person("approver_1"))
    done = answer(approver, ApprovalRequest.objects.get()).json()
    assert (done["state"], done["limit_change"]["granted"] is None) == ("approved", False)


def test_requested_limit_is_withdrawn_by_whoever_asked():
    limit_changes.routed(level("approver_1"))
    account = credit.account("100.00")
    asked = limit_changes.requested(account, by=account.customer.owner)
    path, why = f"approvals/{asked.pk}/withdraw/", {"reason": "not needed"}
    assert Caller(user=person("finance")).post(path, why).status_code == 403
    assert Caller(user=account.customer.owner).post(path, why).json()["state"] == "withdrawn"


def test_limit_of_somebody_elses_customer_is_not_asked_for():
    account = credit.account("100.00")
    body = {"customer": account.customer.code, "amount": "250.00", "justification": "grown"}
    refused = Caller(user=person("sales")).post("limit-requests/", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["customer"])
    assert not ApprovalRequest.objects.exists()
