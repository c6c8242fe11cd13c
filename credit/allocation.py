"""How a receipt is spread over open invoices. Pure arithmetic in the account's currency."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from credit.money import ZERO

# So little left open may be written off in the same step, because chasing it costs more.
TINY_RESIDUE = Decimal("1.00")

# An invoice's id and what of a receipt goes to it.
Part = tuple[int, Decimal]
# How much goes from which receipt to which invoice, by their ids.
Spread = defaultdict[tuple[int, int], Decimal]


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


def in_turn(receipts: Iterable[Part], invoices: Iterable[Part], amount: Decimal) -> Spread:
    """`amount` from (receipt id, what it has) to (invoice id, what it can take), both in turn."""
    spread: Spread = defaultdict(Decimal)
    room = dict(invoices)
    for receipt_id, has in receipts:
        for invoice_id, part in oldest_first(list(room.items()), min(has, amount)):
            spread[receipt_id, invoice_id] = part
            room[invoice_id] -= part
            amount -= part
    return spread
