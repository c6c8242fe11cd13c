"""Orders that wait for credit, and who is served first when some arrives."""

from django.db.models import F, Q

from credit.models import CreditAccount
from orders.enums import OrderState
from orders.models import Order
from orders.querysets import OrderQuerySet


def waiting(account_id: int | None = None) -> OrderQuerySet:
    """The orders that failed the gate, in the order in which they are asked again.

    VIP customers first, then the earliest promised day, then who submitted first. With an account
    those of all that share its credit: the whole group it belongs to.
    """
    orders = Order.objects.filter(state=OrderState.CREDIT_FAILED)
    if account_id is not None:
        ancestors = CreditAccount.objects.values_list("ancestors", flat=True).get(pk=account_id)
        top = ancestors[-1] if ancestors else account_id
        sharing = Q(pk=top) | Q(ancestors__contains=[top])
        orders = orders.filter(account__in=CreditAccount.objects.filter(sharing))
    return orders.order_by(
        "-customer__vip", F("promised_at").asc(nulls_last=True), "submitted_at", "pk"
    )


def place(order: Order) -> tuple[int, int] | None:
    """Which place the order has in line for its customer's credit, and how many wait in all.

    None for an order that does not wait, or waits alone.
    """
    line = list(waiting(order.account_id).values_list("pk", flat=True))
    if order.pk not in line or len(line) < 2:
        return None
    return line.index(order.pk) + 1, len(line)
