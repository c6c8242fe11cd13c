"""Taking messages in: each counts once, early ones wait, and what is refused is kept to be seen.

A message is applied by the verb that a person would use, with the rights of whoever sent it. One
that comes too early waits, and takes its turn in the transaction of what it waited for, in the
order in which things happened.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction

from credit.lifecycle import CreditError
from journal.record import record
from orders import policies
from orders.enums import EventKind, EventState, OrderAction
from orders.errors import OrderError
from orders.events import acts
from orders.events.messages import (
    EventAnswer,
    Message,
    content_of,
    guard_same,
    named,
    said,
)
from orders.events.waiting import can_come
from orders.lifecycle.answer import REFUSALS
from orders.lifecycle.steps import guard_past, guard_reason, lock, lock_named, lock_order
from orders.models import FulfilmentEvent, Order
from orders.models.event import EventQuerySet
from staff.batch import insert_unless_there
from staff.models import User
from staff.sentences import sentence as _
from staff.sentences import words_of


def take_events(*, messages: Iterable[Message], by: User, at: datetime) -> list[EventAnswer]:
    """Take many messages, each by itself and committed by itself, in the order in which they come.

    The answers are in the same order. Call it outside a transaction, for the locks of one message
    must be let go before those of the next are taken.
    """
    return [_taken(message, by, at) for message in messages]


def _taken(message: Message, by: User, at: datetime) -> EventAnswer:
    try:
        return take_event(**named(message), by=by, at=at)
    except REFUSALS as refusal:
        return EventAnswer(refusal=refusal)


@transaction.atomic
def take_event(
    *,
    source: str,
    external_id: str,
    kind: str,
    happened_at: datetime,
    by: User,
    at: datetime,
    reference: str = "",
    reference_source: str = "",
    payload: Mapping[str, Any] | None = None,
) -> EventAnswer:
    """Take one message: applied, kept waiting, or refused with the reason, and kept in any case.

    What it says is what `Message` says. The same message again answers what became of the first,
    and changes nothing. Raises, with nothing kept, PermissionDenied, InvalidEvent for a message
    that is wrong in itself, InFuture, or EventConflict for another message under the same number.
    """
    message = Message(
        source, external_id, kind, happened_at, reference, reference_source, payload or {}
    )
    content = content_of(message)
    if not policies.can_post(by, kind):
        raise PermissionDenied(_("You may not tell of such events."))
    guard_past(happened_at, at)
    told = said(message, content)
    event = FulfilmentEvent(source=source, external_id=external_id, received_at=at, by=by, **told)
    event.because(_("It has just come in."))
    if not insert_unless_there(event):
        return _again(event, told, by)
    order = None if kind == EventKind.COUNTED else lock_named(reference, reference_source)
    _guard_seen(order, by)
    if order is not None:
        _in_turn(order, event, at)
    elif not _apply(event, None, at) and event.state == EventState.WAITING:
        # Its order may have been entered meanwhile, which then knew nothing of the event.
        transaction.on_commit(partial(adopt, event_ids=[event.pk], at=at))
    return EventAnswer(event)


def _again(event: FulfilmentEvent, told: Mapping[str, Any], by: User) -> EventAnswer:
    """What became of the message that came under this number before."""
    events = FulfilmentEvent.objects.select_related("order__customer")
    known = events.get(source=event.source, external_id=event.external_id)
    _guard_seen(known.order, by)
    guard_same(known, told)
    return EventAnswer(known, again=True)


def _guard_seen(order: Order | None, by: User) -> None:
    if order is not None and not policies.can_see(by, order):
        raise PermissionDenied(_("You may not tell of events of this order."))


@transaction.atomic
def apply_waiting(*, order_id: int, at: datetime) -> None:
    """Let the messages that wait for something to happen to an order take their turn.

    Called where something did, whoever it was; each is applied with the rights of its sender.
    """
    _account, order = lock(order_id)
    _in_turn(order, None, at)


def adopt(*, event_ids: Iterable[int], at: datetime) -> int:
    """Find the orders of events that came before them, and let them take their turn; how many did.

    Whoever stores such an order or such an event asks this once it is committed: the later of the
    two sees the other.
    """
    found = 0
    for event_id in event_ids:
        with transaction.atomic():
            event = FulfilmentEvent.objects.get(pk=event_id)
            order = lock_named(event.reference, event.reference_source)
            if order is not None:
                _join(event_id, order, at)
                found += 1
    return found


def _join(event_id: int, order: Order, at: datetime) -> None:
    alone = FulfilmentEvent.objects.waiting().filter(pk=event_id, order__isnull=True)
    if alone.update(order=order):
        order.events_wait = True
        _in_turn(order, None, at)


def orphans() -> EventQuerySet:
    """Events that wait for their order to be entered under its number at its source."""
    waiting = FulfilmentEvent.objects.waiting()
    return waiting.filter(order__isnull=True).exclude(reference_source="")


@transaction.atomic
def retry(*, event_id: int, by: User, at: datetime) -> FulfilmentEvent:
    """Try a message again that waits or was refused, as its sender.

    Raises PermissionDenied, or OrderError for one that is settled.
    """
    event = _locked(event_id, by)
    if event.order is None:
        event.order = lock_named(event.reference, event.reference_source)
        event.save(update_fields=["order"])
    if event.order is None:
        _apply(event, None, at)
    else:
        _in_turn(event.order, event, at)
    return event


@transaction.atomic
def dismiss(*, event_id: int, reason: str, by: User, at: datetime) -> FulfilmentEvent:
    """Give a message up that waits or was refused, with the reason; it is never applied.

    Raises PermissionDenied, or OrderError without a reason and for one that is settled.
    """
    event = _locked(event_id, by)
    guard_reason(reason)
    was, event.state = event.state, EventState.DISMISSED
    event.because(reason.strip())
    event.settled_by = by
    event.save(update_fields=["state", "why", "said", "settled_by"])
    _tell(event, OrderAction.EVENT_DISMISSED, by, at, was=was)
    if event.order is not None:
        _in_turn(event.order, None, at)
    return event


def _locked(event_id: int, by: User) -> FulfilmentEvent:
    """The event, locked behind its order, for who may settle it."""
    events = FulfilmentEvent.objects.select_related("by", "order__customer")
    event = events.get(pk=event_id)
    if not policies.can_settle(by, event):
        raise PermissionDenied(_("You may not look after this event."))
    order = lock(event.order_id)[1] if event.order_id else None
    event = events.select_for_update(of=("self",)).get(pk=event_id)
    if order is not None:
        event.order = order
    if event.state not in (EventState.WAITING, EventState.REFUSED):
        raise OrderError(
            _("This event is %(state)s already.") % {"state": EventState(event.state).label}
        )
    return event


def _in_turn(order: Order, event: FulfilmentEvent | None, at: datetime) -> None:
    """Apply the event and then, as long as one gets through, those that wait, as they happened.

    The caller holds the locks of the order and its account.
    """
    waited = order.events_wait
    if waited:
        # The verbs that are called now need not look for any: that is done here.
        Order.objects.filter(pk=order.pk).update(events_wait=False)
    applied = event is None or _apply(event, order, at)
    while waited and applied:
        applied = any(_apply(one, order, at) for one in _others(order.pk, event))
    if waited or (event is not None and event.state == EventState.WAITING):
        _note_waiting(order.pk)


def _others(order_id: int, event: FulfilmentEvent | None) -> list[FulfilmentEvent]:
    waiting = FulfilmentEvent.objects.waiting().filter(order=order_id).select_related("by", "order")
    return list(waiting.exclude(pk=event.pk) if event else waiting)


def _note_waiting(order_id: int) -> None:
    waits = FulfilmentEvent.objects.waiting().filter(order=order_id).exists()
    Order.objects.filter(pk=order_id).update(events_wait=waits)


def _apply(event: FulfilmentEvent, order: Order | None, at: datetime) -> bool:
    """Let the event happen, or note why it does not; whether it did."""
    was, event.order = event.state, order
    at = max(at, event.received_at)
    try:
        acts.carry_out(event, at)
    except (*REFUSALS, CreditError, ObjectDoesNotExist) as refusal:
        _keep(event, refusal, was, at)
        return False
    event.state, event.applied_at = EventState.APPLIED, at
    event.because("")
    event.save(update_fields=["state", "why", "said", "applied_at", "order"])
    return True


def _keep(event: FulfilmentEvent, refusal: Exception, was: str, at: datetime) -> None:
    new, before = was == EventState.WAITING, (event.why, event.said)
    event.state = EventState.WAITING if _waits(event, refusal) else EventState.REFUSED
    event.because(words_of(refusal) or _("You may not do this."))
    told = event.state == was and (event.why, event.said) == before
    event.save(update_fields=["state", "why", "said", "order"])
    if new and not told and event.order_id:
        waits = event.state == EventState.WAITING
        action = OrderAction.EVENT_WAITS if waits else OrderAction.EVENT_REFUSED
        _tell(event, action, event.by, at, was="")


def _waits(event: FulfilmentEvent, refusal: Exception) -> bool:
    if event.order is None:
        # Its order may still come under the number that it has at its source.
        unknown = isinstance(refusal, Order.DoesNotExist)
        return unknown and bool(event.reference_source)
    return can_come(event.kind, lock_order(event.order.pk), refusal)


def _tell(event: FulfilmentEvent, action: OrderAction, by: User, at: datetime, *, was: str) -> None:
    record(
        action=action,
        subject=event,
        order_id=event.order_id,
        by=by,
        at=at,
        from_state=was,
        to_state=event.state,
        reason=event.words,
        data={"kind": event.kind, "source": event.source, "number": event.external_id},
    )
