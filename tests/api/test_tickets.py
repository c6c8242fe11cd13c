import pytest

from exceptions.models import Ticket
from staff.api.scopes import Scope
from tests.factories import orders, tickets
from tests.factories.api import Caller, caller
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
RECORD = {
    "outcome": "solved",
    "cause": "carrier_delay",
    "action": "called the carrier",
    "result": "picked up",
}


@pytest.fixture
def worker():
    return Caller(user=tickets.worker())


def do(by, ticket, verb, body=None, **more):
    return by.post(f"tickets/{ticket.pk}/{verb}/", body, **more)


def test_ticket_goes_from_queue_to_closed_and_back(worker):
    ticket = tickets.found()
    [row] = worker.get("tickets/").json()["results"]
    assert (row["id"], row["state"], row["department"]["code"]) == (ticket.pk, "open", "warehouse")
    assert do(worker, ticket, "assign").json()["state"] == "assigned"
    assert do(worker, ticket, "start").json()["state"] == "in_progress"
    assert do(worker, ticket, "comments", {"text": "on its way"}).status_code == 201
    closed = do(worker, ticket, "close", RECORD).json()
    assert (closed["state"], closed["cause"]["code"]) == ("closed", "carrier_delay")
    assert closed["actions"] == ["comment", "reopen", "mark_wrong"]
    assert do(worker, ticket, "mark-wrong", {"reason": "stocktaking"}).json()["wrong_reason"]
    assert do(worker, ticket, "reopen", {"reason": "too early"}).json()["state"] == "open"


def test_ticket_tells_what_its_rule_saw_and_what_happened(worker):
    ticket = tickets.found()
    do(worker, ticket, "assign")
    told = worker.get(f"tickets/{ticket.pk}/").json()
    assert told["seen"][0]["text"]
    assert [event["title"] for event in told["timeline"]] == ["Ticket assigned", "Ticket opened"]
    assert told["order"]["customer"]["id"] == ticket.order.customer_id


def test_ticket_is_opened_about_an_order():
    order, service = orders.released(), Caller(user=person("customer_service"))
    body = {"order": order.pk, "summary": "two boxes are missing", "department": "warehouse"}
    made = service.post("tickets/", body)
    assert (made.status_code, made.json()["title"]) == (201, "two boxes are missing")
    wrong = service.post("tickets/", body | {"department": "nowhere"})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["department"])
    assert Ticket.objects.count() == 1


def test_ticket_is_given_to_somebody_of_its_department(worker):
    ticket, other = tickets.found(), tickets.worker()
    people = worker.get(f"tickets/{ticket.pk}/assignees/").json()["results"]
    assert other.pk in [one["id"] for one in people]
    given = do(worker, ticket, "assign", {"assignee": other.pk}).json()
    assert given["assignee"]["id"] == other.pk
    refused = do(worker, ticket, "assign", {"assignee": person("sales").pk})
    assert (refused.status_code, refused.json()["code"]) == (422, "ticket_refused")


def test_several_tickets_are_taken_at_once(worker):
    ids = [tickets.found().pk, tickets.closed().pk]
    taken = worker.post("tickets/take/", {"tickets": ids}).json()["results"]
    assert [(one["id"], bool(one["problem"])) for one in taken] == [(ids[0], False), (ids[1], True)]


def test_ticket_of_another_department_is_left_alone():
    ticket = tickets.found()
    other = Caller(user=tickets.worker("finance"))
    assert do(other, ticket, "assign").status_code == 403
    assert Ticket.objects.get(pk=ticket.pk).state == "open"


@pytest.mark.parametrize("role", ["auditor", "sales", "approver_1"])
def test_who_does_not_work_on_tickets_closes_none(role):
    ticket = tickets.found()
    assert do(Caller(user=person(role)), ticket, "close", RECORD).status_code == 403
    assert Ticket.objects.get(pk=ticket.pk).state == "open"


def test_closing_record_that_lacks_something_names_it(worker):
    ticket = tickets.found()
    for lacking, body in (
        ("cause", RECORD | {"cause": "unheard_of"}),
        ("reason", RECORD | {"outcome": "false_positive"}),
        ("result", {name: text for name, text in RECORD.items() if name != "result"}),
    ):
        refused = do(worker, ticket, "close", body)
        assert (refused.status_code, list(refused.json()["errors"])) == (422, [lacking])


def test_closed_ticket_is_not_started(worker):
    refused = do(worker, tickets.closed(), "start")
    assert (refused.status_code, refused.json()["code"]) == (409, "ticket_wrong_state")


def test_system_works_on_tickets_in_the_name_of_its_key():
    ticket, desk = tickets.found(), caller(Scope.TICKETS)
    assert do(desk, ticket, "assign").json()["assignee"]["name"][:6] == "System"
    assert do(desk, ticket, "close", RECORD).json()["state"] == "closed"
    assert do(caller(Scope.ORDERS), ticket, "reopen", {"reason": "-"}).status_code == 403


def test_tickets_of_others_are_not_there():
    ticket, seller = tickets.found(), Caller(user=person("sales"))
    assert seller.get(f"tickets/{ticket.pk}/").status_code == 404
    assert seller.get("tickets/", view="open").json()["results"] == []


def test_list_asks_the_same_queries_for_many(worker, django_assert_max_num_queries):
    for _number in range(5):
        tickets.by_hand()
    with django_assert_max_num_queries(9):
        assert len(worker.get("tickets/").json()["results"]) == 5


@pytest.mark.parametrize("query", [{"view": "lost"}, {"assignee": "x"}, {"rule": "one"}])
def test_filter_that_is_not_understood_is_named(worker, query):
    refused = worker.get("tickets/", **query)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, list(query))


def test_causes_are_listed_for_closing(worker):
    codes = [cause["code"] for cause in worker.get("causes/").json()["results"]]
    assert "carrier_delay" in codes and codes == sorted(codes)
