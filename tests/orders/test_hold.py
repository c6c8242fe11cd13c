import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from journal.models import Entry
from orders import lifecycle
from orders.errors import OrderError
from orders.models import Hold
from tests.factories import orders
from tests.factories.moments import HOUR, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person, superuser
from tests.factories.traces import everything, journal, last_entry, ledger

pytestmark = pytest.mark.django_db


def release(hold, *, by=None, note="called them"):
    return lifecycle.release_hold(
        hold_id=hold.pk, note=note, by=by or person("credit_analyst"), at=NOW + HOUR
    )


def test_place_hold_keeps_reason_note_and_who():
    order, by = orders.released(), person("warehouse")
    hold = orders.hold(order, by=by)
    assert (hold.reason, hold.note, hold.placed_by, hold.placed_at) == (
        "address",
        "which door?",
        by,
        NOW,
    )
    assert journal(order, since=4) == [("order.held", "", "", by.pk)]
    assert last_entry(order).data == {"reason": "address", "forced": False, "source": "person"}
    assert ledger(order) == [("reserve", "", "reserved", "90.00")]


def test_place_hold_twice_gives_a_set_of_holds():
    order = orders.released()
    first, second = orders.hold(order), orders.hold(order, note="and the phone")
    release(first)
    assert list(order.holds.active()) == [second]


def test_place_hold_forced_needs_the_right_to_force():
    order, by = orders.released(), person("warehouse")
    with pytest.raises(PermissionDenied):
        orders.hold(order, by=by, forced=True)
    assert orders.hold(order, by=person("credit_analyst"), forced=True).forced


@pytest.mark.parametrize("note", ["", "  "])
def test_place_hold_needs_a_note(note):
    order = orders.released()
    with pytest.raises(OrderError, match="Write why"):
        orders.hold(order, note=note)


def test_release_hold_keeps_who_when_and_why():
    order, by = orders.released(), person("credit_analyst")
    hold = release(orders.hold(order), by=by)
    stored = Hold.objects.get(pk=hold.pk)
    assert (stored.released_at, stored.released_by) == (NOW + HOUR, by)
    assert stored.release_note == last_entry(order).reason == "called them"
    assert journal(order, since=5) == [("order.hold_released", "", "", by.pk)]


def test_release_hold_twice_refuses_the_second():
    hold = orders.hold(orders.released())
    release(hold)
    before, by = everything(), person("credit_analyst")
    with pytest.raises(OrderError, match="released already"):
        release(hold, by=by)
    assert everything() == before


@pytest.mark.parametrize("note", ["", "  "])
def test_release_hold_needs_a_note(note):
    hold = orders.hold(orders.released())
    with pytest.raises(OrderError, match="Write why"):
        release(hold, note=note)


@pytest.mark.parametrize("role", ["warehouse", "sales_manager", "finance", "auditor"])
def test_release_hold_refuses_who_may_only_place_them(role):
    hold = orders.hold(orders.released())
    with pytest.raises(PermissionDenied):
        release(hold, by=person(role))


def test_release_hold_that_is_forced_needs_the_right_to_force():
    hold = orders.hold(orders.released(), by=superuser(), forced=True)
    with pytest.raises(PermissionDenied):
        release(hold, by=person("approver_1"))
    assert release(hold, by=person("approver_2")).released_at


def test_release_hold_refuses_the_owner_of_the_order():
    owner = superuser()
    hold = orders.hold(orders.released(owner=owner))
    with pytest.raises(PermissionDenied):
        release(hold, by=owner)


def test_release_hold_undoes_everything_when_the_journal_refuses():
    hold, by = orders.hold(orders.released()), superuser()
    before = everything()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        release(hold, by=by)
    assert everything() == before


def test_place_hold_by_a_rule_needs_no_person():
    order = orders.released()
    hold = lifecycle.place_hold(
        order_id=order.pk, reason="fraud", note="x", by=None, at=NOW, source="rule"
    )
    assert (hold.source, hold.placed_by) == ("rule", None)


def test_place_hold_by_force_needs_a_person():
    order = orders.released()
    values = {"reason": "fraud", "note": "x", "by": None, "at": NOW, "source": "rule"}
    with pytest.raises(PermissionDenied):
        lifecycle.place_hold(order_id=order.pk, forced=True, **values)


@pytest.mark.parametrize("values", [{"forced": True}, {"source": "person"}])
def test_database_refuses_to_free_by_itself_what_only_a_person_may(values):
    order, by = orders.released(), superuser()
    hold = orders.hold(order, by=by, **{"source": "rule"} | values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(released_at=NOW, release_note="x")
