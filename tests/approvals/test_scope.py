"""What an approval stands for, and when it stands no more."""

from decimal import Decimal

import pytest

from journal.models import Entry
from orders.errors import ReleaseLapsed
from tests.factories import credit, orders
from tests.factories.moments import DAY, HOUR, NOW
from tests.factories.routes import again, answer, asked, level, matrix, told, written
from tests.factories.staff import person

pytestmark = pytest.mark.django_db
SHIPPING = NOW + 400 * DAY


@pytest.fixture
def one():
    return person("approver_1")


def amend(order, total, at=NOW + HOUR, **header):
    return orders.lifecycle.amend(
        order_id=order.pk, header=orders.header(**header), lines=[orders.line(total)],
        reason="more", seen_version=order.version, by=order.owner, at=at,
    )  # fmt: skip


def approved(one):
    return again(answer(asked(level("approver_1")), by=one))


def test_approval_stands_for_version_amount_currency_and_a_time(one):
    request = approved(one)
    assert (request.order_version, request.amount, request.currency) == (1, 90, "CNY")
    assert request.valid_until == request.order.released_until > NOW
    assert request.decision.reason_codes == {"limit"}


def test_amendment_beyond_the_approval_lapses_it_and_asks_anew(one):
    old = approved(one)
    order = amend(old.order, "900.00")
    old, new = again(old), orders.open_request(order)
    assert (old.state, old.lapse_reason, old.lapsed_at) == ("lapsed", "amended", NOW + HOUR)
    assert (new.order_version, new.amount, new.currency) == (2, 900, "CNY")
    assert (new.valid_until, new.requested_by) == (None, order.owner)
    assert answer(new, by=one, at=NOW + HOUR).state == "approved"


def test_lapse_is_in_the_journal_and_told_to_owner_and_approvers(one):
    two = person("approver_2")
    request = asked(level("approver_1"), level("approver_2"))
    answer(request, by=one)
    answer(request, by=two)
    amend(again(request).order, "900.00")
    entry = Entry.objects.get(action="approval.lapsed")
    assert (entry.from_state, entry.to_state, entry.data["why"]) == (
        "approved",
        "lapsed",
        "amended",
    )
    assert told(request, "lapsed") == sorted([request.order_owner_id, one.pk, two.pk])
    assert written(request)[-1] == "lapsed"


def test_amendment_that_the_release_covers_leaves_the_approval(one):
    request = approved(one)
    amend(request.order, "80.00")
    assert (again(request).state, again(request).order.state) == ("approved", "approved")


def test_approval_lapses_by_age_when_the_order_is_to_ship(one):
    request = approved(one)
    with pytest.raises(ReleaseLapsed):
        orders.lifecycle.check_release(
            order_id=request.order_id, by=person("warehouse"), happened_at=SHIPPING, at=SHIPPING
        )
    old, new = again(request), orders.open_request(request.order)
    assert (old.state, old.lapse_reason) == ("lapsed", "expired")
    assert new.requested_by.groups.get().name == "warehouse"
    assert answer(new, by=one, at=SHIPPING).state == "approved"


def test_lapsed_approval_never_stands_again(one):
    request = approved(one)
    amend(request.order, "900.00")
    new = orders.open_request(request.order)
    answer(new, "reject", by=one, at=NOW + HOUR)
    assert (again(request).state, again(new).state) == ("lapsed", "rejected")


@pytest.mark.parametrize("end", [orders.cancel, orders.take_back])
def test_request_of_an_order_taken_back_or_cancelled_is_withdrawn(one, end):
    person("approver_2")
    request = asked(level("approver_1"), level("approver_2"))
    answer(request, by=one)
    end(request.order)
    request = again(request)
    assert (request.state, written(request)) == ("withdrawn", ["opened", "endorsed", "withdrawn"])
    assert not request.seats.filter(state__in=["asked", "waiting"]).exists()


def test_request_is_withdrawn_when_the_check_passes_at_last(one):
    request = asked(level("approver_1"), level("approver_2"))
    answer(request, by=one)
    credit.limits([request.order.account], "500.00", valid_from=NOW.date())
    orders.lifecycle.reevaluate(order_id=request.order_id, by=None, at=NOW + HOUR)
    assert (again(request).state, again(request).decided_by) == ("withdrawn", None)


def test_released_order_cancelled_keeps_its_approval_and_a_copy_asks_anew(one):
    request = approved(one)
    orders.cancel(request.order)
    assert again(request).state == "approved"
    matrix(level("approver_1"))
    copy = orders.submit(orders.draft(request.order.account, "90.00"))
    assert orders.open_request(copy).amount == Decimal(90)
