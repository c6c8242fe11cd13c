import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from journal import actions
from journal.models import Entry
from journal.record import entry, record
from orders.enums import OrderAction
from tests.factories import orders
from tests.factories.moments import EARLIER, HOUR, NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


def write(subject, at=NOW, **values):
    said = {"action": OrderAction.EDITED, "subject": subject, "by": None, "at": at}
    return record(**said | values)


def test_record_keeps_everything_that_is_said():
    by, order = person(), orders.draft(orders.credit.account())
    write(order, by=by, from_state="a", to_state="b", reason="why", data={"amount": order.total})
    stored = Entry.objects.latest("pk")
    assert (stored.by, stored.at, stored.reason) == (by, NOW, "why")
    assert (stored.from_state, stored.to_state) == ("a", "b")
    assert (stored.subject_type, stored.subject_id) == ("orders.order", order.pk)
    assert stored.figure("amount") == "90.00" and stored.figure("other") is None


def test_record_about_an_order_is_on_its_own_timeline():
    order = orders.draft(orders.credit.account())
    assert write(order, order_id=None).order_id == order.pk


def test_record_about_something_else_is_on_the_timeline_that_is_named():
    order = orders.draft(orders.credit.account())
    assert write(order.account, order_id=order.pk).order_id == order.pk
    assert write(order.account).order_id is None


def test_record_knows_when_it_was_told():
    late = write(person(), at=EARLIER)
    late.refresh_from_db()
    assert late.at == EARLIER and late.recorded_at > EARLIER


def test_record_by_the_system_has_nobody():
    assert write(person()).by is None


def test_record_refuses_an_action_that_nobody_declared():
    with pytest.raises(KeyError):
        entry(action="order.dreamt", subject=person(), by=None, at=NOW)


def test_for_order_gives_the_newest_first():
    order = orders.draft(orders.credit.account())
    later, earlier = write(order, at=NOW + HOUR), write(order, at=EARLIER)
    entered = Entry.objects.get(order_id=order.pk, action=OrderAction.CREATED)
    assert list(Entry.objects.for_order(order.pk)) == [later, entered, earlier]


def test_about_gives_what_happened_to_the_subject_itself():
    one, other = person(), person()
    write(one), write(other)
    assert [e.subject_id for e in Entry.objects.about(one)] == [one.pk]


@pytest.mark.parametrize("change", [{"reason": "other"}, {"by": None}, {"at": NOW}])
def test_entry_cannot_be_changed(change):
    write(person(), by=person(), at=EARLIER)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Entry.objects.update(**change)


def test_entry_cannot_be_deleted():
    write(person())
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Entry.objects.all()._raw_delete(using="default")
    assert Entry.objects.count() == 1


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_label_reads_in_every_language(language):
    with translation.override(language):
        assert actions.label(OrderAction.SUBMITTED) and str(write(person()))


def test_label_exists_for_every_entry_that_the_verbs_write():
    order = orders.completed()
    assert all(e.label for e in Entry.objects.for_order(order.pk))
