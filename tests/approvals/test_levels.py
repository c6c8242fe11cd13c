"""Levels one after the other, side by side, and any of several."""

import pytest
from django.core.exceptions import PermissionDenied

from approvals.lifecycle import refresh
from credit.days import company_day
from orders.errors import ReasonsChanged
from tests.factories import credit, orders
from tests.factories.moments import HOUR, NOW
from tests.factories.routes import again, answer, asked, level, matrix, seats, told, written
from tests.factories.staff import person
from tests.factories.traces import balances

pytestmark = pytest.mark.django_db
TODAY = company_day(NOW)


@pytest.fixture
def one():
    return person("approver_1")


@pytest.fixture
def two():
    return person("approver_2")


def worse(request):
    """There is more against the order than was shown."""
    credit.limits([request.order.account], "20.00", valid_from=TODAY)


def two_levels():
    return asked(level("approver_1"), level("approver_2"))


def test_approve_at_the_first_level_asks_the_second(one, two):
    request = answer(two_levels(), by=one)
    assert (request.state, request.stage) == ("open", 2)
    assert seats(request) == [(1, "approver_1", "answered"), (2, "approver_2", "asked")]
    assert request.order.state == "credit_failed"
    assert (told(request, "asked"), written(request)) == (
        sorted([one.pk, two.pk]),
        ["opened", "endorsed"],
    )


def test_approve_at_the_last_level_releases_the_order(one, two):
    request = two_levels()
    answer(request, by=one)
    request = answer(request, by=two, at=NOW + HOUR)
    assert (request.state, request.decided_by) == ("approved", two)
    assert balances(request.order.account) == {"reserved": "90.00"}
    assert written(request) == ["opened", "endorsed", "approved"]


def test_approve_by_the_second_level_before_the_first_is_refused(one, two):
    request = two_levels()
    with pytest.raises(PermissionDenied):
        answer(request, by=two)


def test_approve_twice_in_a_round_is_refused_even_with_both_roles(one, two):
    both = person("approver_1", "approver_2")
    request = answer(two_levels(), by=both)
    with pytest.raises(PermissionDenied):
        answer(request, by=both)
    assert answer(request, by=two).state == "approved"


@pytest.mark.parametrize("verb", ["reject", "send_back"])
def test_any_level_ends_the_request_alone(one, two, verb):
    request = answer(two_levels(), verb, by=one)
    assert request.state == {"reject": "rejected", "send_back": "returned"}[verb]
    assert seats(request, "waiting", "asked") == []
    with pytest.raises((PermissionDenied, ValueError)):
        answer(request, by=two)


def test_any_of_a_level_is_enough(one, two):
    request = answer(asked(level("approver_1", "approver_2")), by=two)
    assert request.state == "approved"
    assert seats(request) == [(1, "approver_1", "spared"), (1, "approver_2", "answered")]


@pytest.mark.parametrize("first", [0, 1])
def test_all_of_a_level_are_needed_in_any_order(one, two, first):
    request = asked(level("approver_1", "approver_2", need="all"))
    people = [one, two] if first == 0 else [two, one]
    assert answer(request, by=people[0]).state == "open"
    assert written(request) == ["opened", "endorsed"]
    assert answer(request, by=people[1]).state == "approved"


def test_all_of_a_level_with_an_endorsement_before_the_next(one, two):
    analyst = person("credit_analyst")
    request = asked(level("approver_1", "credit_analyst", need="all"), level("approver_2"))
    answer(request, by=analyst)
    assert again(request).stage == 1
    answer(request, by=one)
    assert again(request).stage == 2
    assert answer(request, by=two).state == "approved"


def test_a_seat_of_one_person_is_nobody_elses(one, two):
    chosen = person("approver_1")
    request = asked(level(chosen))
    with pytest.raises(PermissionDenied):
        answer(request, by=one)
    assert answer(request, by=chosen).state == "approved"


def test_whoever_holds_two_roles_takes_the_seat_that_others_cannot(one):
    both, request = person("approver_1", "credit_analyst"), None
    request = asked(level("approver_1", "credit_analyst", need="all"))
    answer(request, by=both)
    assert seats(request, "asked") == [(1, "approver_1", "asked")]
    assert answer(request, by=one).state == "approved"


def test_one_person_for_two_seats_leaves_one_that_is_escalated_at_once(two):
    both = person("approver_1", "credit_analyst")
    request = asked(level("approver_1", "credit_analyst", need="all"))
    answer(request, by=both)
    assert seats(request, "asked") == [
        (1, "approver_1", "asked"),
        (1, "approver_2", "asked"),
    ]
    assert told(request, "escalated") == [two.pk]
    assert answer(request, by=two).state == "approved"


def test_superuser_answers_from_any_role_but_once_a_round():
    boss, other = (person(is_superuser=True) for _ in range(2))
    request = two_levels()
    answer(request, by=boss)
    with pytest.raises(PermissionDenied):
        answer(request, by=boss)
    assert answer(request, by=other).state == "approved"


# Figures that change while levels answer


def test_refresh_with_worse_figures_begins_a_new_round(one, two):
    request = answer(two_levels(), by=one)
    worse(request)
    with pytest.raises(ReasonsChanged):
        answer(request, by=two)
    request = refresh(request_id=request.pk, by=two, at=NOW + HOUR)
    assert (request.round, request.stage) == (2, 1)
    assert seats(request) == [(1, "approver_1", "asked"), (2, "approver_2", "waiting")]
    assert written(request) == ["opened", "endorsed", "refreshed", "rerouted"]
    answer(request, by=one)
    assert answer(request, by=two).state == "approved"


def test_refresh_takes_the_route_of_the_matrix_in_force_by_then(one, two):
    request = answer(two_levels(), by=one)
    worse(request)
    matrix(level("approver_2"))
    refresh(request_id=request.pk, by=two, at=NOW + HOUR)
    assert answer(request, by=two).state == "approved"


def test_refresh_with_better_figures_keeps_what_was_answered(one, two):
    request = answer(two_levels(), by=one)
    credit.limits([request.order.account], "70.00", valid_from=TODAY)
    request = refresh(request_id=request.pk, by=two, at=NOW + HOUR)
    assert (request.round, request.stage, request.decision.excess) == (1, 2, 20)
    assert answer(request, by=two).state == "approved"


def test_approve_of_figures_from_before_a_refresh_is_refused(one, two):
    request = answer(two_levels(), by=one)
    seen = request.decision_id
    refresh(request_id=request.pk, by=two, at=NOW)
    with pytest.raises(ReasonsChanged):
        answer(request, by=two, seen_decision_id=seen)


# Conditions of several levels


def test_conditions_of_two_levels_hold_together_the_strictest_of_each_kind(one, two):
    request = two_levels()
    first = [orders.prepay("30"), orders.pay_within(20), orders.guarantee("letter of credit")]
    second = [orders.prepay("50"), orders.pay_within(25), orders.guarantee("bank guarantee")]
    answer(request, by=one, conditions=first)
    answer(request, by=two, conditions=second)
    held = request.order.conditions.values_list("kind", "percent", "days", "text")
    assert set(held) == {
        ("prepay_percent", 50, None, ""),
        ("pay_within", None, 20, ""),
        ("guarantee", None, None, "bank guarantee"),
        ("guarantee", None, None, "letter of credit"),
    }


def test_conditions_of_an_earlier_round_are_forgotten(one, two):
    request = answer(two_levels(), by=one, conditions=[orders.prepay("80")])
    worse(request)
    refresh(request_id=request.pk, by=two, at=NOW)
    answer(request, by=one)
    answer(request, by=two)
    assert not request.order.conditions.exists()


# Sent back, and submitted again


def test_send_back_makes_a_draft_and_a_later_submission_asks_anew(one, two):
    request = answer(two_levels(), "send_back", by=one, comment="split it")
    order = again(request).order
    assert (request.state, order.state) == ("returned", "draft")
    orders.submit(order)
    new = orders.open_request(order)
    assert (new.pk != request.pk, new.round, new.stage) == (True, 1, 1)
    answer(new, by=one)
    assert answer(new, by=two).state == "approved"
