"""A form that is sent twice makes one order."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from orders.models import Order
from staff.models import User

_REMEMBERED_FOR = 24 * 3600  # seconds


def once(token: str, by: User, make: Callable[[], Order]) -> tuple[Order, bool]:
    """The order that `make` makes or has made for this token; and whether it was made just now.

    Two requests that arrive together wait for each other. An empty token is never remembered.
    """
    if not token:
        return make(), True
    digest = salted_hmac("orders.once", f"{by.pk}:{token}").digest()
    key = f"orders.once:{digest.hex()}"
    with transaction.atomic(), connection.cursor() as cursor:
        # Held until the order is committed, so that whoever waits then finds it.
        lock = int.from_bytes(digest[:8], "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])
        made = Order.objects.filter(pk=cache.get(key, 0)).first()
        if made is not None:
            return made, False
        order = make()
        cache.set(key, order.pk, _REMEMBERED_FOR)
        return order, True
