from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from approvals import lifecycle
from approvals.lifecycle import RequestError
from approvals.matrix.seed import default_content
from approvals.models import Answer, ApprovalRequest, LimitChange
from credit.days import company_day
from credit.errors import CreditError
from credit.lifecycle import LimitInput, grant_approved_limit, take_over_limit
from credit.lifecycle.limits import Approval
from credit.models import CreditAccount, CreditLimit
from journal.models import Entry
from orders.conditions import ConditionInput
from orders.enums import ConditionKind
from orders.errors import ReasonsChanged
from orders.models import Order
from orders.tasks import reevaluate_waiting
from staff.models import Notice
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.limit_changes import SECURED, TEMPORARY, TODAY, approved, requested, routed
from tests.factories.moments import DAY, NOW
from tests.factories.routes import answer, level, matrix, seats, told, waiting
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
ASKERS = {Role.SALES_MANAGER, Role.CREDIT_ANALYST, Role.FINANCE}


@pytest.fixture(autouse=True)
def _route():
    routed(level("approver_1"))
    person("approver_1")


@pytest.fixture
def account():
    return credit.account("100.00")


def usable(account, day=TODAY):
    return CreditAccount.objects.with_limits(day).get(pk=account.pk).effective_limit.amount


def test_request_limit_changes_nothing_and_asks(account):
    approver, request = person("approver_1"), requested(account)
    assert (usable(account), request.state) == (100, "open")
    assert waiting(approver, company_day(NOW)) == [request]
    change = request.limit_change
    assert (change.before, change.resulting, change.granted) == (100, 200, None)


@pytest.mark.parametrize(
    ("values", "comes_to"), [({}, 200), (TEMPORARY, 300), (SECURED, 260), ({"amount": "50.00"}, 50)]
)
def test_approve_grants_the_limit_and_names_everybody(account, values, comes_to):
    analyst, approver = person("credit_analyst"), person("approver_1")
    request = approved(requested(account, **{"amount": "200.00"} | values, by=analyst), approver)
    assert (request.state, usable(account)) == ("approved", comes_to)
    made = account.limits.latest("pk")
    assert (made.granted_by, made.requested_by, made.request_id) == (approver, analyst, request.pk)
    assert (made.reason, made.change.request) == ("grown", request)
    entry = Entry.objects.about(account).get(action="credit.limit_changed")
    assert (entry.by, entry.data["request"]) == (approver, request.pk)


def test_approve_grants_without_end_when_asked(account):
    approved(requested(account, None, kind="unlimited"))
    assert usable(account) is None


def test_approve_grants_from_the_first_day_on(account):
    later = TODAY + timedelta(days=10)
    approved(requested(account, valid_from=later))
    assert [usable(account, day) for day in (TODAY, later - DAY, later)] == [100, 100, 200]


def test_approve_late_grants_from_that_day_on(account):
    request = requested(account, valid_from=TODAY)
    approved(request, at=NOW + 3 * DAY)
    assert account.limits.latest("pk").valid_from == company_day(NOW + 3 * DAY)


def test_approve_after_the_last_day_says_so_and_changes_nothing(account):
    request = requested(account, **TEMPORARY)
    with pytest.raises(RequestError, match="past already"), transaction.atomic():
        approved(request, at=NOW + 40 * DAY)
    assert (usable(account), Answer.objects.count()) == (100, 0)


def test_two_levels_grant_only_after_the_second(account):
    routed(level("approver_1"), level("approver_2"))
    person("approver_2")
    request = approved(requested(account), person("approver_1"))
    assert (request.state, request.stage, usable(account)) == ("open", 2, 100)
    assert seats(request, "asked") == [(2, "approver_2", "asked")]
    last = person("approver_2")
    assert approved(request, last).state == "approved"
    assert account.limits.latest("pk").granted_by == last


@pytest.mark.parametrize(("amount", "stages"), [("50000.00", 1), ("200000.00", 2)])
def test_route_follows_the_increase(amount, stages):
    matrix(rows=default_content()["rows"])
    request = requested(credit.account("1000.00"), amount)
    assert len(request.route["stages"]) == stages


def test_requester_never_approves_at_any_level(account):
    analyst = person("credit_analyst", "approver_1", "approver_2")
    routed(level("approver_1"), level("approver_2"))
    person("approver_2")
    request = requested(account, by=analyst)
    for _level in (1, 2):
        with pytest.raises(PermissionDenied), transaction.atomic():
            approved(request, analyst)
        request = approved(request, person(f"approver_{_level}"))
    assert request.state == "approved"


def test_owner_of_the_customer_never_approves():
    owner = person("sales", "approver_1")
    request = requested(credit.account("100.00", owner=owner))
    with pytest.raises(PermissionDenied):
        approved(request, owner)


def test_database_refuses_answers_of_the_requester(account):
    request = requested(account)
    values = [request.pk, request.seats.get().pk, request.requested_by_id, NOW]
    with pytest.raises(IntegrityError, match="own"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO approvals_answer (request_id, seat_id, round, by_id, kind, comment,"
            " conditions, at) VALUES (%s, %s, 1, %s, 'approve', 'x', '[]', %s)",
            values,
        )


def test_database_refuses_a_limit_granted_by_its_requester(account):
    approved(requested(account))
    with pytest.raises(IntegrityError, match="limit_duties_are_separate"):
        CreditLimit.objects.filter(request_id__isnull=False).update(granted_by=F("requested_by"))


def test_database_refuses_another_amount_than_was_asked_for(account):
    request = requested(account)
    with pytest.raises(DatabaseError):
        LimitChange.objects.filter(pk=request.limit_change_id).update(amount=Decimal(999))


def test_database_wants_one_subject(account):
    request = requested(account)
    with pytest.raises(DatabaseError):
        ApprovalRequest.objects.filter(pk=request.pk).update(limit_change=None)


@pytest.mark.parametrize("verb", ["reject", "send_back"])
def test_refusing_leaves_nothing_but_the_request(account, verb):
    request = answer(requested(account), verb, by=person("approver_1"))
    assert (usable(account), account.limits.count()) == (100, 1)
    assert request.state == {"reject": "rejected", "send_back": "returned"}[verb]
    assert requested(account).state == "open"


def test_withdraw_limit_is_for_whoever_requested_it(account):
    analyst = person("credit_analyst")
    request = requested(account, by=analyst)
    words = {"request_id": request.pk, "reason": "no need", "at": NOW}
    with pytest.raises(PermissionDenied), transaction.atomic():
        lifecycle.withdraw_limit(**words, by=person("credit_analyst"))
    assert lifecycle.withdraw_limit(**words, by=analyst).state == "withdrawn"
    with pytest.raises(RequestError, match="withdrawn already"):
        lifecycle.withdraw_limit(**words, by=analyst)


@pytest.mark.parametrize("role", sorted(Role.values))
def test_request_limit_is_for_those_who_look_after_customers(account, role):
    if role in ASKERS:
        assert requested(account, by=person(role)).state == "open"
        return
    with pytest.raises(PermissionDenied):
        requested(account, by=person(role))


def test_request_limit_of_ones_own_customer(account):
    assert requested(account, by=account.customer.owner).requested_by == account.customer.owner


def test_request_limit_refuses_a_second_one_and_no_justification(account):
    with pytest.raises(RequestError, match="Say why"):
        requested(account, justification=" ")
    requested(account)
    with pytest.raises(RequestError, match="already"):
        requested(account)


def test_request_limit_refuses_a_limit_that_makes_no_sense(account):
    with pytest.raises(CreditError, match="last day"):
        requested(account, type="temporary")
    assert not LimitChange.objects.exists()


def test_approve_refuses_figures_that_grew_since(account):
    request = requested(account, **TEMPORARY)
    values = {"reason": "-", "by": person("credit_analyst"), "at": NOW}
    take_over_limit(account_id=account.pk, limit=LimitInput(amount=Decimal(900)), **values)
    approver = person("approver_1")
    with pytest.raises(ReasonsChanged), transaction.atomic():
        approved(request, approver)
    request = lifecycle.refresh(request_id=request.pk, by=approver, at=NOW)
    assert (request.round, request.limit_change.resulting) == (2, 1100)
    assert approved(request, approver).state == "approved"


def test_order_that_waits_is_asked_again_once_granted(
    monkeypatch, django_capture_on_commit_callbacks
):
    order = orders.failed("90.00", limit="50.00")
    asked = []
    monkeypatch.setattr(reevaluate_waiting, "delay", lambda *args: asked.append(args))
    by, request = person("approver_1"), requested(order.account)
    with django_capture_on_commit_callbacks(execute=True):
        approved(request, by)
    assert asked == [(order.account_id, by.pk)]
    reevaluate_waiting(*asked[0])
    assert Order.objects.get(pk=order.pk).state == "approved"


def test_grant_approved_limit_refuses_requester_owner_and_who_may_not_decide(account):
    analyst = person("credit_analyst")
    values = {"account_id": account.pk, "limit": LimitInput(amount=Decimal(900)), "reason": "-"}
    values |= {"approval": Approval(7, analyst), "at": NOW}
    for by in (analyst, account.customer.owner, person("finance")):
        with pytest.raises(PermissionDenied):
            grant_approved_limit(**values, by=by)
    assert usable(account) == 100


def test_approve_limit_takes_no_conditions(account):
    demand = ConditionInput(ConditionKind.PAY_WITHIN, days=3)
    request = requested(account)
    with pytest.raises(RequestError, match="no conditions"):
        answer(request, by=person("approver_1"), seen_decision_id=1, conditions=[demand])


def test_chase_escalates_a_change_that_nobody_decides(account):
    two = person("approver_2")
    routed(level("approver_1", hours=1, escalate="approver_2"))
    request = requested(account)
    assert lifecycle.chase(at=NOW + 3 * DAY).escalated == 1
    assert told(request, "escalated") == [two.pk]
    assert approved(request, two, at=NOW + 3 * DAY).state == "approved"


def test_notices_speak_of_the_limit(account):
    analyst = person("credit_analyst")
    request = approved(requested(account, by=analyst, **TEMPORARY))
    name = account.customer.name
    subjects = [notice.subject for notice in Notice.objects.order_by("pk")]
    assert f"Please decide: change of the limit of {name}" in subjects
    assert f"Change of the limit of {name}: approved" in subjects
    asked = Notice.objects.filter(kind="approval.asked").first()
    assert "It would be 300.00 CNY instead of 100.00 CNY." in asked.text
    assert told(request, "decided") == sorted([analyst.pk, account.customer.owner_id])
