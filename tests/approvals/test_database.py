"""What the database itself refuses, whoever writes to it."""

import pytest
from django.db import DatabaseError, connection, transaction

from approvals.models import Answer
from tests.factories.moments import NOW
from tests.factories.routes import again, answer, asked, level
from tests.factories.staff import person

pytestmark = pytest.mark.django_db

INSERT = (
    "INSERT INTO approvals_answer (request_id, seat_id, round, by_id, instead_of_id, kind,"
    " comment, conditions, decision_id, at) VALUES (%s, %s, %s, %s, %s, %s, 'raw', '[]', %s, now())"
)


def execute(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def refused(sql, *params, match):
    with pytest.raises(DatabaseError, match=match):
        execute(sql, *params)


def insert(request, by, *, instead_of=None, seat=None, kind="approve", round_=1):
    seat = seat or request.seats.get(state="asked")
    return (
        INSERT, request.pk, seat.pk, round_, by.pk, instead_of and instead_of.pk, kind,
        request.decision_id,
    )  # fmt: skip


@pytest.fixture
def one():
    return person("approver_1")


@pytest.fixture
def request_(one):
    return asked(level("approver_1"), level("approver_2"))


def test_database_takes_the_answer_of_an_approver(request_, one):
    execute(*insert(request_, one))


@pytest.mark.parametrize("duty", ["requested_by", "order_owner", "submitted_by"])
@pytest.mark.parametrize("place", ["themselves", "by somebody else"])
def test_database_refuses_an_answer_to_ones_own(request_, one, duty, place):
    request_.order.submitted_by = person("sales_manager")
    request_.order.save()
    own = request_.order.submitted_by if duty == "submitted_by" else getattr(request_, duty)
    sql = insert(request_, own) if place == "themselves" else insert(request_, one, instead_of=own)
    refused(*sql, match="of their own")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE approvals_answer SET comment = 'changed'",
        "UPDATE approvals_answer SET kind = 'reject'",
        "UPDATE approvals_answer SET by_id = by_id + 1",
        "DELETE FROM approvals_answer",
    ],
)
def test_database_keeps_answers_as_they_are(request_, one, sql):
    answer(request_, by=one)
    refused(sql, match="Cannot update or delete")
    assert Answer.objects.get().comment == "known for years"


def test_database_refuses_an_answer_from_a_seat_that_is_not_asked(request_, one):
    second = request_.seats.get(stage=2)
    refused(*insert(request_, one, seat=second), match="seat that is asked")
    other = asked(level("approver_1"))
    refused(*insert(request_, one, seat=other.seats.get()), match="seat that is asked")
    refused(*insert(request_, one, round_=2), match="seat that is asked")


def test_database_refuses_a_second_answer_in_a_round(one):
    request = asked(level("approver_1", "credit_analyst", need="all"))
    first, second = request.seats.filter(stands_in_for=None)
    execute(*insert(request, one, seat=first))
    refused(*insert(request, one, seat=second), match="answer_once_per_person_and_round")
    refused(*insert(request, person("approver_1"), seat=first), match="answer_seat_id|seat_id")


END = (
    "UPDATE approvals_approvalrequest"
    " SET state = %s, decided_at = now(), decided_by_id = %s, comment = 'raw'"
)


@pytest.mark.parametrize("state", ["approved", "rejected", "returned"])
def test_database_ends_no_request_without_the_answer(request_, one, state):
    refused(END, state, one.pk, match="ends with an answer")
    kind = "reject" if state == "approved" else "approve"
    execute(*insert(request_, one, kind=kind))
    refused(END, state, one.pk, match="ends with an answer")
    assert again(request_).state == "open"


@pytest.mark.parametrize("state", ["lapsed", "lost"])
def test_database_skips_no_state(request_, one, state):
    refused(END, state, one.pk, match="Invalid transition|value too long|violates")


@pytest.mark.parametrize("column", ["requested_by_id", "order_owner_id"])
def test_database_keeps_whose_request_it_is(request_, one, column):
    refused(f"UPDATE approvals_approvalrequest SET {column} = %s", one.pk, match="Cannot update")


def test_database_keeps_the_scope_of_a_request(request_):
    refused("UPDATE approvals_approvalrequest SET amount = 1", match="Cannot update")
    refused("UPDATE approvals_approvalrequest SET order_version = 9", match="Cannot update")


def test_database_refuses_seats_of_nobody_or_of_two_and_asking_without_a_deadline(request_, one):
    refused("UPDATE approvals_seat SET role = ''", match="seat_role_or_person")
    refused("UPDATE approvals_seat SET person_id = %s", one.pk, match="seat_role_or_person")
    refused(
        "UPDATE approvals_seat SET state = 'asked', asked_at = %s WHERE stage = 2",
        NOW,
        match="seat_asked_has_deadline",
    )
