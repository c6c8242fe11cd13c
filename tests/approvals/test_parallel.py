"""Answers, the clock and what happens to orders, all at the same instant on real connections."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from approvals import lifecycle
from approvals.lifecycle import RequestError
from orders.errors import OrderError
from orders.models import Order
from tests.factories import credit, orders, policies
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.routes import again, answer, asked, level, matrix, told, written
from tests.factories.staff import absence, person
from tests.factories.traces import balances, ledger
from tests.orders.test_parallel import at_once, wait_for_lock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = range(4)
LATER = NOW + 3 * DAY


def said(verb, request, by, **extra):
    """A call that answers, and gives back what the answer or its refusal was."""
    if verb == "approve":
        extra["seen_decision_id"] = request.decision_id

    def call():
        try:
            return getattr(lifecycle, verb)(
                request_id=request.pk, by=by, comment=f"{verb} of {by.pk}", at=LATER, **extra
            )
        except PermissionDenied as refusal:
            return RequestError(str(refusal))

    return call


def chased(at=LATER):
    return lambda: lifecycle.chase(at=at)


def refusals(results):
    return [each for each in results if isinstance(each, (RequestError, OrderError))]


def answers(request):
    return list(request.answers.values_list("kind", "by"))


def consistent(request):
    """What every outcome has in common; the request as it is."""
    request = again(request)
    order = Order.objects.get(pk=request.order_id)
    open_ = request.state == "open"
    assert (order.state == "credit_failed") == open_
    assert bool(request.seats.filter(state__in=["asked", "waiting"])) == open_
    held = sum(line[0] == "reserve" for line in ledger(order))
    assert held == (request.state in ("approved", "lapsed"))
    ends = [each for each in written(request) if each not in ("opened", "escalated", "reminded")]
    assert ends[-1:] == ([request.state] if not open_ else ends[-1:])
    return request


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("other", ["approve", "reject", "send_back"])
def test_two_approvers_of_an_any_of_level_give_one_answer(other, round_):
    one, two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1", "approver_2"))
    results = at_once(said("approve", request, one), said(other, request, two))
    assert len(refusals(results)) == len(answers(request)) == 1
    request = consistent(request)
    state = {"approve": "approved", "reject": "rejected", "return": "returned"}
    assert (request.state, len(written(request))) == (state[answers(request)[0][0]], 2)


@pytest.mark.parametrize("round_", ROUNDS)
def test_both_approvers_of_an_all_of_level_release_once(round_):
    one, two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1", "approver_2", need="all"))
    results = at_once(said("approve", request, one), said("approve", request, two))
    assert (refusals(results), len(answers(request))) == ([], 2)
    request = consistent(request)
    assert (request.state, written(request)) == ("approved", ["opened", "endorsed", "approved"])
    assert balances(request.order.account) == {"reserved": "90.00"}


@pytest.mark.parametrize("round_", ROUNDS)
def test_one_approver_clicking_often_answers_once(round_):
    both, two = person("approver_1", "approver_2"), person("approver_2")
    request = asked(level("approver_1"), level("approver_2"))
    results = at_once(*[said("approve", request, both)] * 6)
    assert (len(refusals(results)), answers(request)) == (5, [("approve", both.pk)])
    assert consistent(request).stage == 2
    assert answer(request, by=two, at=LATER).state == "approved"


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("end", [orders.cancel, orders.take_back])
def test_approve_against_the_owner_ending_it_has_one_outcome(end, round_):
    one = person("approver_1")
    request = asked(level("approver_1"))
    results = at_once(said("approve", request, one), lambda: end(request.order, at=LATER), chased())
    request = again(request)
    order = Order.objects.get(pk=request.order_id)
    if request.state == "withdrawn":
        assert (answers(request), order.state) == (
            [],
            {"take_back": "draft"}.get(end.__name__, "cancelled"),
        )
        assert ledger(order) == []
    else:
        assert (request.state, len(answers(request))) == ("approved", 1)
        # Released goods can still be cancelled; taken back they cannot be.
        assert order.state == ("cancelled" if end is orders.cancel else "approved")
    assert len(refusals(results)) == (request.state == "withdrawn" or end is orders.take_back)
    assert [each for each in written(request) if each in ("approved", "withdrawn")] == [
        request.state
    ]


@pytest.mark.parametrize("round_", ROUNDS)
def test_approve_against_an_amendment_never_releases_what_nobody_saw(round_):
    one = person("approver_1")
    old = again(answer(asked(level("approver_1")), by=one))
    lines = [orders.line("900.00")]

    def amend():
        return orders.lifecycle.amend(
            order_id=old.order_id, header=orders.header(), lines=lines, reason="more",
            seen_version=1, by=old.order_owner, at=LATER,
        )  # fmt: skip

    results = at_once(amend, said("approve", old, one), chased(), amend)
    assert len(refusals(results)) == 2
    new = orders.open_request(old.order)
    assert (again(old).state, new.amount, answers(new)) == ("lapsed", 900, [])
    assert balances(old.order.account) == {}


@pytest.mark.parametrize("round_", ROUNDS)
def test_two_passes_that_one_limit_is_enough_for_are_not_both_released(round_):
    policies.publish(policies.standard().content | {"release": {"asks_person": True}})
    matrix(level("approver_1", "approver_2"))
    account, people = credit.account("100.00"), (person("approver_1"), person("approver_2"))
    both = [orders.submit(orders.draft(account, "60.00")) for _number in range(2)]
    requests = [orders.open_request(order) for order in both]
    results = at_once(*map(said, ["approve", "approve"], requests, people))
    assert len(refusals(results)) == 1
    assert balances(account) == {"reserved": "60.00"}
    assert sorted(again(each).state for each in requests) == ["approved", "open"]


@pytest.mark.parametrize("round_", ROUNDS)
def test_escalation_against_an_approval_has_one_outcome(round_):
    one, two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1", hours=1), level("approver_2"))
    at_once(said("approve", request, one), chased(), chased())
    request = consistent(request)
    assert (request.stage, answers(request)) == (2, [("approve", one.pk)])
    assert set(written(request)) - {"escalated"} == {"opened", "endorsed"}
    assert set(request.seats.filter(stage=1).values_list("state", flat=True)) <= {
        "answered",
        "spared",
    }
    assert answer(request, by=two, at=LATER).state == "approved"


@pytest.mark.parametrize("round_", ROUNDS)
def test_answer_of_the_late_one_against_that_of_the_deputy_counts_once(round_):
    one, two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1", "credit_analyst", hours=1, need="all"))
    lifecycle.chase(at=LATER)
    at_once(said("approve", request, one), said("approve", request, two))
    request = consistent(request)
    places = {seat.stands_in_for_id or seat.pk for seat in request.seats.filter(state="answered")}
    assert len(places) == len(answers(request))


@pytest.mark.parametrize("round_", ROUNDS)
def test_many_clocks_at_once_remind_and_escalate_once(round_):
    one, two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1", hours=8))
    reminder = request.seats.get().remind_at
    at_once(*[chased(reminder)] * 4)
    assert written(request) == ["opened", "reminded"]
    at_once(*[chased(LATER)] * 4)
    lifecycle.chase(at=LATER)
    assert written(request) == ["opened", "reminded", "escalated"]
    assert (told(request, "reminded"), told(request, "escalated")) == ([one.pk], [two.pk])
    assert request.seats.count() == 2


@pytest.mark.parametrize("round_", ROUNDS)
def test_substitute_against_the_returned_colleague_gives_one_answer(round_):
    one, two = person("approver_1"), person("approver_2")
    absence(one, two)
    request = asked(level(one))
    results = at_once(
        *(said("approve", request, by) for by in (one, two)),
    )
    assert len(refusals(results)) == len(answers(request)) == 1
    assert consistent(request).state == "approved"


def test_questions_answers_and_clocks_never_wait_for_each_other_in_a_circle():
    people = [person("approver_1") for _ in range(4)]
    requests = [asked(level("approver_1", hours=1)) for _ in range(6)]
    calls = [chased(NOW + number * HOUR) for number in range(8)]
    for number, request in enumerate(requests):
        by = people[number % 4]
        calls.append(said("approve", request, by))
        calls.append(lambda r=request, b=by: lifecycle.ask(request_id=r.pk, by=b, text="?", at=NOW))
        calls.append(lambda r=request: orders.cancel(r.order))
        calls.append(lambda r=request: orders.lifecycle.reevaluate(
            order_id=r.order_id, by=None, at=LATER))  # fmt: skip
    at_once(*calls, connections=8)
    assert threading.active_count() < 10
    for request in requests:
        assert again(request).state in ("approved", "withdrawn")


def test_question_that_waits_for_a_refresh_sees_the_decision_it_made():
    one = person("approver_1")
    request = asked(level("approver_1"))
    ask = {"request_id": request.pk, "by": one, "text": "why?", "at": NOW}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            refreshed = lifecycle.refresh(request_id=request.pk, by=one, at=NOW)
            waits = pool.submit(at_once, lambda: lifecycle.ask(**ask))
            wait_for_lock()
        (made,) = waits.result()
    assert refreshed.decision_id > request.decision_id
    assert (made.text, made.request.decision_id) == ("why?", refreshed.decision_id)
