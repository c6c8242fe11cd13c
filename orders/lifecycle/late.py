"""An invoice that is told late counts as if it had been told when it was issued."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from credit import exposure
from credit import lifecycle as credit
from credit.models import CreditAccount
from credit.money import ZERO
from orders.lifecycle.books import in_account, post
from orders.models import Order
from staff.models import User


def take_in_late(
    account: CreditAccount, order: Order, amount: Decimal, by: User, happened_at: datetime
) -> None:
    """Make room for an invoice of goods that came back after it was issued, but were told of first.

    As if the invoice had come first, they stay claimed and wait for a credit note. `amount` is in
    the order's currency.
    """
    excess = amount - order.to_invoice_now
    if excess <= 0 or not order.reduction:
        return
    later = order.returns.filter(at__gt=happened_at).aggregate(sum=Sum("amount"))["sum"] or ZERO
    if excess > min(later, order.reduction - order.to_credit):
        return
    order.to_credit += excess
    order.invoiced_at = None
    owed = order.total - order.reduction + order.credit_due - order.paid_amount - order.written_off
    held = credit.order_exposure(order.pk)
    missing = max(in_account(order, max(owed, ZERO)) - held.used, ZERO)
    post(account, order, exposure.restore(missing), by, happened_at)
