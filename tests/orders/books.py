"""What an order should hold in each bucket, told step by step in whole cents.

Plain Python that knows nothing of the product's code: it is what the product is measured against.
"""

BUCKETS = ("reserved", "delivered", "receivable", "paid")
CLAIMLESS = {"draft", "rejected", "cancelled"}
CLOSED = {"completed", "rejected", "cancelled"}
UNSHIPPED = {"credit_failed", "approved"}
SHIPPABLE = {"approved", "partly_shipped"}
INVOICEABLE = SHIPPABLE | {"shipped", "delivered"}
RETURNABLE = {"partly_shipped", "shipped", "delivered", "completed"}
PAYABLE = UNSHIPPED | RETURNABLE


def part_of(amount, part, whole):
    """`amount` × `part` / `whole`, halves up; all of it for the whole and for nothing to divide."""
    return amount if part >= whole else (2 * amount * part + whole) // (2 * whole)


class Line:
    """So many pieces at a price in cents, taxed in whole per cent."""

    def __init__(self, pieces, price, tax):
        self.pieces, self.price, self.tax = pieces, price, tax
        self.shipped = self.returned = 0
        self.total = pieces * price + part_of(pieces * price, tax, 100)

    def worth(self, pieces):
        return part_of(self.total, pieces, self.pieces)


class Order:
    """One order's state, goods and money."""

    def __init__(self, lines):
        self.lines, self.state, self.holds = lines, "draft", 0
        self.total = sum(line.total for line in lines)
        self.dropped = self.invoiced = self.to_credit = self.credited = self.lost = 0
        self.all_invoiced = False
        self.held = dict.fromkeys(BUCKETS, 0)

    @property
    def used(self):
        return sum(self.held.values()) - self.held["paid"]

    @property
    def owed(self):
        return self.total - self.dropped - max(self.credited - self.to_credit, 0)

    @property
    def credit_due(self):
        return max(self.to_credit - self.credited, 0)

    @property
    def unpaid(self):
        return max(self.owed - self.lost - self.held["paid"], 0)

    @property
    def spare(self):
        """What may be given back: what is paid beyond the claim, all of it without a claim."""
        claim = 0 if self.state in CLAIMLESS else max(self.owed - self.lost, 0)
        return max(self.held["paid"] - claim, 0)

    @property
    def to_invoice(self):
        return self.total - self.dropped - self.invoiced + self.to_credit

    @property
    def unshipped(self):
        return sum(line.total - line.worth(line.shipped) for line in self.lines)

    @property
    def with_customer(self):
        return sum(line.worth(line.shipped) - line.worth(line.returned) for line in self.lines)

    def move(self, amount, source, target=None):
        """Up to `amount` from one bucket to another or out; what did not fit."""
        moved = min(amount, self.held[source])
        self.held[source] -= moved
        if target:
            self.held[target] += moved
        return amount - moved

    def release(self):
        self.state = "approved"
        self.held["reserved"] += self.unpaid

    def pay(self, amount):
        self.held["paid"] += amount
        for bucket in ("receivable", "delivered", "reserved"):
            amount = self.move(amount, bucket)
        self.end()

    def ship(self, pieces):
        for line, count in zip(self.lines, pieces, strict=True):
            line.shipped += count
        left = self.unshipped
        self.move(max(self.held["reserved"] - left, 0), "reserved", "delivered")
        done = all(line.shipped == line.pieces for line in self.lines)
        self.state = "shipped" if done else "partly_shipped"

    def deliver(self):
        self.state = "delivered"
        self.end()

    def invoice(self, amount):
        waiting = self.held["delivered"] + self.held["reserved"]
        paid_ahead = max(self.to_invoice - waiting, 0)
        claim = waiting if amount == self.to_invoice else max(amount - paid_ahead, 0)
        self.move(self.move(claim, "delivered", "receivable"), "reserved", "receivable")
        self.invoiced += amount
        self.end()

    def give_back(self, pieces):
        uninvoiced = max(self.with_customer - self.invoiced + self.to_credit, 0)
        before = self.with_customer
        for line, count in zip(self.lines, pieces, strict=True):
            line.returned += count
        back = before - self.with_customer
        self.drop(back, min(back, uninvoiced), "delivered", "reserved")

    def close_short(self):
        rest = self.unshipped
        self.drop(rest, min(rest, self.to_invoice), "reserved", "delivered")
        self.move(self.held["reserved"], "reserved", "delivered")
        self.state = "shipped"

    def drop(self, amount, free, *buckets):
        self.dropped += amount
        self.to_credit += amount - free
        for bucket in buckets:
            free = self.move(free, bucket)
        self.end()

    def credit(self, amount):
        self.credited += amount
        self.move(amount, "receivable")
        self.end()

    def write_off(self, amount):
        self.lost += amount
        self.move(amount, "receivable")
        self.end()

    def refund(self, amount):
        """Money that no invoice took goes first; the rest leaves a credit note behind."""
        settled = self.invoiced - self.credited - self.lost - self.held["receivable"]
        self.credited += max(amount - (self.held["paid"] - settled), 0)
        self.held["paid"] -= amount
        self.end()

    def end(self):
        if self.state in INVOICEABLE and not self.to_invoice and (self.invoiced or self.dropped):
            self.all_invoiced = True
        settled = self.all_invoiced and not self.unpaid and not (self.credit_due and self.used)
        if self.state == "delivered" and settled:
            self.state = "completed"
