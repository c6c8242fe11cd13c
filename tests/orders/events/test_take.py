import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from journal.models import Entry
from orders import lifecycle
from orders.enums import EventKind, EventState, OrderAction, OrderState, Source
from orders.errors import InFuture, OrderError
from orders.events import lifecycle as events
from orders.events.contents import InvalidEvent, cleaned
from orders.events.messages import EventConflict, Message
from orders.lifecycle.draft import Origin
from orders.models import FulfilmentEvent
from orders.policies import EVENT_RIGHTS
from orders.tasks import take_waiting_events
from tests.factories import credit, goods, orders
from tests.factories.moments import HOUR, NOW
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_take_event_applies_what_fits_at_once():
    order = orders.shipped()
    answer = goods.tell(order)
    assert answer.event.state == EventState.APPLIED and not answer.again
    assert fresh(order).state == OrderState.DELIVERED


def test_take_event_answers_the_same_message_with_what_became_of_the_first():
    order, by = orders.shipped(), superuser()
    first = goods.tell(order, external_id="1", by=by)
    second = goods.tell(order, external_id="1", by=by, at=NOW, happened_at=NOW)
    assert second.again and second.event == first.event
    assert Entry.objects.for_order(order.pk).filter(action=OrderAction.DELIVERED).count() == 1


def test_take_event_refuses_another_message_under_the_same_number():
    order = orders.shipped()
    goods.tell(order, external_id="1")
    with pytest.raises(EventConflict, match="another content"):
        goods.tell(orders.shipped(), external_id="1")
    assert FulfilmentEvent.objects.count() == 1


def test_take_event_keeps_what_comes_early_until_its_time_has_come():
    order = orders.released()
    delivered = goods.tell(order).event
    scanned = goods.tell(order, EventKind.SCANNED, payload={"scan": "picked_up"}).event
    assert {delivered.state, scanned.state} == {EventState.WAITING}
    assert fresh(order).events_wait
    goods.tell(order, EventKind.SHIPPED)
    assert fresh(delivered).state == fresh(scanned).state == EventState.APPLIED
    order = fresh(order)
    assert order.state == OrderState.DELIVERED and not order.events_wait


@pytest.mark.parametrize("door", ["submit", "approve"])
def test_take_event_waits_for_the_release_by_whichever_door(door):
    order = orders.failed() if door == "approve" else orders.draft(credit.account())
    waiting = goods.tell(order, EventKind.SHIPPED).event
    assert waiting.state == EventState.WAITING
    orders.approve(order) if door == "approve" else orders.submit(order)
    assert fresh(waiting).state == EventState.APPLIED
    assert fresh(order).state == OrderState.SHIPPED


def test_take_event_waits_for_the_release_of_a_hold():
    order = orders.released()
    hold = orders.hold(order)
    waiting = goods.tell(order, EventKind.SHIPPED).event
    assert waiting.state == EventState.WAITING
    lifecycle.release_hold(hold_id=hold.pk, note="fine", by=person("credit_analyst"), at=NOW)
    assert fresh(waiting).state == EventState.APPLIED
    assert fresh(order).state == OrderState.SHIPPED


def test_take_event_waits_for_the_document_of_a_condition():
    order = orders.conditional(orders.failed(), orders.guarantee())
    waiting = goods.tell(order, EventKind.SHIPPED).event
    assert waiting.state == EventState.WAITING
    orders.meet(order.conditions.get())
    assert fresh(waiting).state == EventState.APPLIED
    assert fresh(order).state == OrderState.SHIPPED


def test_take_event_waits_for_an_order_that_is_not_entered_yet(django_capture_on_commit_callbacks):
    waiting = goods.tell(
        None, EventKind.SHIPPED, reference="R-1", reference_source=Source.IMPORT
    ).event
    assert (waiting.state, waiting.order) == (EventState.WAITING, None)
    with django_capture_on_commit_callbacks(execute=True):
        origin = Origin(source=Source.IMPORT, external_id="R-1")
        order = orders.draft(credit.account(), origin=origin)
    assert fresh(waiting).order == order
    assert fresh(orders.submit(fresh(order))).state == OrderState.SHIPPED


def test_take_event_refuses_what_will_never_fit_and_says_why():
    event = goods.tell(orders.cancel(orders.released()), EventKind.SHIPPED).event
    assert event.state == EventState.REFUSED
    assert "cancelled" in event.why
    entry = Entry.objects.for_order(event.order_id).first()
    assert (entry.action, entry.reason) == (OrderAction.EVENT_REFUSED, event.why)
    assert goods.tell(None, reference="SO-9999999").event.state == EventState.REFUSED


def test_take_event_takes_a_refund_that_comes_before_its_payment():
    order = orders.released("90.00")
    refund = {"amount": "10", "reason": "paid twice"}
    waiting = goods.tell(order, EventKind.REFUND, payload=refund).event
    goods.tell(order, EventKind.PAYMENT, payload={"amount": "100.00", "currency": "CNY"})
    assert fresh(waiting).state == EventState.APPLIED
    assert fresh(order).paid_amount == 90


def test_take_event_makes_room_for_an_invoice_told_after_the_return():
    order = orders.ship(orders.in_pieces(), happened_at=NOW - 5 * HOUR)
    orders.return_goods(order, "4", happened_at=NOW - HOUR)
    payload = {"number": "INV-LATE", "amount": "100"}
    event = goods.tell(order, EventKind.INVOICED, payload=payload, happened_at=NOW - 2 * HOUR).event
    assert event.state == EventState.APPLIED, event.why
    order = fresh(order)
    assert (order.invoiced_amount, order.credit_due, order.to_invoice) == (100, 40, 0)


def test_take_event_counts_stock():
    place, product = goods.warehouse(), orders.product()
    payload = {"warehouse": place.code, "lines": [{"sku": product.sku, "on_hand": "12"}]}
    goods.tell(None, EventKind.COUNTED, payload=payload)
    assert goods.stock(product, place).on_hand == 12
    payload["lines"][0]["sku"] = "NOTHING"
    assert "NOTHING" in goods.tell(None, EventKind.COUNTED, payload=payload).event.why


@pytest.mark.parametrize("kind", EventKind.values)
@pytest.mark.parametrize("role", ["sales", "credit_analyst", "auditor"])
def test_take_event_needs_the_right_of_its_verb(kind, role):
    by = person(role)
    assert not by.has_perm(EVENT_RIGHTS[kind])
    contents = {"warehouse": "W", "lines": [{"sku": "A", "on_hand": "1"}]}
    payload = contents if kind == EventKind.COUNTED else _SOUND.get(kind, {})
    with pytest.raises(PermissionDenied):
        goods.tell(orders.released(), kind, by=by, payload=payload)
    assert not FulfilmentEvent.objects.exists()


_SOUND = {
    EventKind.PAYMENT: {"amount": "1"},
    EventKind.REFUND: {"amount": "1", "reason": "-"},
    EventKind.ALLOCATED: {"warehouse": "W"},
    EventKind.PICKED: {"warehouse": "W"},
    EventKind.SCANNED: {"scan": "picked_up"},
    EventKind.RETURNED: {"lines": [{"position": 1, "quantity": "1"}], "reason": "-"},
    EventKind.INVOICED: {"number": "1"},
}


@pytest.mark.parametrize(
    ("kind", "payload", "field"),
    [
        ("stolen", {}, "kind"),
        ("payment", {}, "amount"),
        ("payment", {"amount": 12.5}, "amount"),
        ("payment", {"amount": "1.005"}, "amount"),
        ("payment", {"amount": "NaN"}, "amount"),
        ("payment", {"amount": "1", "tip": "2"}, "tip"),
        ("payment", {"amount": "1", "method": "gold"}, "method"),
        ("shipped", {"lines": [{"sku": "A", "position": 1, "quantity": "1"}]}, "lines"),
        ("shipped", {"lines": [{"position": True, "quantity": "1"}]}, "lines"),
        ("shipped", {"lines": [{"sku": "A", "quantity": "-1"}]}, "lines"),
        ("shipped", {"carrier": "x" * 81}, "carrier"),
        ("shipped", {"carrier": "a\x00b"}, "carrier"),
        ("scanned", {"scan": "lost"}, "scan"),
        ("delivered", {"after": "1"}, "after"),
        ("delivered", {"after": ["1", ""]}, "after"),
        ("delivered", {"after": ["1"] * 51}, "after"),
        ("counted", {"warehouse": "W", "lines": [{"sku": "A"}]}, "lines"),
    ],
)
def test_cleaned_names_the_field_that_is_wrong(kind, payload, field):
    with pytest.raises(InvalidEvent) as caught:
        cleaned(kind, payload)
    assert caught.value.field == field


def test_take_event_keeps_nothing_of_a_message_from_the_future():
    with pytest.raises(InFuture):
        goods.tell(orders.shipped(), happened_at=NOW + HOUR)
    assert not FulfilmentEvent.objects.exists()


def test_take_event_hides_orders_of_others():
    order, by = orders.shipped(), person("customer_service")
    by.groups.clear()
    by.user_permissions.add(*_permissions("deliver_order"))
    with pytest.raises(PermissionDenied):
        goods.tell(order, by=by)


def _permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)


def test_take_events_answers_each_by_itself():
    order, by = orders.shipped(), superuser()
    messages = [
        Message("WMS", "1", EventKind.DELIVERED, NOW, order.number),
        Message("WMS", "2", "stolen", NOW, order.number),
        Message("WMS", "1", EventKind.DELIVERED, NOW, order.number),
    ]
    first, second, third = events.take_events(messages=messages, by=by, at=NOW)
    assert first.event.state == EventState.APPLIED
    assert isinstance(second.refusal, InvalidEvent)
    assert third.again


def test_retry_applies_what_fits_by_now():
    order = orders.released()
    payload = {"warehouse": "LATE", "lines": [{"position": 1, "quantity": "1"}]}
    event = goods.tell(order, EventKind.ALLOCATED, payload=payload).event
    assert event.state == EventState.REFUSED
    place = goods.warehouse(code="LATE")
    events.retry(event_id=event.pk, by=person("warehouse"), at=timezone.now())
    assert fresh(event).state == EventState.APPLIED
    assert goods.kept(order) == [(place.code, "1", "0")]


def test_dismiss_gives_an_event_up_with_its_reason():
    order = orders.released()
    event = goods.tell(order).event
    by = person("customer_service")
    with pytest.raises(OrderError):
        events.dismiss(event_id=event.pk, reason="", by=by, at=NOW)
    events.dismiss(event_id=event.pk, reason="wrong parcel", by=by, at=NOW)
    assert fresh(event).state == EventState.DISMISSED
    orders.ship(order)
    assert fresh(order).state == OrderState.SHIPPED
    with pytest.raises(OrderError, match="already"):
        events.retry(event_id=event.pk, by=by, at=NOW)


def test_dismiss_and_retry_need_the_right_of_the_kind():
    event = goods.tell(orders.released(), EventKind.DELIVERED).event
    for verb in (events.retry, lambda **values: events.dismiss(reason="-", **values)):
        with pytest.raises(PermissionDenied):
            verb(event_id=event.pk, by=person("finance"), at=NOW)
    assert fresh(event).state == EventState.WAITING


def test_take_waiting_events_finds_what_a_process_left_behind():
    early = {"reference": "R-9", "reference_source": Source.IMPORT}
    waiting = goods.tell(None, EventKind.SHIPPED, **early).event
    order = orders.submit(
        orders.draft(credit.account(), origin=Origin(source=Source.IMPORT, external_id="R-9"))
    )
    assert fresh(waiting).order is None
    take_waiting_events()
    assert fresh(waiting).state == EventState.APPLIED
    assert fresh(order).state == OrderState.SHIPPED
