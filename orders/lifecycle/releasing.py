"""Releasing an order: its credit is reserved, and the release is good for what the policy says."""

from datetime import datetime
from decimal import Decimal

from credit import exposure
from credit import lifecycle as credit
from credit.exposure import OrderExposure
from credit.models import CreditAccount
from credit.money import ZERO, quantize
from journal.record import entry
from orders import gate
from orders.enums import OrderAction
from orders.errors import OrderError
from orders.lifecycle.steps import step
from orders.models import Decision, Order
from staff.batch import Batch
from staff.models import User
from staff.sentences import sentence as _

TERMS = ("rate", "released_until", "released_total", "ship_when_paid", "unreleased")
NOTHING = OrderExposure()


def held_while_waiting(order: Order) -> OrderExposure:
    """What an order that waits for its release holds: claims of invoices from an earlier one."""
    return credit.order_exposure(order.pk) if order.has_invoice else NOTHING


def release(
    account: CreditAccount,
    order: Order,
    result: gate.GateResult,
    made: Decision,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
    held: OrderExposure = NOTHING,
    batch: Batch,
) -> None:
    """Reserve what the decision found beyond what is held already, when the batch is sent.

    An order released as cash takes no credit, and ships only when it is paid; what is not released
    takes none either. Raises OrderError without an exchange rate.
    """
    guard_rate(order, result)
    reserved = max(to_hold(order, result) - held.used, ZERO)
    credit.post(
        account=account,
        moves=exposure.reserve(reserved),
        order_id=order.pk,
        document=order.number,
        by=by,
        at=at,
        batch=batch,
    )
    was = order.state
    order.approved_at = at
    set_terms(order, result, at)
    step(order, order.to_approved, "approved_at", *TERMS, batch=batch)
    released = entry(
        action=OrderAction.APPROVED,
        subject=order,
        by=by,
        at=at,
        from_state=was,
        to_state=order.state,
        reason=reason,
        data={
            "decision": made.pk,
            "kind": made.kind,
            "reserved": reserved,
            "currency": made.currency,
            "used": account.used,
            "waived": sorted(made.reason_codes),
        },
    )
    batch.insert([released])


def to_hold(order: Order, result: gate.GateResult) -> Decimal:
    """What a released order has to hold of the limit, in the account's currency."""
    if result.cash or result.rate is None:
        return ZERO
    if not order.unreleased:
        return result.amount.amount
    return quantize(max(order.unpaid - order.unreleased, ZERO) * result.rate)


def set_terms(order: Order, result: gate.GateResult, at: datetime) -> None:
    """Note on the order what its release is worth: the rate, up to when, and up to how much."""
    order.rate, order.ship_when_paid = result.rate, result.cash
    order.released_until, order.released_total = result.good_until(at), order.total


def guard_rate(order: Order, result: gate.GateResult) -> None:
    """Raises OrderError where nothing can be reserved, since nobody knows how much it would be."""
    if result.rate is None:
        raise OrderError(
            _("There is no exchange rate for %(currency)s. Ask an administrator to enter it.")
            % {"currency": order.currency}
        )
