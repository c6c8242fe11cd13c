import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, connection, transaction

from exceptions.detect import scan
from exceptions.models import Cause, Ticket
from exceptions.process import lifecycle
from exceptions.process.actions import available_actions
from exceptions.process.enums import CauseCategory, TicketState
from exceptions.process.errors import RecordIncomplete, TicketError, WrongState
from journal.models import Entry
from staff.inbox.models import Notice
from tests.factories import tickets
from tests.factories.moments import HOUR, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import department, person

pytestmark = pytest.mark.django_db

VERBS = {
    "assign": lambda t, by: lifecycle.assign(ticket_id=t, assignee_id=by.pk, by=by, at=NOW),
    "start": lambda t, by: lifecycle.start(ticket_id=t, by=by, at=NOW),
    "comment": lambda t, by: lifecycle.comment(ticket_id=t, text="hello", by=by, at=NOW),
    "close": lambda t, by: lifecycle.close(ticket_id=t, closing=tickets.record(), by=by, at=NOW),
    "reopen": lambda t, by: lifecycle.reopen(ticket_id=t, reason="again", by=by, at=NOW),
    "mark_wrong": lambda t, by: lifecycle.mark_wrong(ticket_id=t, reason="no", by=by, at=NOW),
}
# From where each verb goes on; a comment is welcome anywhere.
STATES = {
    "assign": {"open", "assigned", "in_progress"},
    "start": {"assigned"},
    "close": {"open", "assigned", "in_progress"},
    "reopen": {"closed"},
    "mark_wrong": {"closed"},
}
READY = {
    "assign": tickets.found,
    "start": tickets.assigned,
    "comment": tickets.found,
    "close": tickets.started,
    "reopen": tickets.closed,
    "mark_wrong": tickets.closed,
}


def journal(ticket):
    entries = Entry.objects.about(ticket).reverse()
    return [(e.action.partition(".")[2], e.from_state, e.to_state, e.by) for e in entries]


def rows():
    return list(Ticket.objects.values()), Entry.objects.count()


def test_assign_gives_the_ticket_to_its_taker():
    by = tickets.worker()
    ticket = tickets.assigned(by)
    assert (ticket.state, ticket.assignee, ticket.first_response_at) == ("assigned", by, NOW)
    assert journal(ticket)[1:] == [("assigned", "open", "assigned", by)]


def test_assign_to_a_colleague_is_no_response_yet():
    ticket, by, other = tickets.found(), tickets.worker(), tickets.worker()
    ticket = lifecycle.assign(ticket_id=ticket.pk, assignee_id=other.pk, by=by, at=NOW)
    assert (ticket.assignee, ticket.first_response_at) == (other, None)


def test_assign_keeps_the_state_of_a_ticket_in_progress():
    ticket, other = tickets.started(), tickets.worker()
    ticket = lifecycle.assign(ticket_id=ticket.pk, assignee_id=other.pk, by=other, at=NOW)
    assert (ticket.state, ticket.assignee) == ("in_progress", other)


@pytest.mark.parametrize("code", ["finance", "auditor"])
def test_assign_refuses_people_who_cannot_work_on_it(code):
    ticket, other = tickets.found(), person(code, department=department("finance"))
    with pytest.raises(TicketError, match="does not work on tickets"):
        lifecycle.assign(ticket_id=ticket.pk, assignee_id=other.pk, by=tickets.worker(), at=NOW)


def test_start_is_for_the_assignee():
    ticket = tickets.assigned()
    with pytest.raises(TicketError, match="Take it first"):
        lifecycle.start(ticket_id=ticket.pk, by=tickets.worker(), at=NOW)
    started = lifecycle.start(ticket_id=ticket.pk, by=ticket.assignee, at=NOW)
    assert journal(started)[2:] == [("started", "assigned", "in_progress", ticket.assignee)]


def test_comment_by_another_department_is_no_response():
    ticket = tickets.found()
    lifecycle.comment(ticket_id=ticket.pk, text=" hi ", by=tickets.worker("finance"), at=NOW)
    assert ticket.comments.get().text == "hi"
    assert Ticket.objects.get().first_response_at is None


def test_close_keeps_the_whole_record():
    by = tickets.worker()
    ticket = tickets.close(tickets.found(), by=by)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.state, ticket.closed_by, ticket.closed_at) == ("closed", by, NOW + HOUR)
    assert (ticket.outcome, ticket.cause.code) == ("solved", "carrier_delay")
    assert journal(ticket)[1:] == [("closed", "open", "closed", by)]


@pytest.mark.parametrize(
    "missing, values",
    [
        ("outcome", {"outcome": ""}),
        ("cause", {"cause_id": 0}),
        ("action", {"action": "  "}),
        ("result", {"result": ""}),
        ("reason", {"outcome": "false_positive", "reason": " "}),
    ],
)
def test_close_needs_the_whole_record(missing, values):
    ticket = tickets.found()
    before = rows()
    with pytest.raises(RecordIncomplete) as refused:
        tickets.close(ticket, **values)
    assert refused.value.missing == missing
    assert rows() == before


def test_close_as_false_positive_keeps_the_reason():
    ticket = tickets.close(tickets.found(), outcome="false_positive", reason="counted twice")
    assert ticket.reason == "counted twice"
    assert tickets.close(tickets.found(), reason="not asked for").reason == ""


def test_reopen_empties_the_record_and_journals_it():
    ticket, by = tickets.closed(), tickets.worker()
    ticket = lifecycle.reopen(ticket_id=ticket.pk, reason="it came back", by=by, at=NOW)
    assert (ticket.state, ticket.assignee, ticket.outcome) == ("open", None, "")
    entry = Entry.objects.about(ticket).filter(action="ticket.reopened").get()
    assert entry.reason == "it came back"
    assert entry.data["before"]["result"] == "picked up"


def marked(ticket=None, reason="paid in cash", by=None):
    return lifecycle.mark_wrong(
        ticket_id=(ticket or tickets.closed()).pk,
        reason=reason,
        by=by or tickets.worker(),
        at=NOW + 2 * HOUR,
    )


def test_mark_wrong_keeps_the_record_and_says_why():
    by, ticket = tickets.worker(), tickets.closed()
    marked(ticket, by=by)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.state, ticket.outcome, ticket.was_wrong) == ("closed", "solved", True)
    assert (ticket.wrong_by, ticket.wrong_reason) == (by, "paid in cash")
    assert ticket.wrong_at == NOW + 2 * HOUR
    assert journal(ticket)[2:] == [("wrongly_raised", "closed", "closed", by)]


def test_mark_wrong_needs_a_reason():
    with pytest.raises(TicketError, match="Say why"):
        marked(reason=" ")


def test_mark_wrong_refuses_what_says_so_already():
    false = tickets.close(tickets.found(), outcome="false_positive", reason="counted twice")
    for ticket in (marked(), false):
        with pytest.raises(TicketError, match="marked as wrong already"):
            marked(ticket)


def test_wrong_tickets_are_those_marked_and_the_false_positives():
    false = tickets.close(tickets.found(), outcome="false_positive", reason="counted twice")
    wrong = marked()
    tickets.closed(), tickets.found()
    assert set(Ticket.objects.wrong()) == {false, wrong}


def test_reopen_takes_the_mark_back():
    ticket = marked()
    ticket = lifecycle.reopen(ticket_id=ticket.pk, reason="it was", by=tickets.worker(), at=NOW)
    assert (ticket.wrong_at, ticket.wrong_by, ticket.wrong_reason) == (None, None, "")
    entry = Entry.objects.about(ticket).filter(action="ticket.reopened").get()
    assert entry.data["before"]["wrong_reason"] == "paid in cash"


def test_reopen_refuses_while_a_newer_one_is_open():
    ticket = tickets.closed()
    Ticket.objects.filter(pk=ticket.pk).update(cleared_at=NOW)
    scan.run(NOW + 2 * HOUR)
    with pytest.raises(TicketError, match="open about the same"):
        lifecycle.reopen(ticket_id=ticket.pk, reason="again", by=tickets.worker(), at=NOW)


def test_open_by_hand_opens_for_a_department():
    by = person("customer_service")
    ticket = tickets.by_hand(by=by)
    assert (ticket.rule, ticket.opened_by, ticket.title) == (None, by, ticket.summary)
    assert journal(ticket) == [("opened", "", "open", by)]


def test_open_by_hand_tells_those_who_work_for_the_department():
    here, closed = {"department": department()}, {"department": department(), "is_active": False}
    worker, by = person("warehouse", **here), person("customer_service", **here)
    person("sales", **here), person("warehouse"), person("warehouse", **closed)
    ticket = tickets.by_hand(by=by)
    notice = Notice.objects.get()
    assert (notice.to, notice.path) == (worker, f"/tickets/{ticket.pk}/")
    assert ticket.number in notice.subject
    assert ticket.summary in notice.text
    assert ticket.order.number in notice.text


@pytest.mark.parametrize("code", ["sales", "auditor", "approver_1"])
def test_open_by_hand_needs_the_right_to_work_on_tickets(code):
    with pytest.raises(PermissionDenied):
        tickets.by_hand(by=person(code))


@pytest.mark.parametrize(
    "verb, state",
    [(v, s) for v, allowed in STATES.items() for s in TicketState.values if s not in allowed],
)
def test_verb_refuses_in_the_wrong_state(verb, state):
    ticket = tickets.ticket_in(state)
    before = rows()
    with pytest.raises(WrongState, match=ticket.number):
        VERBS[verb](ticket.pk, ticket.assignee or tickets.worker())
    assert rows() == before


@pytest.mark.parametrize("verb", VERBS)
def test_verb_refuses_whoever_has_no_right(verb):
    ticket = READY[verb]()
    before = rows()
    for user in (person("sales"), person("auditor", department=department())):
        with pytest.raises(PermissionDenied):
            VERBS[verb](ticket.pk, user)
    assert rows() == before


@pytest.mark.parametrize("verb", ["assign", "start", "close", "reopen", "mark_wrong"])
def test_verb_refuses_other_departments(verb):
    ticket = READY[verb]()
    with pytest.raises(PermissionDenied):
        VERBS[verb](ticket.pk, tickets.worker("finance"))


@pytest.mark.parametrize("verb", VERBS)
def test_verb_changes_nothing_when_the_journal_cannot_be_written(verb):
    ticket = READY[verb]()
    before = rows()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        VERBS[verb](ticket.pk, ticket.assignee or tickets.worker())
    assert rows() == before


@pytest.mark.parametrize("state", TicketState.values)
def test_available_actions_are_those_that_work(state):
    ticket = tickets.ticket_in(state)
    by = ticket.assignee or tickets.worker()
    offered = available_actions(by, ticket)
    for verb, states in STATES.items():
        code = "take" if verb == "assign" and ticket.assignee != by else verb
        assert (code in offered) == (state in states), verb


def test_sales_see_tickets_of_their_own_orders_only():
    ticket = tickets.found()
    own, other = ticket.order.owner, person("sales")
    assert list(Ticket.objects.for_user(own)) == [ticket]
    assert not Ticket.objects.for_user(other).exists()
    assert available_actions(own, ticket) == []


def test_mine_open_is_own_and_unclaimed_of_the_department():
    unclaimed, by = tickets.found(), tickets.worker()
    mine, _others = tickets.assigned(by), tickets.assigned()
    assert set(Ticket.objects.mine_open(by)) == {unclaimed, mine}
    assert not Ticket.objects.mine_open(tickets.worker("finance")).exists()
    assert not Ticket.objects.mine_open(person("sales")).exists()


@pytest.mark.parametrize("hours, at_risk, late", [(1.4, 0, 0), (1.5, 1, 0), (2.1, 1, 1)])
def test_at_risk_begins_with_the_last_quarter(hours, at_risk, late):
    tickets.found()
    at = NOW + hours * HOUR
    assert Ticket.objects.at_risk(at).count() == at_risk
    assert Ticket.objects.breached(at).count() == late


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_database_refuses_a_close_without_record():
    ticket = tickets.found()
    with pytest.raises(IntegrityError, match="ticket_closing_record_is_whole"):
        sql("UPDATE exceptions_ticket SET state = 'closed' WHERE id = %s", ticket.pk)


def test_database_refuses_a_false_positive_without_reason():
    ticket = tickets.closed()
    with pytest.raises(IntegrityError, match="ticket_closing_record_is_whole"):
        sql("UPDATE exceptions_ticket SET outcome = 'false_positive' WHERE id = %s", ticket.pk)


def test_database_refuses_a_step_that_the_diagram_lacks():
    ticket = tickets.found()
    with pytest.raises(ProgrammingError, match="Invalid transition"):
        sql("UPDATE exceptions_ticket SET state = 'in_progress' WHERE id = %s", ticket.pk)


def test_database_refuses_to_change_a_published_version():
    with pytest.raises(ProgrammingError, match="Cannot update"):
        sql("UPDATE exceptions_alertruleversion SET severity = 'P4'")


def test_causes_are_seeded_for_every_category():
    assert {cause.category for cause in Cause.objects.all()} == set(CauseCategory.values)


def test_journal_entries_stand_on_the_order():
    ticket = tickets.closed()
    assert Entry.objects.for_order(ticket.order_id).filter(action="ticket.closed").exists()
