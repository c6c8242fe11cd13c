"""The money of a released order: payments, and the invoices that ask for them.

Every verb takes two moments: `happened_at`, when it happened, which may lie in the past, and `at`,
the present, which it may not pass.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from credit import exposure
from credit import lifecycle as credit
from credit.days import company_day
from credit.exposure import OrderExposure
from credit.models import CreditAccount
from credit.money import LARGEST, ZERO, is_amount
from orders import policies, portions
from orders.enums import INVOICEABLE, PAYABLE, OrderAction, OrderState, PaymentMethod
from orders.errors import OrderError, TooEarly, WrongState
from orders.lifecycle.books import (
    complete_if_done,
    fix_rate,
    journal,
    next_invoice,
    post,
    received,
    went_on,
)
from orders.lifecycle.conditions import follow_conditions
from orders.lifecycle.late import put_right
from orders.lifecycle.moments import last_invoice_at, paid_in_full_at
from orders.lifecycle.steps import guard_past, lock, may
from orders.models import Order, Payment
from staff.figures import money
from staff.models import User


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
    _guard_payment(order, amount, reference)
    fix_rate(order, happened_at)
    made = Payment.objects.create(
        order=order,
        amount=amount,
        method=method,
        reference=reference,
        at=happened_at,
        recorded_by=by,
    )
    _book(account, order, made, settles=settles)
    follow_conditions(account, order, by=by, at=happened_at)
    figures = {"amount": amount, "reference": reference, "left": order.unpaid}
    journal(order, OrderAction.PAID, order.state, by, happened_at, figures)
    return went_on(complete_if_done(order, by, at), at)


def _book(account: CreditAccount, order: Order, payment: Payment, *, settles: bool) -> None:
    """Let the money settle what the order holds, in the ledger and on the order."""
    by, at = payment.recorded_by, payment.at
    held = credit.order_exposure(order.pk)
    counted = received(order, payment.amount, held)
    _guard_counted(account, counted)
    post(account, order, exposure.pay(held, counted, settles=settles), by, at)
    credit.receive_for_order(
        account=account,
        order_id=order.pk,
        amount=counted,
        by=by,
        at=at,
        method=payment.method,
        reference=payment.reference,
    )
    if settles:
        credit.declare_paid(order_id=order.pk, by=by, at=at)
    last = _settles(order, counted, held)
    _count(order, payment.amount, settles=settles, last=last, happened_at=at)


def _settles(order: Order, counted: Decimal, held: OrderExposure) -> bool:
    """Whether the money pays for all that the order holds.

    A write-off may have left less to pay than the customer owes in all. Of an order whose release
    was void, or covers a part only, what is held is a part too.
    """
    whole = order.approved_at is not None and not order.unreleased
    return whole and 0 < held.used <= counted


def _count(
    order: Order, amount: Decimal, *, settles: bool, last: bool, happened_at: datetime
) -> None:
    """Add the money to what the order was paid, and note when that came to all of it."""
    alone = settles or not (order.paid_amount or order.reduction)
    order.paid_amount += amount
    in_full = settles or last or order.paid_amount >= order.asked
    # A payment that is told late may be the one that came to all of it.
    if in_full and (order.paid_at is None or happened_at < order.paid_at):
        order.paid_at = happened_at if alone else paid_in_full_at(order, happened_at)
    order.save(update_fields=["paid_amount", "paid_at"])


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
    post(account, order, exposure.pay(held, ZERO, settles=True), by, happened_at)
    credit.declare_paid(order_id=order.pk, by=by, at=happened_at)
    order.paid_at = happened_at
    order.save(update_fields=["paid_at"])
    follow_conditions(account, order, by=by, at=happened_at)
    figures = {"amount": ZERO, "left": order.unpaid}
    journal(order, OrderAction.PAID, order.state, by, happened_at, figures)
    return went_on(complete_if_done(order, by, at), at)


@transaction.atomic
def invoice(
    *,
    order_id: int,
    number: str,
    by: User,
    happened_at: datetime,
    at: datetime,
    amount: Decimal | None = None,
) -> Order:
    """Issue an invoice of a released order, due after its payment terms.

    `amount` is in the order's currency; without one, what `billable` says. Raises PermissionDenied,
    WrongState, InFuture, or OrderError for more than is left to invoice or a number that is taken.
    """
    account, order = lock(order_id)
    may(by, policies.can_invoice, order)
    guard_past(happened_at, at)
    course = None
    if amount is not None and is_amount(amount):
        course = put_right(account, order, by, happened_at, invoiced=amount)
        if course and order.to_invoice:
            order.invoiced_at = None
    _guard_invoice(order, number, late=course is not None)
    if amount is None:
        amount = billable(order)
    _guard_amount(order, amount)
    held, (worth, rest) = credit.order_exposure(order.pk), next_invoice(order, amount)
    claimed = exposure.claim(held, worth, rest)
    post(account, order, exposure.invoice(held, claimed), by, happened_at)
    _issue(account, order, number, max(worth, claimed), claimed, by, happened_at)
    order.invoiced_amount += amount
    if not order.to_invoice:
        moment = course.invoiced_at if course else None
        order.invoiced_at = moment or last_invoice_at(order, happened_at)
    order.save(update_fields=["invoiced_amount", "invoiced_at", "to_credit"])
    figures = {"number": number, "amount": amount, "left": order.to_invoice}
    journal(order, OrderAction.INVOICED, order.state, by, happened_at, figures)
    return went_on(complete_if_done(order, by, at), at)


def billable(order: Order) -> Decimal:
    """What an invoice is for unless it names an amount: all that shipped and is not invoiced.

    That is all that is released before anything has shipped, and when nothing is left to ship. In
    the order's currency; 0 when everything that shipped is invoiced.
    """
    if order.state != OrderState.PARTLY_SHIPPED:
        return order.to_invoice_now
    shipped = portions.with_customer(order.lines.all())
    return min(max(shipped - order.invoiced_net, ZERO), order.to_invoice_now)


def _issue(
    account: CreditAccount,
    order: Order,
    number: str,
    amount: Decimal,
    claimed: Decimal,
    by: User,
    happened_at: datetime,
) -> None:
    issued_on = company_day(happened_at)
    try:
        credit.issue_invoice(
            account=account,
            number=number,
            order_id=order.pk,
            amount=amount,
            open_amount=claimed,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=order.payment_days),
            by=by,
            at=happened_at,
        )
    except credit.CreditError as error:
        raise OrderError(str(error)) from error


def _takes_no_payment(order: Order) -> WrongState:
    return WrongState(
        _("Order %(number)s is %(state)s and takes no payments.")
        % {"number": order.number, "state": OrderState(order.state).label}
    )


def _guard_payment(order: Order, amount: Decimal, reference: str) -> None:
    if order.state not in PAYABLE:
        raise _takes_no_payment(order)
    if not is_amount(amount) or amount <= 0:
        raise _impossible_amount()
    if reference and order.payments.filter(reference=reference).exists():
        raise OrderError(
            _("The payment with reference %(reference)s is recorded already.")
            % {"reference": reference}
        )


def _guard_counted(account: CreditAccount, amount: Decimal) -> None:
    """What a payment comes to in the account's currency has to be something, and to fit."""
    if not 0 < amount <= LARGEST - account.paid:
        raise _impossible_amount()


def _impossible_amount() -> OrderError:
    return OrderError(
        _("The amount must be more than 0, in whole cents, and no larger than can be stored.")
    )


def _guard_invoice(order: Order, number: str, *, late: bool) -> None:
    # Before all was told, goods that came back could make the order look complete.
    if order.state not in INVOICEABLE and not (late and order.state == OrderState.COMPLETED):
        raise WrongState(
            _("Order %(number)s is %(state)s and cannot be invoiced.")
            % {"number": order.number, "state": OrderState(order.state).label}
        )
    if order.invoiced_at:
        raise OrderError(_("Order %(number)s is invoiced already.") % {"number": order.number})
    if not number.strip():
        raise OrderError(_("Give the invoice its number."))
    if order.ship_when_paid and order.unpaid:
        # It reserved no credit, so that an open invoice would use a limit that nobody asked.
        raise TooEarly(_("This order takes no credit: record its payment, then invoice it."))


def _guard_amount(order: Order, amount: Decimal) -> None:
    nothing = not amount and order.to_invoice
    if not is_amount(amount) or not 0 <= amount <= order.to_invoice_now or nothing:
        raise OrderError(
            _("The invoice can be for at most %(left)s %(currency)s, and for more than 0.")
            % {"left": money(order.to_invoice_now), "currency": order.currency}
        )
