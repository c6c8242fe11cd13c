"""Money of an order that goes back to the customer."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from credit import exposure
from credit import lifecycle as credit
from credit.enums import AdjustmentKind
from credit.exposure import OrderExposure
from credit.money import ZERO, is_amount
from orders import policies
from orders.enums import CLAIMLESS, OrderAction, PaymentMethod
from orders.errors import OrderError, TooEarly
from orders.lifecycle.books import complete_if_done, in_account, in_order, journal, post, went_on
from orders.lifecycle.conditions import follow_conditions
from orders.lifecycle.follow import adjusted
from orders.lifecycle.steps import guard_past, guard_reason, lock, may
from orders.models import Order, OrderRefund
from staff.figures import money
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def refund(
    *,
    order_id: int,
    amount: Decimal,
    reason: str,
    by: User,
    happened_at: datetime,
    at: datetime,
    method: str = PaymentMethod.TRANSFER,
    reference: str = "",
) -> Order:
    """Give money of an order back, in its currency: at most what was paid beyond what is asked.

    Of an order that was not carried out that is everything. Money that had paid for goods that came
    back leaves a credit note on their invoice. Raises PermissionDenied, InFuture, or OrderError for
    more than that, without a reason, and for a bank reference that this order already has.
    """
    account, order = lock(order_id)
    may(by, policies.can_refund, order)
    guard_past(happened_at, at)
    guard_reason(reason)
    held = credit.order_exposure(order.pk)
    counted = _counted(order, amount, held)
    _guard(order, amount, counted, reference)
    values = {"method": method, "reference": reference, "reason": reason}
    OrderRefund.objects.create(order=order, amount=amount, at=happened_at, recorded_by=by, **values)
    credit.refund_for_order(
        order_id=order.pk, amount=counted, by=by, happened_at=happened_at, at=at, **values
    )
    post(account, order, exposure.refund(counted), by, happened_at)
    _count(order, amount)
    follow_conditions(account, order, by=by, at=happened_at)
    figures = {"amount": amount, "reference": reference, "paid": order.paid_amount}
    journal(order, OrderAction.REFUNDED, order.state, by, happened_at, figures, reason)
    return went_on(complete_if_done(order, by, at), at)


def _counted(order: Order, amount: Decimal, held: OrderExposure) -> Decimal:
    """The refund in the currency of the account; the last one takes all that the order has."""
    if amount == order.paid_amount:
        return held.paid
    return min(in_account(order, amount), held.paid) if is_amount(amount) else ZERO


def _count(order: Order, amount: Decimal) -> None:
    """Take the money off what the order was paid, and count the credit notes that it left."""
    order.paid_amount -= amount
    order.credited_amount = in_order(order, adjusted(order.pk, AdjustmentKind.CREDIT_NOTE))
    if order.state in CLAIMLESS and order.paid_amount < order.owed:
        order.paid_at = None
    order.save(update_fields=["paid_amount", "credited_amount", "paid_at"])


def _guard(order: Order, amount: Decimal, counted: Decimal, reference: str) -> None:
    if not is_amount(amount) or amount <= 0:
        raise OrderError(_("The amount must be more than 0, in whole cents."))
    if amount > order.overpaid or counted <= 0:
        raise TooEarly(
            _("At most %(most)s %(currency)s can be given back: what was paid beyond what is owed.")
            % {"most": money(order.overpaid), "currency": order.currency}
        )
    if reference and order.refunds.filter(reference=reference).exists():
        raise OrderError(
            _("The refund with reference %(reference)s is recorded already.")
            % {"reference": reference}
        )
