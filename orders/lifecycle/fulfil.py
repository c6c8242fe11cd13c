"""What happens to a released order in the world: money, goods, papers.

Every verb takes two moments: `happened_at`, when it happened, which may lie in the past, and `at`,
the present, which it may not pass.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from credit import exposure
from credit import lifecycle as credit
from credit.days import company_day
from credit.exposure import Move
from credit.models import CreditAccount
from credit.money import LARGEST, ZERO, is_amount
from journal.record import record
from orders import policies
from orders.enums import OrderAction, OrderState, PaymentMethod
from orders.errors import OrderError, OrderHeld, WrongState
from orders.lifecycle.steps import guard_past, guard_state, lock, may
from orders.models import Order, Payment, Shipment
from staff.models import User

PAYABLE = set(OrderState) - {OrderState.DRAFT, OrderState.REJECTED, OrderState.CANCELLED}
INVOICEABLE = (OrderState.APPROVED, OrderState.SHIPPED, OrderState.DELIVERED)


@transaction.atomic
def record_payment(
    *,
    order_id: int,
    amount: Decimal,
    by: User,
    happened_at: datetime,
    at: datetime,
    method: str = PaymentMethod.TRANSFER,
    reference: str = "",
    settles: bool = False,
) -> Order:
    """Record money received, in the order's currency; it counts for this order only.

    `settles` declares the order paid although the amounts differ, as a source system may.
    Raises PermissionDenied, WrongState, InFuture, or OrderError for an impossible amount and for a
    bank reference that this order already has.
    """
    account, order = lock(order_id)
    may(by, policies.can_pay, order)
    guard_past(happened_at, at)
    _guard_payment(account, order, amount, reference)
    Payment.objects.create(
        order=order,
        amount=amount,
        method=method,
        reference=reference,
        at=happened_at,
        recorded_by=by,
    )
    held = credit.order_exposure(order.pk)
    _post(account, order, exposure.pay(held, amount, settles=settles), by, happened_at)
    credit.receive_for_order(
        account=account,
        order_id=order.pk,
        amount=amount,
        by=by,
        at=happened_at,
        method=method,
        reference=reference,
    )
    if settles:
        credit.declare_paid(order_id=order.pk, by=by, at=happened_at)
    order.paid_amount += amount
    # Credit notes and write-offs may have left less to pay than the total.
    last = 0 < held.used <= amount
    if order.paid_at is None and (settles or last or order.paid_amount >= order.total):
        order.paid_at = happened_at
    order.save(update_fields=["paid_amount", "paid_at"])
    figures = {"amount": amount, "reference": reference, "left": order.unpaid}
    _journal(order, OrderAction.PAID, order.state, by, happened_at, figures)
    return complete_if_done(order, by, at)


@transaction.atomic
def settle(*, order_id: int, by: User, happened_at: datetime, at: datetime) -> Order:
    """Declare an order of imported history paid, where its source says when but not how much.

    What it still uses of the limit is let go. Raises PermissionDenied, WrongState, InFuture, or
    OrderError for any other order.
    """
    account, order = lock(order_id)
    may(by, policies.can_pay, order)
    guard_past(happened_at, at)
    if order.state not in PAYABLE:
        raise _takes_no_payment(order)
    if not order.history or order.paid_at:
        raise OrderError(_("Record the payment of this order with its amount."))
    held = credit.order_exposure(order.pk)
    _post(account, order, exposure.pay(held, ZERO, settles=True), by, happened_at)
    credit.declare_paid(order_id=order.pk, by=by, at=happened_at)
    order.paid_at = happened_at
    order.save(update_fields=["paid_at"])
    figures = {"amount": ZERO, "left": order.unpaid}
    _journal(order, OrderAction.PAID, order.state, by, happened_at, figures)
    return complete_if_done(order, by, at)


@transaction.atomic
def ship(
    *,
    order_id: int,
    by: User,
    happened_at: datetime,
    at: datetime,
    carrier: str = "",
    tracking_number: str = "",
) -> Order:
    """Record that the goods left. Raises PermissionDenied, WrongState, InFuture or OrderHeld."""
    account, order = lock(order_id)
    may(by, policies.can_ship, order)
    guard_state(order, order.to_shipped)
    guard_past(happened_at, at)
    _guard_not_held(order)
    Shipment.objects.create(
        order=order,
        carrier=carrier,
        tracking_number=tracking_number,
        at=happened_at,
        recorded_by=by,
    )
    _post(account, order, exposure.ship(credit.order_exposure(order.pk)), by, happened_at)
    was = order.state
    order.shipped_at = happened_at
    order.to_shipped()
    order.save(update_fields=["state", "shipped_at"])
    figures = {"carrier": carrier, "tracking_number": tracking_number}
    _journal(order, OrderAction.SHIPPED, was, by, happened_at, figures)
    return order


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
    _journal(order, OrderAction.DELIVERED, was, by, happened_at, {})
    return complete_if_done(order, by, at)


@transaction.atomic
def invoice(*, order_id: int, number: str, by: User, happened_at: datetime, at: datetime) -> Order:
    """Issue the invoice of a released order, due after its payment terms.

    Raises PermissionDenied, WrongState, InFuture, or OrderError when it is invoiced already or
    the number is taken.
    """
    account, order = lock(order_id)
    may(by, policies.can_invoice, order)
    guard_past(happened_at, at)
    _guard_invoice(order, number)
    held = credit.order_exposure(order.pk)
    _post(account, order, exposure.invoice(held), by, happened_at)
    issued_on = company_day(happened_at)
    try:
        credit.issue_invoice(
            account=account,
            number=number,
            order_id=order.pk,
            amount=order.total,
            open_amount=held.used,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=order.payment_days),
            by=by,
            at=happened_at,
        )
    except credit.CreditError as error:
        raise OrderError(str(error)) from error
    order.invoiced_at = happened_at
    order.save(update_fields=["invoiced_at"])
    _journal(order, OrderAction.INVOICED, order.state, by, happened_at, {"number": number})
    return complete_if_done(order, by, at)


def _post(
    account: CreditAccount, order: Order, moves: list[Move], by: User, happened_at: datetime
) -> None:
    credit.post(
        account=account,
        moves=moves,
        order_id=order.pk,
        document=order.number,
        by=by,
        at=happened_at,
    )


def _journal(
    order: Order,
    action: str,
    was: str,
    by: User,
    happened_at: datetime,
    figures: Mapping[str, object],
) -> None:
    record(
        action=action,
        subject=order,
        by=by,
        at=happened_at,
        from_state=was,
        to_state=order.state,
        data={"currency": order.currency, **figures},
    )


def complete_if_done(order: Order, by: User, at: datetime) -> Order:
    """Delivered, invoiced and paid in full: nothing is left to do."""
    done = order.state == OrderState.DELIVERED and order.invoiced_at and not order.unpaid
    if not done:
        return order
    was = order.state
    order.closed_at = at
    order.to_completed()
    order.save(update_fields=["state", "closed_at"])
    _journal(order, OrderAction.COMPLETED, was, by, at, {"total": order.total})
    return order


def _takes_no_payment(order: Order) -> WrongState:
    return WrongState(
        _("Order %(number)s is %(state)s and takes no payments.")
        % {"number": order.number, "state": OrderState(order.state).label}
    )


def _guard_payment(account: CreditAccount, order: Order, amount: Decimal, reference: str) -> None:
    if order.state not in PAYABLE:
        raise _takes_no_payment(order)
    if not is_amount(amount) or not 0 < amount <= LARGEST - account.paid:
        raise OrderError(
            _("The amount must be more than 0, in whole cents, and no larger than can be stored.")
        )
    if reference and order.payments.filter(reference=reference).exists():
        raise OrderError(
            _("The payment with reference %(reference)s is recorded already.")
            % {"reference": reference}
        )


def _guard_invoice(order: Order, number: str) -> None:
    if order.state not in INVOICEABLE:
        raise WrongState(
            _("Order %(number)s is %(state)s and cannot be invoiced.")
            % {"number": order.number, "state": OrderState(order.state).label}
        )
    if order.invoiced_at:
        raise OrderError(_("Order %(number)s is invoiced already.") % {"number": order.number})
    if not number.strip():
        raise OrderError(_("Give the invoice its number."))


def _guard_not_held(order: Order) -> None:
    holds = list(order.holds.active())
    if holds:
        reasons = ", ".join(str(hold.get_reason_display()) for hold in holds)
        raise OrderHeld(
            _("Order %(number)s is held (%(reasons)s) and cannot ship until each hold is released.")
            % {"number": order.number, "reasons": reasons}
        )
