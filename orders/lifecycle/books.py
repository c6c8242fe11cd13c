"""What the verbs of fulfilment write beside the order itself: ledger, journal, the end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from credit import lifecycle as credit
from credit.exposure import Move
from credit.models import CreditAccount
from journal.record import record
from orders.enums import OrderAction, OrderState
from orders.models import Order
from staff.models import User


def in_account(order: Order, amount: Decimal) -> Decimal:
    """An amount of the order in the currency of its account."""
    return amount


def in_order(order: Order, amount: Decimal) -> Decimal:
    """An amount of the order's account in the currency of the order."""
    return amount


def post(
    account: CreditAccount, order: Order, moves: Sequence[Move], by: User, happened_at: datetime
) -> None:
    """Move the order's amounts in the ledger of its locked account."""
    credit.post(
        account=account,
        moves=moves,
        order_id=order.pk,
        document=order.number,
        by=by,
        at=happened_at,
    )


def journal(
    order: Order,
    action: str,
    was: str,
    by: User,
    happened_at: datetime,
    figures: Mapping[str, object],
    reason: str = "",
) -> None:
    """Journal a step of the order, with the figures that it used."""
    record(
        action=action,
        subject=order,
        by=by,
        at=happened_at,
        from_state=was,
        to_state=order.state,
        reason=reason,
        data={"currency": order.currency, **figures},
    )


def reduce(order: Order, amount: Decimal, *, of_invoice: Decimal, at: datetime) -> Decimal:
    """Let the customer owe `amount` less, and save it; returns by how much less is to invoice.

    `of_invoice` is the part that was invoiced and waits for a credit note. With nothing left to
    invoice or to pay, the order is invoiced or paid in full from here on.
    """
    order.reduction += amount
    order.to_credit += of_invoice
    if order.invoiced_at is None and not order.to_invoice:
        order.invoiced_at = at
    if order.paid_at is None and order.paid_amount and not order.unpaid:
        order.paid_at = at
    order.save(update_fields=["reduction", "to_credit", "invoiced_at", "paid_at"])
    return amount - of_invoice


def complete_if_done(order: Order, by: User, at: datetime) -> Order:
    """Delivered, invoiced and paid in full: nothing is left to do but to give money back."""
    if order.state != OrderState.DELIVERED or not order.invoiced_at or order.unpaid:
        return order
    if order.credit_due and credit.order_exposure(order.pk).used:
        return order  # an invoice is open that a credit note has to lower
    was = order.state
    order.closed_at = at
    order.to_completed()
    order.save(update_fields=["state", "closed_at"])
    journal(order, OrderAction.COMPLETED, was, by, at, {"total": order.total})
    return order
