"""What an order learns from its invoices, when receipts, credit notes and write-offs reach them."""

from datetime import datetime
from decimal import Decimal

from credit import lifecycle as credit
from journal.record import record
from orders.enums import OrderAction
from orders.lifecycle.fulfil import complete_if_done
from orders.lifecycle.steps import lock_order
from orders.models import Order
from staff.models import User


def follow_invoice(
    *, order_id: int, paid: Decimal, by: User, at: datetime, happened_at: datetime
) -> Order:
    """Bring what is paid of the order along with its invoices; complete it when all is done.

    The right was asked for where the money was recorded, and the ledger has moved already: the
    caller holds the account's lock. `paid` is negative when money was taken off again; an order
    that was completed stays so, but it counts as unpaid.
    """
    order = lock_order(order_id)
    order.paid_amount += paid
    if not credit.order_exposure(order.pk).used:
        order.paid_at = order.paid_at or happened_at
    elif order.paid_amount < order.total:
        order.paid_at = None
    order.save(update_fields=["paid_amount", "paid_at"])
    if paid:
        record(
            action=OrderAction.PAID if paid > 0 else OrderAction.PAYMENT_UNDONE,
            subject=order,
            by=by,
            at=happened_at,
            from_state=order.state,
            to_state=order.state,
            data={"currency": order.currency, "amount": abs(paid), "left": order.unpaid},
        )
    return complete_if_done(order, by, at)
