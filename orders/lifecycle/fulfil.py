"""What happens to the goods of a released order: they leave, arrive, come back, or never go.

Every verb takes two moments: `happened_at`, when it happened, which may lie in the past, and `at`,
the present, which it may not pass. Quantities are by the id of the order's line.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from credit import exposure
from credit import lifecycle as credit
from credit.models import CreditAccount
from credit.money import ZERO
from orders import policies, portions
from orders.enums import RETURNABLE, HoldReason, OrderAction, OrderState
from orders.errors import OrderError, OrderHeld, WrongState
from orders.lifecycle.allocating import goods_left, let_go_of_goods
from orders.lifecycle.books import (
    complete_if_done,
    journal,
    let_go,
    post,
    reduce,
    staying,
    went_on,
)
from orders.lifecycle.conditions import follow_conditions, guard_conditions
from orders.lifecycle.late import put_right
from orders.lifecycle.reconsider import check_release, release_is_good
from orders.lifecycle.steps import guard_past, guard_reason, guard_state, lock, may, seen
from orders.lifecycle.stocking import guard_warehouse, move_in
from orders.models import Order, OrderLine, Return, ReturnLine, Shipment, ShipmentLine
from orders.portions import Portion
from staff.models import User
from staff.sentences import sentence as _
from staff.sentences import side_by_side


def ship(
    *,
    order_id: int,
    by: User,
    happened_at: datetime,
    at: datetime,
    quantities: Mapping[int, Decimal] | None = None,
    carrier: str = "",
    tracking_number: str = "",
    warehouse_id: int | None = None,
) -> Order:
    """Record that goods left: the quantities named, or all that is left to ship.

    They are not on hand at the warehouse any more, and not allocated; without a warehouse the stock
    is not known to change.

    Where the release had grown too old when they left, the gate is asked again first, and what it
    finds stays. Then their share of what is reserved becomes delivered. Raises PermissionDenied,
    WrongState, InFuture, OrderHeld, ConditionsOpen, InvalidQuantity for more than is left and for
    nothing at all, or ReleaseLapsed when the order went back to the approvers.
    """
    if not release_is_good(seen(order_id), happened_at):
        check_release(order_id=order_id, by=by, happened_at=happened_at, at=at)
    return _send(
        order_id=order_id,
        by=by,
        happened_at=happened_at,
        at=at,
        quantities=quantities,
        carried={"carrier": carrier, "tracking_number": tracking_number},
        warehouse_id=warehouse_id,
    )


@transaction.atomic
def _send(
    *,
    order_id: int,
    by: User,
    happened_at: datetime,
    at: datetime,
    quantities: Mapping[int, Decimal] | None,
    carried: dict[str, str],
    warehouse_id: int | None,
) -> Order:
    account, order = lock(order_id)
    may(by, policies.can_ship, order)
    guard_state(order, order.to_shipped)
    guard_past(happened_at, at)
    _guard_not_held(order)
    _guard_paid(order)
    guard_warehouse(warehouse_id)
    lines = list(order.lines.all())
    rest = portions.value(portions.rest(lines))
    leaving = portions.to_ship(lines, quantities)
    part = portions.value(leaving)
    guard_conditions(order, part, rest)
    shipment = Shipment(
        order=order, warehouse_id=warehouse_id, at=happened_at, recorded_by=by, **carried
    )
    _load(shipment, leaving)
    goods_left(order, lines, shipment, leaving, by=by)
    held = credit.order_exposure(order.pk)
    post(account, order, exposure.ship(held, staying(order, lines)), by, happened_at)
    _put_right(account, order, by, happened_at)
    was, last = order.state, not any(line.unshipped for line in lines)
    figures: dict[str, object] = {**carried}
    if last:
        _all_sent(order)
        journal(order, OrderAction.SHIPPED, was, by, happened_at, figures)
        return went_on(order, at)
    if was == OrderState.APPROVED:
        order.to_partly_shipped()
        order.save(update_fields=["state"])
    figures |= {"amount": part, "left": rest - part}
    journal(order, OrderAction.PARTLY_SHIPPED, was, by, happened_at, figures)
    return went_on(order, at)


@transaction.atomic
def close_short(
    *, order_id: int, reason: str, by: User, happened_at: datetime, at: datetime
) -> Order:
    """Give up what has not shipped of a partly shipped order, which goes on as shipped.

    The customer owes that much less; what was invoiced of it waits for a credit note. Raises
    PermissionDenied, WrongState, InFuture, or OrderError without a reason.
    """
    account, order = lock(order_id)
    may(by, policies.can_close_short, order)
    if order.state != OrderState.PARTLY_SHIPPED:
        raise WrongState(_("Only an order of which a part has shipped can be closed short."))
    guard_past(happened_at, at)
    guard_reason(reason)
    short = portions.value(portions.rest(order.lines.all()))
    of_invoice = short - min(short, order.to_invoice)
    # What was not released reserved nothing, so that nothing of it is let go.
    unreserved, order.unreleased = order.unreleased, ZERO
    freed = reduce(order, short, of_invoice=of_invoice, at=happened_at) - unreserved
    held = credit.order_exposure(order.pk)
    post(account, order, exposure.close_short(held, let_go(order, freed, held)), by, happened_at)
    follow_conditions(account, order, by=by, at=happened_at)
    let_go_of_goods(order, by=by, at=happened_at)
    was = order.state
    _all_sent(order)
    figures = {"amount": short, "owed": order.owed, "credit_due": of_invoice}
    journal(order, OrderAction.CLOSED_SHORT, was, by, happened_at, figures, reason)
    return went_on(order, at)


@transaction.atomic
def deliver(*, order_id: int, by: User, happened_at: datetime, at: datetime) -> Order:
    """Record that the customer received the goods.

    The ledger moved when they left. Raises PermissionDenied, WrongState, InFuture, or OrderError
    for a delivery before the shipment.
    """
    _account, order = lock(order_id)
    may(by, policies.can_deliver, order)
    guard_state(order, order.to_delivered)
    guard_past(happened_at, at)
    if order.shipped_at and happened_at < order.shipped_at:
        raise OrderError(_("The delivery cannot be before the shipment. Check both times."))
    was = order.state
    order.delivered_at = happened_at
    order.to_delivered()
    order.save(update_fields=["state", "delivered_at"])
    journal(order, OrderAction.DELIVERED, was, by, happened_at, {})
    return went_on(complete_if_done(order, by, at), at)


@transaction.atomic
def return_goods(
    *,
    order_id: int,
    quantities: Mapping[int, Decimal],
    reason: str,
    by: User,
    happened_at: datetime,
    at: datetime,
    warehouse_id: int | None = None,
) -> Order:
    """Record goods that came back: the customer owes that much less.

    With a warehouse they are on hand there again, fit to be sold. What was not invoiced leaves the
    ledger; what was waits for a credit note. Raises PermissionDenied, WrongState, InFuture,
    OrderError without a reason, or InvalidQuantity for more than the customer has.
    """
    account, order = lock(order_id)
    may(by, policies.can_return_goods, order)
    _guard_returnable(order)
    guard_past(happened_at, at)
    guard_reason(reason)
    guard_warehouse(warehouse_id)
    lines = list(order.lines.all())
    back = portions.to_return(lines, quantities)
    worth, uninvoiced = portions.value(back), portions.with_customer(lines) - order.invoiced_net
    made = Return(order=order, reason=reason, amount=worth, at=happened_at, recorded_by=by)
    made.warehouse_id = warehouse_id
    _unload(made, back)
    move_in(made, back, by=by)
    of_invoice = worth - min(worth, max(uninvoiced, ZERO))
    freed = reduce(order, worth, of_invoice=of_invoice, at=happened_at)
    held = credit.order_exposure(order.pk)
    post(account, order, exposure.take_back(held, let_go(order, freed, held)), by, happened_at)
    _put_right(account, order, by, happened_at)
    follow_conditions(account, order, by=by, at=happened_at)
    figures = {"amount": worth, "owed": order.owed, "credit_due": of_invoice}
    journal(order, OrderAction.RETURNED, order.state, by, happened_at, figures, reason)
    return went_on(complete_if_done(order, by, at), at)


def _put_right(account: CreditAccount, order: Order, by: User, happened_at: datetime) -> None:
    """What is told after something that happened later changes what is to be credited."""
    if course := put_right(account, order, by, happened_at):
        order.invoiced_at = None if order.to_invoice else course.invoiced_at
        order.save(update_fields=["to_credit", "invoiced_at"])


def _all_sent(order: Order) -> None:
    """Nothing is left to ship: the order shipped when the last of its goods left."""
    order.shipped_at = order.shipments.aggregate(last=Max("at"))["last"]
    order.to_shipped()
    order.save(update_fields=["state", "shipped_at"])


def _load(shipment: Shipment, leaving: Sequence[Portion]) -> None:
    shipment.save()
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, order_line=portion.line, quantity=portion.quantity)
        for portion in leaving
    )
    for portion in leaving:
        portion.line.shipped += portion.quantity
    OrderLine.objects.bulk_update([portion.line for portion in leaving], ["shipped"])


def _unload(made: Return, back: Sequence[Portion]) -> None:
    made.save()
    ReturnLine.objects.bulk_create(
        ReturnLine(returned=made, order_line=portion.line, quantity=portion.quantity)
        for portion in back
    )
    for portion in back:
        portion.line.returned += portion.quantity
    OrderLine.objects.bulk_update([portion.line for portion in back], ["returned"])


def _guard_returnable(order: Order) -> None:
    if order.state not in RETURNABLE:
        raise WrongState(
            _("Order %(number)s is %(state)s, so no goods can come back.")
            % {"number": order.number, "state": OrderState(order.state).label}
        )


def _guard_paid(order: Order) -> None:
    if order.ship_when_paid and order.unpaid:
        raise OrderHeld(
            _("Order %(number)s was released without credit and ships when it is paid.")
            % {"number": order.number}
        )


def _guard_not_held(order: Order) -> None:
    holds = list(order.holds.active())
    if holds:
        reasons = side_by_side(HoldReason(hold.reason).label for hold in holds)
        raise OrderHeld(
            _("Order %(number)s is held (%(reasons)s) and cannot ship until each hold is released.")
            % {"number": order.number, "reasons": reasons}
        )
