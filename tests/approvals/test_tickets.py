"""A request that is stuck, or late after its escalation, becomes an exception ticket."""

import pytest

from approvals.lifecycle import chase
from exceptions.detect import scan
from exceptions.models import Ticket
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.routes import answer, asked, level
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def tickets(at):
    scan.scan_rule("approval_late", at)
    found = Ticket.objects.filter(rule__code="approval_late").order_by("pk")
    return [(ticket.order_id, ticket.cleared_at is None) for ticket in found]


def test_stuck_request_is_a_ticket_of_credit_control_until_somebody_comes():
    request = asked(level("approver_1"))
    assert tickets(NOW) == [(request.order_id, True)]
    assert Ticket.objects.get().department.code == "credit"
    assert tickets(NOW + HOUR) == [(request.order_id, True)]
    person("approver_1")
    chase(at=NOW + 2 * HOUR)
    assert tickets(NOW + 2 * HOUR) == [(request.order_id, False)]


def test_late_request_is_a_ticket_once_its_escalation_is_late_as_well():
    one, _two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1", hours=1))
    assert tickets(NOW + DAY) == []
    chase(at=NOW + DAY)
    assert tickets(NOW + DAY) == []
    assert tickets(NOW + 2 * DAY) == [(request.order_id, True)]
    answer(request, by=one, at=NOW + 2 * DAY)
    assert tickets(NOW + 2 * DAY + HOUR) == [(request.order_id, False)]


def test_late_first_level_says_nothing_of_the_second():
    one, _two = person("approver_1"), person("approver_2")
    request = asked(level("approver_1", hours=1), level("approver_2", hours=40))
    chase(at=NOW + DAY)
    answer(request, by=one, at=NOW + 2 * DAY)
    assert tickets(NOW + 2 * DAY) == []
