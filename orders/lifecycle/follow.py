"""What an order learns from its invoices, when receipts, credit notes and write-offs reach them."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from credit import lifecycle as credit
from credit.enums import AdjustmentKind
from credit.models import InvoiceAdjustment
from credit.money import ZERO
from journal.record import record
from orders.enums import OrderAction
from orders.lifecycle.books import complete_if_done, in_order
from orders.lifecycle.conditions import follow_conditions
from orders.lifecycle.steps import lock_order
from orders.models import Order
from staff.models import User


def follow_invoice(
    *, order_id: int, paid: Decimal, by: User, at: datetime, happened_at: datetime
) -> Order:
    """Bring what is paid and credited of the order along with its invoices; complete it when done.

    The right was asked for where the money was recorded, and the ledger has moved already: the
    caller holds the account's lock. `paid` is negative when money was taken off again; an order
    that was completed stays so, but it counts as unpaid.
    """
    order = lock_order(order_id)
    # Parts in another currency are rounded, so taking them all off again may come to a cent more.
    order.paid_amount = max(order.paid_amount + in_order(order, paid), ZERO)
    order.credited_amount = in_order(order, adjusted(order_id, AdjustmentKind.CREDIT_NOTE))
    order.written_off = in_order(order, adjusted(order_id, AdjustmentKind.WRITE_OFF))
    # An order whose release was void, or covers a part only, does not hold all that is owed.
    if order.approved_at and not order.unreleased and not credit.order_exposure(order.pk).used:
        order.paid_at = order.paid_at or happened_at
    elif order.paid_amount < order.asked:
        order.paid_at = None
    order.save(update_fields=["paid_amount", "credited_amount", "written_off", "paid_at"])
    follow_conditions(order.account, order, by=by, at=happened_at)
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


def adjusted(order_id: int, kind: AdjustmentKind) -> Decimal:
    """What adjustments of a kind took off the order's invoices, in the account's currency."""
    notes = InvoiceAdjustment.objects.filter(kind=kind, invoice__order_id=order_id)
    return notes.aggregate(sum=Sum("amount"))["sum"] or ZERO
