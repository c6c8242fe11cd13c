"""What happens to an order in the world, as messages in the order in which they happened.

A life names no row of a database: orders, products and warehouses go by their numbers, so that two
worlds can live the same lives.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from orders.events.messages import Message
from tests.factories.moments import DAY, HOUR, NOW

BEGINNING = NOW - 20 * DAY
PRODUCTS, WAREHOUSES, PIECES, PRICE = 30, 2, 10, 7
SENDER = "wms"
# Not messages: somebody enters the order, and submits it.
ENTERED, SUBMITTED = "entered", "submitted"


@dataclass(frozen=True)
class Life:
    """One order: its lines as numbers of products, and what happens, oldest first."""

    number: int
    products: tuple[int, ...]
    messages: list[Message]

    @property
    def total(self):
        return PIECES * PRICE * len(self.products)


class Living:
    """Makes up a life, one moment after the other."""

    def __init__(self, number, random):
        self.number, self.random = number, random
        self.at = BEGINNING + timedelta(minutes=random.randrange(2000))
        self.products = tuple(random.sample(range(PRODUCTS), random.choice([1, 1, 2])))
        self.messages = []
        self.piece = PRICE * len(self.products)
        self.total = self.to_invoice = PIECES * self.piece
        self.out = self.came = self.invoiced = self.to_credit = 0

    def happens(self, kind, **payload):
        self.at += timedelta(minutes=self.random.randrange(1, 300))
        message = Message(
            source=SENDER,
            external_id=f"{self.number}-{len(self.messages)}",
            kind=kind,
            happened_at=self.at,
            reference=f"R{self.number}",
            reference_source="import",
            payload=payload,
        )
        self.messages.append(message)

    def lines(self, pieces):
        return [{"sku": sku(number), "quantity": str(pieces)} for number in self.products]

    def live(self):
        random = self.random
        warehouse = f"W{random.randrange(WAREHOUSES)}"
        parts = random.choice([[10], [10], [4, 6], [1, 9], [4], [6, 3]])
        payments = random.choice([[], [self.total], [20, self.total - 20], [30], [15, 10]])
        by_part = random.random() < 0.5
        if random.random() < 0.2:
            self.ask(random.choice([9, 25]))
        for part in parts:
            if payments and random.random() < 0.5:
                self.pay(payments.pop(0))
            self.send(part, warehouse, f"T{self.number}-{part}")
            self.come_back(warehouse, 0.1)
            if by_part:
                self.ask(part * self.piece)
            self.come_back(warehouse, 0.3)
        if sum(parts) == PIECES and random.random() < 0.8:
            self.happens("delivered")
        for amount in random.choice([[], [self.total], [25, self.total]]):
            self.ask(amount)
        self.come_back(warehouse, 0.3)
        for amount in payments:
            self.pay(amount)
        self.give_back()
        return Life(self.number, self.products, self.messages)

    def ask(self, amount):
        """An invoice, of what is left to invoice at most."""
        if amount := min(amount, self.to_invoice):
            self.to_invoice -= amount
            self.invoiced += amount
            number = f"I{self.number}-{len(self.messages)}"
            self.happens("invoiced", number=number, amount=str(amount))

    def give_back(self):
        """What was paid by mistake goes back. Which money that was, only its sender can say."""
        money = [one for one in self.messages if one.kind == "payment"]
        if sum(Decimal(one.payload["amount"]) for one in money) < self.total:
            return
        if self.random.random() < 0.5:
            self.pay(5)
            before = [m.external_id for m in self.messages if m.kind in ("payment", "invoiced")]
            values = {"reason": "paid twice", "reference": f"B{self.number}", "after": before}
            self.happens("refund", amount="5", **values)

    def pay(self, amount):
        self.happens(
            "payment", amount=str(amount), reference=f"P{self.number}-{len(self.messages)}"
        )

    def send(self, part, warehouse, tracking):
        # Without lines the whole order is meant.
        named = part < PIECES or self.random.random() < 0.7
        lines = {"lines": self.lines(part)} if named else {}
        if self.random.random() < 0.8:
            self.happens("allocated", warehouse=warehouse, **lines)
        if self.random.random() < 0.5:
            self.happens("picked", warehouse=warehouse, **lines)
        values = {"warehouse": warehouse, "carrier": "SF", "tracking_number": tracking}
        self.happens("shipped", **lines, **values)
        self.out += part * self.piece
        for scan in ("picked_up", "in_transit", "delivered")[: self.random.randrange(4)]:
            self.happens("scanned", scan=scan, tracking_number=tracking)

    def come_back(self, warehouse, how_often):
        """Two pieces of each line: what was not invoiced of them never will be."""
        worth = 2 * self.piece
        if self.random.random() < how_often and worth <= self.out - self.came:
            free = max(self.out - self.came - self.invoiced + self.to_credit, 0)
            self.to_credit += worth - min(worth, free)
            self.to_invoice -= min(worth, free)
            self.came += worth
            self.happens("returned", lines=self.lines(2), reason="too many", warehouse=warehouse)


def sku(number):
    return f"TORTURE{number}"


def counts(random, how_many):
    """Counts of all stock of a warehouse, at moments of their own."""
    return [
        Message(
            source=SENDER,
            external_id=f"count-{number}",
            kind="counted",
            happened_at=BEGINNING + random.randrange(1, 20 * 24) * HOUR + timedelta(seconds=number),
            payload={
                "warehouse": f"W{number % WAREHOUSES}",
                "lines": [
                    {"sku": sku(each), "on_hand": str(random.randrange(10_000))}
                    for each in range(PRODUCTS)
                ],
            },
        )
        for number in range(how_many)
    ]


def of(message, source):
    """The same message from another sender, so that two worlds fit into one database."""
    return replace(message, source=source)


def paid(life):
    return sum(Decimal(m.payload["amount"]) for m in life.messages if m.kind == "payment")
