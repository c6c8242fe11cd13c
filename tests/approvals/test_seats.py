"""Who may answer: separation of duties, absence, substitutes, people who leave."""

import pytest
from django.core.exceptions import PermissionDenied

from approvals.eligible import candidates
from approvals.lifecycle import chase
from approvals.policies import can_decide
from credit.days import company_day
from staff.absence.lifecycle import end_absence
from tests.factories import credit, orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.routes import (
    again,
    answer,
    asked,
    level,
    matrix,
    row,
    seats,
    told,
    waiting,
    written,
)
from tests.factories.staff import absence, person

pytestmark = pytest.mark.django_db
TODAY = company_day(NOW)


@pytest.fixture
def one():
    return person("approver_1")


@pytest.fixture
def two():
    return person("approver_2")


def able(request, day=TODAY):
    """Who is able to answer, and instead of whom, from all seats together."""
    found = candidates(request, request.seats.filter(state="asked"), day).values()
    return sorted({(c.user_id, c.instead_of_id or 0) for each in found for c in each})


def refused(request, by, at=NOW):
    """What list, page and verb say alike of somebody who may not answer."""
    assert waiting(by, company_day(at)) == []
    assert not can_decide(by, again(request), at)
    assert by.pk not in {pk for pk, _instead in able(request, company_day(at))}
    with pytest.raises(PermissionDenied):
        answer(request, by=by, at=at)


def allowed(request, by, at=NOW):
    """What list and page say alike of somebody who may answer, before they do."""
    assert waiting(by, company_day(at)) == [request]
    assert can_decide(by, again(request), at)
    return answer(request, by=by, at=at)


# One's own


def test_owner_with_the_role_is_never_asked(one):
    owner = person("sales", "approver_1")
    request = asked(level("approver_1"), owner=owner)
    refused(request, owner)
    assert told(request, "asked") == [one.pk]


def test_owner_as_the_named_person_leaves_the_seat_to_the_escalation(two):
    owner = person("sales", "approver_1")
    request = asked(level(owner, escalate="approver_2"), owner=owner)
    refused(request, owner)
    assert (told(request, "escalated"), request.stuck_since) == ([two.pk], None)


def test_submitter_of_somebody_elses_order_is_never_asked(one):
    submitter = person("sales_manager", "approver_1")
    matrix(level("approver_1"))
    order = orders.submit(orders.draft(credit.account("50.00")), by=submitter)
    refused(orders.open_request(order), submitter)


def test_submitter_stays_out_when_somebody_else_changed_the_order(one):
    submitter = person("sales_manager", "approver_1")
    matrix(level("approver_1"))
    order = orders.submit(orders.draft(credit.account("100.00")), by=submitter)
    credit.limits([order.account], "20.00", valid_from=TODAY)
    orders.lifecycle.amend(
        order_id=order.pk, header=orders.header(payment_days=60), lines=[orders.line("90.00")],
        reason="more time", seen_version=1, by=order.owner, at=NOW,
    )  # fmt: skip
    request = orders.open_request(order)
    assert request.requested_by == order.owner
    refused(request, submitter)
    assert told(request, "asked") == [one.pk]


def test_owner_as_substitute_of_an_approver_is_refused(one):
    owner = person("sales", "credit_analyst")
    request = asked(level(one, escalate="credit_analyst"), owner=owner)
    absence(one, owner)
    refused(request, owner)


def test_substitute_of_the_owner_is_refused_in_the_owners_role(one, two):
    owner = person("sales", "approver_1")
    request = asked(level("approver_1"), owner=owner)
    absence(owner, two)
    refused(request, two)


def test_substitute_of_the_owner_answers_instead_of_another_colleague(two):
    owner, colleague = person("sales", "approver_1"), person("approver_1")
    request = asked(level("approver_1"), owner=owner)
    absence(owner, two)
    absence(colleague, two)
    assert able(request) == [(two.pk, colleague.pk)]
    allowed(request, two)
    assert request.answers.get().instead_of == colleague


# Absence


def test_substitute_answers_instead_of_an_absent_colleague(one):
    substitute = person("credit_analyst")
    absence(one, substitute)
    request = asked(level("approver_1"))
    assert (told(request, "asked"), able(request)) == ([substitute.pk], [(substitute.pk, one.pk)])
    allowed(request, substitute)
    given = request.answers.get()
    assert (given.by, given.instead_of) == (substitute, one)


def test_substitute_answers_down_a_chain(one, two):
    last = person("credit_analyst")
    absence(one, two)
    absence(two, last)
    request = asked(level("approver_1"))
    refused(request, person("credit_analyst"))
    allowed(request, last)
    assert request.answers.get().instead_of == one


def test_substitute_without_the_right_to_decide_is_refused(one, two):
    substitute = person("approver_1")
    absence(one, substitute)
    substitute.groups.clear()  # moved to another department
    request = asked(level("approver_1"))
    assert able(request) == [(two.pk, 0)]  # escalated


def test_substitute_of_somebody_without_the_right_gains_nothing(two):
    seller = person("sales_manager")
    absence(seller, two)
    request = asked(level("sales_manager"), level("credit_analyst"))
    assert (seats(request, "asked"), able(request)) == (
        [(1, "sales_manager", "asked"), (1, "approver_2", "asked")],
        [(two.pk, 0)],
    )


def test_substitute_acts_only_on_the_days_of_the_absence(one, two):
    request = asked(level("approver_1"))
    absence(one, two, first=1, last=2)
    refused(request, two)
    allowed(request, two, NOW + DAY)


def test_present_colleague_needs_no_escalation(one):
    other = person("approver_1")
    absence(other)
    request = asked(level("approver_1"))
    assert (told(request, "asked"), written(request)) == ([one.pk], ["opened"])


def test_absent_without_substitute_is_escalated_at_once(one, two):
    absence(one)
    request = asked(level("approver_1", escalate="approver_2"))
    assert (told(request, "asked"), told(request, "escalated")) == ([], [two.pk])
    assert written(request) == ["opened", "escalated"]
    assert answer(request, by=two).state == "approved"


def test_absence_entered_while_asked_is_escalated_by_the_next_round_of_the_clock(one, two):
    request = asked(level("approver_1"))
    absence(one)
    assert chase(at=NOW + HOUR / 60).escalated == 1
    assert told(request, "escalated") == [two.pk]


def test_absence_with_a_substitute_while_asked_asks_the_substitute(one, two):
    request = asked(level("approver_1"))
    absence(one, two)
    chase(at=NOW + HOUR / 60)
    assert (told(request, "asked"), told(request, "escalated")) == (sorted([one.pk, two.pk]), [])


def test_absent_at_the_second_level_is_escalated_when_it_is_reached(one, two):
    analyst = person("credit_analyst")
    request = asked(level("approver_1"), level("credit_analyst"))
    absence(analyst)
    answer(request, by=one)
    assert told(request, "escalated") == [two.pk]
    assert answer(request, by=two).state == "approved"


# Nobody


def test_nobody_at_all_is_stuck_and_administrators_are_told():
    boss = person("administrator")
    request = asked(level("approver_1"))
    assert request.stuck_since == NOW
    assert (told(request, "stuck"), written(request)) == (
        [boss.pk],
        ["opened", "escalated", "stuck"],
    )
    chase(at=NOW + HOUR)
    assert (told(request, "stuck"), len(written(request))) == ([boss.pk], 3)


def test_stuck_is_freed_when_somebody_comes_and_they_are_asked():
    request = asked(level("approver_1"))
    comer = person("approver_1")
    chase(at=NOW + HOUR)
    assert again(request).stuck_since is None
    assert (told(request, "asked"), written(request)[-1]) == ([comer.pk], "freed")
    assert answer(request, by=comer).state == "approved"


def test_stuck_a_second_time_tells_a_second_time(one):
    boss = person("administrator")
    away = absence(one)
    request = asked(level("approver_1"))
    end_absence(absence_id=away.pk, by=one, at=NOW)
    chase(at=NOW + HOUR)
    absence(one)
    chase(at=NOW + 2 * HOUR)
    assert again(request).stuck_since == NOW + 2 * HOUR
    assert told(request, "stuck") == [boss.pk, boss.pk]


def test_stuck_where_one_of_all_is_missing_though_another_is_there(one):
    request = asked(level("approver_1", "credit_analyst", need="all"))
    assert request.stuck_since == NOW
    assert waiting(one, TODAY) == [request]


def test_stuck_after_everybody_of_level_and_escalation_has_left(one, two):
    request = asked(level("approver_1", hours=1))
    chase(at=NOW + DAY)
    for each in (one, two):
        each.is_active = False
        each.save()
    chase(at=NOW + DAY + HOUR)
    assert again(request).stuck_since == NOW + DAY + HOUR


def test_stuck_for_want_of_a_row_until_the_matrix_has_one(one):
    matrix(rows=[row("huge", level("approver_1"), amount=["1000.00", None])])
    request = orders.open_request(orders.failed())
    assert (request.stuck_since, request.route) == (NOW, {})
    chase(at=NOW + HOUR)
    matrix(level("approver_1"))
    chase(at=NOW + 2 * HOUR)
    assert again(request).stuck_since is None
    assert written(request) == ["opened", "stuck", "freed"]
    assert answer(request, by=one).state == "approved"
