"""How amounts move between the buckets. Pure arithmetic in the account's currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from credit.enums import Bucket, Movement
from credit.money import ZERO


@dataclass(frozen=True, slots=True)
class Move:
    """`amount` goes from one bucket to another; an empty bucket is the outside."""

    movement: Movement
    from_bucket: str
    to_bucket: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderExposure:
    """What one order holds in each bucket."""

    reserved: Decimal = ZERO
    delivered: Decimal = ZERO
    receivable: Decimal = ZERO
    paid: Decimal = ZERO

    @classmethod
    def of(cls, amounts: Mapping[str, Decimal]) -> "OrderExposure":
        """From a mapping of bucket to amount; buckets left out are empty."""
        return cls(**{bucket: amounts.get(bucket, ZERO) for bucket in Bucket.values})

    @property
    def used(self) -> Decimal:
        """What the order takes of the limit."""
        return self.reserved + self.delivered + self.receivable


def _moves(movement: Movement, *steps: tuple[str, str, Decimal]) -> list[Move]:
    return [Move(movement, *step) for step in steps if step[2] > 0]


def reserve(amount: Decimal) -> list[Move]:
    """A released order takes `amount` of the limit: its total less what was paid in advance."""
    return _moves(Movement.RESERVE, ("", Bucket.RESERVED, amount))


def free(order: OrderExposure) -> list[Move]:
    """A cancelled order gives back what it reserved."""
    return _moves(Movement.FREE, (Bucket.RESERVED, "", order.reserved))


def adjust(order: OrderExposure, needed: Decimal) -> list[Move]:
    """A changed order comes to reserve `needed`: more from outside, or less."""
    return _moves(
        Movement.ADJUST,
        ("", Bucket.RESERVED, needed - order.reserved),
        (Bucket.RESERVED, "", order.reserved - needed),
    )


def ship(order: OrderExposure) -> list[Move]:
    """Goods that leave turn the reservation into a delivery that waits for its invoice."""
    return _moves(Movement.SHIP, (Bucket.RESERVED, Bucket.DELIVERED, order.reserved))


def invoice(order: OrderExposure) -> list[Move]:
    """An invoice turns everything not yet invoiced into a receivable."""
    return _moves(
        Movement.INVOICE,
        (Bucket.DELIVERED, Bucket.RECEIVABLE, order.delivered),
        (Bucket.RESERVED, Bucket.RECEIVABLE, order.reserved),
    )


def pay(order: OrderExposure, amount: Decimal, *, settles: bool = False) -> list[Move]:
    """A payment settles what is furthest along first; what is left over waits as paid in advance.

    With `settles` the order counts as paid, so that whatever the amount leaves open is let go.
    """
    steps, rest = [], []
    for bucket, held in (
        (Bucket.RECEIVABLE, order.receivable),
        (Bucket.DELIVERED, order.delivered),
        (Bucket.RESERVED, order.reserved),
    ):
        part = min(amount, held)
        steps.append((bucket, Bucket.PAID, part))
        rest.append((bucket, "", held - part))
        amount -= part
    paid = _moves(Movement.PAY, *steps, ("", Bucket.PAID, amount))
    return paid + _moves(Movement.SETTLE, *rest) if settles else paid


def opening(amount: Decimal) -> list[Move]:
    """An open item brought over from another system is owed from the start."""
    return _moves(Movement.OPENING, ("", Bucket.RECEIVABLE, amount))


def allocate(amount: Decimal) -> list[Move]:
    """A receipt that is allocated to an invoice pays `amount` of it."""
    return _moves(Movement.ALLOCATE, (Bucket.RECEIVABLE, Bucket.PAID, amount))


def unallocate(amount: Decimal) -> list[Move]:
    """An allocation that is undone leaves the invoice owed again."""
    return _moves(Movement.UNALLOCATE, (Bucket.PAID, Bucket.RECEIVABLE, amount))


def credit_note(amount: Decimal) -> list[Move]:
    """A credit note lets a part of an invoice go: nobody owes it any more."""
    return _moves(Movement.CREDIT_NOTE, (Bucket.RECEIVABLE, "", amount))


def write_off(amount: Decimal) -> list[Move]:
    """A write-off gives a part of an invoice up as lost."""
    return _moves(Movement.WRITE_OFF, (Bucket.RECEIVABLE, "", amount))


def refund(amount: Decimal) -> list[Move]:
    """Money given back to the customer is no longer paid."""
    return _moves(Movement.REFUND, (Bucket.PAID, "", amount))
