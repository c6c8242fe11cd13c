"""When an order came to be paid or invoiced in full, whatever was told first."""

from datetime import datetime

from django.db.models import Max

from credit.money import ZERO
from journal.models import Entry
from orders.enums import OrderAction
from orders.models import Order


def paid_in_full_at(order: Order, at: datetime) -> datetime:
    """When what was paid came to what is asked, whatever was told first.

    Every payment and return so far is stored, also the one just recorded, which happened `at`.
    """
    returned = list(order.returns.values_list("at", "amount"))
    steps = [(moment, ZERO, -amount) for moment, amount in returned]
    steps += [
        (moment, amount, ZERO) for moment, amount in order.payments.values_list("at", "amount")
    ]
    asked, paid = order.asked + sum((amount for _moment, amount in returned), ZERO), ZERO
    for moment, more, less in sorted(steps):
        paid, asked = paid + more, asked + less
        if paid >= asked > ZERO or paid > ZERO >= asked:
            return moment
    return at


def last_invoice_at(order: Order, happened_at: datetime) -> datetime:
    """When nothing was left to invoice: the moment of the last invoice, told in whatever order."""
    told = Entry.objects.filter(order_id=order.pk, action=OrderAction.INVOICED)
    return max(told.aggregate(last=Max("at"))["last"] or happened_at, happened_at)
