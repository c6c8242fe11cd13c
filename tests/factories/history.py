"""Past orders of a customer by the thousand, written behind the verbs' back."""

from decimal import Decimal

from orders.models import Order
from tests.factories.moments import DAY, HOUR, NOW


def past_orders(account, count, *, total="100.00", before=NOW - DAY, apart=HOUR, **values):
    """Orders with the moments of a release, the latest of them at `before`; lines they have none.

    Their state stays draft, which nobody asks about who looks back; with `cancelled_at` they end.
    """
    total, cancelled_at = Decimal(total), values.pop("cancelled_at", None)
    values = {"ship_to_address": "1 Old Street", "currency": account.currency} | values
    values |= {"net": total, "total": total, "account": account, "customer": account.customer}
    made = Order.objects.bulk_create(
        Order(
            **values,
            owner=account.customer.owner,
            **dict.fromkeys(("created_at", "submitted_at", "approved_at"), before - place * apart),
        )
        for place in range(count)
    )
    if cancelled_at:
        ended = Order.objects.filter(pk__in=[order.pk for order in made])
        ended.update(state="cancelled", closed_at=cancelled_at)
    return made
