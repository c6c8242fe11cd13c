"""How a receipt is spread over open invoices. Pure arithmetic in the account's currency."""

from collections.abc import Iterable
from decimal import Decimal

from credit.money import ZERO

# So little left open may be written off in the same step, because chasing it costs more.
TINY_RESIDUE = Decimal("1.00")

# An invoice's id and what of a receipt goes to it.
Part = tuple[int, Decimal]


def oldest_first(items: Iterable[Part], amount: Decimal) -> list[Part]:
    """`amount` spread over (invoice id, what it can take), in the order in which they come."""
    parts = []
    for invoice_id, most in items:
        part = min(most, amount)
        if part > 0:
            parts.append((invoice_id, part))
            amount -= part
        if amount <= ZERO:
            break
    return parts
