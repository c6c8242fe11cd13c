import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from approvals import lifecycle
from approvals.enums import RequestState
from approvals.lifecycle import RequestError
from approvals.models import ApprovalRequest
from credit.days import company_day
from credit.lifecycle import LimitInput, take_over_limit
from credit.models import CreditAccount
from journal.models import Entry
from orders.enums import OrderState, Outcome
from orders.errors import ReasonsChanged
from orders.models import Order
from staff.roles import Role
from tests.factories import credit, orders, policies
from tests.factories.moments import HOUR, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person, superuser
from tests.factories.traces import balances, everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db

DECIDERS = {Role.CREDIT_ANALYST, Role.APPROVER_1, Role.APPROVER_2}


def refresh(request, by=None, at=NOW):
    return lifecycle.refresh(request_id=request.pk, by=by or person("approver_1"), at=at)


def state_of(order):
    return Order.objects.get(pk=order.pk).state


VERBS = {
    "approve": lambda order, by: orders.approve(order, by=by),
    "reject": lambda order, by: orders.reject(order, by=by),
    "refresh": lambda order, by: refresh(orders.open_request(order), by),
}


def test_approve_releases_the_order_and_reserves_over_the_limit():
    order = orders.failed("90.00", limit="50.00")
    request = orders.approve(order, at=NOW + HOUR)
    assert (request.state, request.decided_at) == (RequestState.APPROVED, NOW + HOUR)
    assert state_of(order) == OrderState.APPROVED
    assert ledger(order) == [("reserve", "", "reserved", "90.00")]
    assert balances(order.account) == {"reserved": "90.00"}


def test_approve_journals_the_release_and_the_answer():
    by = person("approver_1")
    order = orders.failed()
    orders.approve(order, by=by, comment="pays on Friday")
    assert journal(order, since=4) == [
        ("order.approved", "credit_failed", "approved", by.pk),
        ("approval.approved", "open", "approved", by.pk),
    ]
    assert last_entry(order).reason == "pays on Friday"
    released = Entry.objects.get(order_id=order.pk, action="order.approved")
    assert (released.reason, released.data["waived"]) == ("pays on Friday", ["limit"])


def test_approve_writes_a_second_decision_that_waives_the_reasons():
    order, by = orders.failed(), person("credit_analyst")
    orders.approve(order, by=by)
    first, second = order.decisions.order_by("pk")
    assert (first.outcome, second.outcome) == (Outcome.FAILED, Outcome.WAIVED)
    assert (second.kind, second.by, second.excess) == ("approval", by, 40)


def test_approve_of_what_would_pass_by_now_waives_nothing():
    order = orders.failed("90.00", limit="50.00")
    orders.pay(order, "60.00")
    orders.approve(order)
    assert order.decisions.latest("pk").outcome == Outcome.PASSED
    assert balances(order.account) == {"reserved": "30.00", "paid": "60.00"}


def test_approve_refuses_a_larger_excess_than_was_seen():
    account = credit.account("100.00")
    order = orders.submit(orders.draft(account, "110.00"))
    orders.submit(orders.draft(account, "50.00"))
    before, by = everything(), person("credit_analyst")
    with pytest.raises(ReasonsChanged):
        orders.approve(order, by=by)
    assert everything() == before


def test_approve_refuses_a_reason_that_was_not_seen():
    order = orders.failed("90.00", limit="50.00")
    order.customer.status, order.customer.status_reason = "blacklisted", "fraud"
    order.customer.save()
    with pytest.raises(ReasonsChanged):
        orders.approve(order)
    assert state_of(order) == OrderState.CREDIT_FAILED


def test_approve_refuses_figures_of_another_order_or_of_an_older_version():
    other, order = orders.failed("900.00"), orders.failed("90.00")
    with pytest.raises(ReasonsChanged):
        orders.approve(order, seen=other.decisions.get().pk)
    seen = order.decisions.get().pk
    Order.objects.filter(pk=order.pk).update(version=2)
    with pytest.raises(ReasonsChanged):
        orders.approve(order, seen=seen)


def test_approve_after_a_refresh_accepts_the_new_figures():
    account = credit.account("100.00")
    order = orders.submit(orders.draft(account, "110.00"))
    orders.submit(orders.draft(account, "50.00"))
    refresh(orders.open_request(order))
    assert orders.approve(order).state == RequestState.APPROVED
    assert balances(account) == {"reserved": "160.00"}


def test_reject_ends_the_order_and_reserves_nothing():
    order, by = orders.failed(), person("approver_2")
    request = orders.reject(order, by=by, comment="never again")
    assert (request.state, request.decided_by, request.comment) == ("rejected", by, "never again")
    assert (state_of(order), ledger(order)) == (OrderState.REJECTED, [])


def test_refresh_brings_todays_decision():
    by = person("approver_1")
    order = orders.failed("90.00", limit="50.00")
    take_over_limit(
        account_id=order.account_id,
        limit=LimitInput(amount=orders.Decimal("60.00")),
        reason="grown",
        by=person("credit_analyst"),
        at=NOW,
    )
    request = refresh(orders.open_request(order), by)
    assert (request.decision.excess, request.decision.outcome) == (30, Outcome.FAILED)
    assert journal(order, since=4) == [
        ("order.rechecked", "credit_failed", "credit_failed", by.pk),
        ("approval.refreshed", "", "", by.pk),
    ]


@pytest.mark.parametrize("comment", ["", "  ", "\n"])
@pytest.mark.parametrize("verb", [orders.approve, orders.reject])
def test_answer_needs_a_comment(verb, comment):
    order = orders.failed()
    with pytest.raises(RequestError, match="Write a comment"):
        verb(order, comment=comment)
    assert orders.open_request(order).state == RequestState.OPEN


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("name", VERBS)
def test_answer_is_for_approvers_only(name, role):
    order, by = orders.failed(), person(role)
    if role in DECIDERS:
        VERBS[name](order, by)
        return
    before = everything()
    with pytest.raises(PermissionDenied):
        VERBS[name](order, by)
    assert everything() == before


@pytest.mark.parametrize("duty", ["owner", "submitter"])
@pytest.mark.parametrize("name", VERBS)
def test_answer_is_refused_to_whoever_owns_or_submitted_the_order(name, duty):
    people = {"owner": superuser(), "submitter": superuser()}
    account = credit.account("50.00", owner=people["owner"])
    order = orders.submit(orders.draft(account), by=people["submitter"])
    before = everything()
    with pytest.raises(PermissionDenied):
        VERBS[name](order, people[duty])
    assert everything() == before


@pytest.mark.parametrize("end", [orders.approve, orders.reject, orders.cancel, orders.take_back])
@pytest.mark.parametrize("verb", ["approve", "reject", "refresh"])
def test_answered_request_takes_no_other_answer(verb, end):
    order, by = orders.failed(), superuser()
    request = orders.open_request(order)
    end(order)
    before = everything()
    extra = {"comment": "again"} if verb != "refresh" else {}
    extra |= {"seen_decision_id": request.decision_id} if verb == "approve" else {}
    with pytest.raises(RequestError, match="already"):
        getattr(lifecycle, verb)(request_id=request.pk, by=by, at=NOW, **extra)
    assert everything() == before


@pytest.mark.parametrize("name", VERBS)
def test_answer_undoes_everything_when_the_journal_refuses(name):
    order, by = orders.failed(), superuser()
    before = everything()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        VERBS[name](order, by)
    assert everything() == before


def test_submit_is_undone_when_the_request_cannot_be_opened():
    order = orders.draft(credit.account("50.00"))
    before = everything()
    with refuse_inserts(ApprovalRequest), pytest.raises(IntegrityError), transaction.atomic():
        orders.submit(order)
    assert everything() == before


def test_waiting_for_leaves_out_ones_own():
    owner, other = superuser(), person("credit_analyst")
    orders.failed(owner=owner)

    def waiting(user):
        return ApprovalRequest.objects.waiting_for(user, company_day(NOW)).count()

    assert (waiting(owner), waiting(other), waiting(person("finance"))) == (0, 1, 0)


def test_approve_with_the_check_switched_off_meanwhile_passes():
    order = orders.failed()
    policies.set_check("limit", severity="off")
    orders.approve(order)
    assert order.decisions.latest("pk").outcome == Outcome.PASSED
    assert CreditAccount.objects.get(pk=order.account_id).reserved == 90


# What the database itself refuses


def refused(sql, *params, match=None):
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)


ANSWER = (
    "UPDATE approvals_approvalrequest"
    " SET state = %s, decided_at = now(), decided_by_id = %s, comment = 'mine'"
)


@pytest.mark.parametrize("state", ["approved", "rejected"])
@pytest.mark.parametrize("duty", ["requested_by_id", "order_owner_id"])
def test_database_keeps_the_duties_separate(duty, state):
    account = credit.account("50.00")
    order = orders.submit(orders.draft(account), by=superuser())
    own = getattr(orders.open_request(order), duty)
    refused(ANSWER, state, own, match="ends with an answer")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE approvals_approvalrequest DISABLE TRIGGER USER")
    refused(ANSWER, state, own, match="request_duties_are_separate")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE approvals_approvalrequest SET state = 'approved'",
        "UPDATE approvals_approvalrequest SET comment = 'half'",
        "UPDATE approvals_approvalrequest SET state = 'lost'",
        "INSERT INTO approvals_approvalrequest"
        " (order_id, decision_id, state, opened_at, requested_by_id, order_owner_id, comment)"
        " SELECT order_id, decision_id, 'open', now(), requested_by_id, order_owner_id, ''"
        " FROM approvals_approvalrequest",
        "INSERT INTO approvals_approvalrequest"
        " (order_id, decision_id, state, opened_at, requested_by_id, order_owner_id, comment)"
        " SELECT order_id, decision_id, 'withdrawn', now(), requested_by_id, order_owner_id, ''"
        " FROM approvals_approvalrequest",
    ],
)
def test_database_refuses_half_answers_and_second_requests(sql):
    orders.failed()
    refused(sql)
    assert ApprovalRequest.objects.get().state == RequestState.OPEN


@pytest.mark.parametrize("end", [orders.approve, orders.reject, orders.cancel])
@pytest.mark.parametrize("state", RequestState.values)
def test_database_keeps_an_answer_as_it_is(state, end):
    order, by = orders.failed(), superuser()
    end(order)
    before = ApprovalRequest.objects.get().state
    if state not in (before, "lapsed"):
        refused(ANSWER, state, by.pk, match="Invalid transition")
