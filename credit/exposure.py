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
    """An order asked about again comes to hold `needed`: more from outside, or less.

    What is delivered or invoiced of it already counts towards that.
    """
    needed = max(needed - order.delivered - order.receivable, ZERO)
    return _moves(
        Movement.ADJUST,
        ("", Bucket.RESERVED, needed - order.reserved),
        (Bucket.RESERVED, "", order.reserved - needed),
    )


def ship(order: OrderExposure, staying: Decimal = ZERO) -> list[Move]:
    """Goods that leave turn the reservation into a delivery that waits for its invoice.

    `staying` is the value of what has not left after them: no more than that stays reserved. So
    what was paid or invoiced in advance counts for the goods that leave first, and it makes no
    difference whether the money or the goods were recorded first. Without it everything leaves.
    """
    leaving = max(order.reserved - staying, ZERO)
    return _moves(Movement.SHIP, (Bucket.RESERVED, Bucket.DELIVERED, leaving))


def claim(order: OrderExposure, amount: Decimal, rest: Decimal) -> Decimal:
    """How much of an invoice of `amount` is still to pay, where `rest` was left to invoice.

    What was paid in advance settles the first invoices; the last one claims all that is left.
    """
    waiting = order.delivered + order.reserved
    if amount >= rest:
        return waiting
    in_advance = max(rest - waiting, ZERO)
    return min(max(amount - in_advance, ZERO), waiting)


def invoice(order: OrderExposure, claimed: Decimal | None = None) -> list[Move]:
    """An invoice turns what it claims into a receivable, what has shipped first.

    Without an amount it claims everything not yet invoiced.
    """
    if claimed is None:
        claimed = order.delivered + order.reserved
    shipped = min(claimed, order.delivered)
    return _moves(
        Movement.INVOICE,
        (Bucket.DELIVERED, Bucket.RECEIVABLE, shipped),
        (Bucket.RESERVED, Bucket.RECEIVABLE, min(claimed - shipped, order.reserved)),
    )


def close_short(order: OrderExposure, amount: Decimal) -> list[Move]:
    """What never ships is let go: `amount` less is owed, and nothing stays reserved.

    More is let go than was reserved when money paid for the rest now pays for what was shipped.
    """
    freed = min(amount, order.reserved)
    more = min(amount - freed, order.delivered)
    return [
        *_moves(
            Movement.SHORT,
            (Bucket.RESERVED, "", freed),
            (Bucket.DELIVERED, "", more),
        ),
        *_moves(Movement.SHIP, (Bucket.RESERVED, Bucket.DELIVERED, order.reserved - freed)),
    ]


def take_back(order: OrderExposure, amount: Decimal) -> list[Move]:
    """Goods that came back before their invoice: `amount` less is owed.

    It comes off what has shipped, then off what is reserved for the rest of the order, which money
    paid for the returned goods now pays for.
    """
    back = min(amount, order.delivered)
    more = min(amount - back, order.reserved)
    return _moves(
        Movement.RETURN,
        (Bucket.DELIVERED, "", back),
        (Bucket.RESERVED, "", more),
    )


def restore(order: OrderExposure, amount: Decimal, staying: Decimal) -> list[Move]:
    """Goods taken back before their earlier invoice was known are claimed again.

    Up to `staying`, the value of what has not left, it is reserved; the rest is delivered.
    """
    kept = min(amount, max(staying - order.reserved, ZERO))
    return _moves(
        Movement.ADJUST,
        ("", Bucket.RESERVED, kept),
        ("", Bucket.DELIVERED, amount - kept),
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
