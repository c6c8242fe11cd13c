"""How an order finds the earlier orders of its customer without reading through all of them."""

from django.db import models
from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import MD5, Lower, Trim


def address_key(address: str | Combinable) -> MD5:
    """Equal for addresses that differ only in case and in spaces around them.

    The index below holds exactly this expression: change both together.
    """
    return MD5(Lower(Trim(address)))


_RELEASED = Q(approved_at__isnull=False)

HISTORY_INDEXES = [
    models.Index(fields=["customer", "-submitted_at"], name="order_by_submission"),
    models.Index(fields=["customer", "-approved_at"], name="order_by_release", condition=_RELEASED),
    models.Index(
        "customer",
        address_key("ship_to_address"),
        "approved_at",
        name="order_by_address",
        condition=_RELEASED,
    ),
]
