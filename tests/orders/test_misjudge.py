"""Holds and checks that stopped an order without a cause."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from journal.models import Entry
from orders import lifecycle
from orders.errors import OrderError
from orders.models import Misjudgment
from tests.factories import orders
from tests.factories.moments import HOUR, NOW
from tests.factories.refusals import refuse_inserts
from tests.factories.staff import person, superuser
from tests.factories.traces import everything, journal, last_entry
from tests.orders.pages import as_role

pytestmark = pytest.mark.django_db


def released_hold(**values):
    hold = orders.hold(orders.released(), **values)
    return lifecycle.release_hold(hold_id=hold.pk, note="fine", by=superuser(), at=NOW)


def wrong(hold, *, by=None, reason="the address was right"):
    by = by or person("credit_analyst")
    return lifecycle.mark_wrongly_held(hold_id=hold.pk, reason=reason, by=by, at=NOW + HOUR)


def misjudged(order, code="limit", *, by=None, reason="was paid"):
    return lifecycle.mark_misjudged(
        decision_id=order.decisions.latest("pk").pk,
        code=code,
        reason=reason,
        by=by or person("credit_analyst"),
        at=NOW + HOUR,
    )


def test_mark_wrongly_held_keeps_reason_who_and_when():
    hold, by = released_hold(), person("credit_analyst")
    made = wrong(hold, by=by)
    assert (made.code, made.reason, made.by, made.at) == (
        "address",
        "the address was right",
        by,
        NOW + HOUR,
    )
    assert journal(hold.order, since=6) == [("order.wrongly_held", "", "", by.pk)]
    assert last_entry(hold.order).data == {"reason": "address", "source": "person"}


def test_mark_wrongly_held_refuses_a_hold_that_stands():
    hold, by = orders.hold(orders.released()), superuser()
    before = everything()
    with pytest.raises(OrderError, match="Release the hold first"):
        wrong(hold, by=by)
    assert everything() == before


def test_mark_wrongly_held_twice_refuses_the_second():
    hold, by = released_hold(), superuser()
    wrong(hold)
    before = everything()
    with pytest.raises(OrderError, match="already"):
        wrong(hold, by=by)
    assert everything() == before


@pytest.mark.parametrize("role", ["warehouse", "sales_manager", "finance", "auditor"])
def test_mark_wrongly_held_refuses_who_may_not_release(role):
    hold, by = released_hold(), person(role)
    before = everything()
    with pytest.raises(PermissionDenied):
        wrong(hold, by=by)
    assert everything() == before


def test_mark_wrongly_held_of_a_forced_hold_needs_the_right_to_force():
    hold = released_hold(by=superuser(), forced=True)
    with pytest.raises(PermissionDenied):
        wrong(hold, by=person("approver_1"))
    assert wrong(hold, by=person("approver_2")).pk


def test_mark_misjudged_names_the_check():
    order, by = orders.failed(), person("credit_analyst")
    made = misjudged(order, by=by)
    assert (made.code, made.decision, made.hold) == ("limit", order.decisions.get(), None)
    assert journal(order, since=4) == [("order.misjudged", "", "", by.pk)]


def test_mark_misjudged_refuses_a_check_that_did_not_block():
    order = orders.failed()
    with pytest.raises(OrderError, match="did not stop"):
        misjudged(order, "overdue")


def test_mark_misjudged_twice_refuses_the_second():
    order = orders.failed()
    misjudged(order)
    with pytest.raises(OrderError, match="already"):
        misjudged(order)


def test_mark_misjudged_refuses_owner_and_who_may_not_decide():
    owner = superuser()
    order = orders.failed(owner=owner)
    for by in (owner, person("finance"), person("sales_manager")):
        with pytest.raises(PermissionDenied):
            misjudged(order, by=by)


@pytest.mark.parametrize(
    "mark",
    [lambda: wrong(released_hold(), reason=" "), lambda: misjudged(orders.failed(), reason=" ")],
)
def test_mark_needs_a_reason(mark):
    with pytest.raises(OrderError, match="Write why"):
        mark()


@pytest.mark.parametrize("make", [(released_hold, wrong), (orders.failed, misjudged)])
def test_mark_undoes_everything_when_the_journal_refuses(make):
    subject, by = make[0](), superuser()
    before = everything()
    with refuse_inserts(Entry), pytest.raises(IntegrityError), transaction.atomic():
        make[1](subject, by=by)
    assert everything() == before


@pytest.mark.parametrize(
    "sql", ["UPDATE orders_misjudgment SET reason = 'x'", "DELETE FROM orders_misjudgment"]
)
def test_misjudgment_is_never_changed_or_deleted(sql):
    wrong(released_hold())
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_counts_are_per_reason_and_check():
    for _ in range(2):
        wrong(released_hold())
    misjudged(orders.failed())
    assert list(Misjudgment.objects.counts()) == [
        {"code": "address", "of_hold": True, "count": 2},
        {"code": "limit", "of_hold": False, "count": 1},
    ]


def test_wrongly_held_page_leads_back_to_the_released_holds():
    hold, client = released_hold(), as_role("credit_analyst")
    page = client.get("/holds/?view=released")
    assert f"/holds/{hold.pk}/wrongly-held/?next=released" in page.content.decode()
    sent = {"reason": "the address was right", "next": "released"}
    answer = client.post(f"/holds/{hold.pk}/wrongly-held/", sent)
    assert (answer.status_code, answer.url) == (302, "/holds/?view=released")
