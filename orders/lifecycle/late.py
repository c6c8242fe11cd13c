"""What is told late counts as if it had been told when it happened.

What an invoice asked for of goods that came back waits for a credit note; what was not invoiced
when they came back is simply not owed. Which is which follows from the order in which goods left,
invoices were issued and goods came back, so that it is worked out anew when one of these is told
after a later one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from credit import exposure
from credit import lifecycle as credit
from credit.models import CreditAccount
from credit.money import ZERO
from journal.models import Entry
from orders.enums import OrderAction
from orders.lifecycle.books import in_account, post, staying
from orders.models import Order, OrderLine, ReturnLine, ShipmentLine
from orders.portions import Portion
from staff.models import User

_SENT, _INVOICED, _BACK, _SHORT = range(4)
# When it happened, what it was, what it is worth. At the same moment the kinds come as above.
Step = tuple[datetime, int, Decimal]


@dataclass(slots=True)
class Course:
    """What an order of `total` came to, step by step. Pure; amounts are in its currency.

    `to_credit` is what was invoiced of goods that came back or never left, `invoiced_at` when
    nothing was left to invoice.
    """

    total: Decimal
    invoiced: Decimal = ZERO
    dropped: Decimal = ZERO
    to_credit: Decimal = ZERO
    invoiced_at: datetime | None = None
    _out: Decimal = field(default=ZERO)

    @property
    def _to_invoice(self) -> Decimal:
        return self.total - self.dropped - self.invoiced + self.to_credit

    def take(self, step: Step) -> None:
        """Go one step on; the steps come in the order of time."""
        at, kind, amount = step
        if kind == _SENT:
            self._out += amount
        elif kind == _INVOICED:
            self.invoiced += amount
        else:
            self._drop(kind, amount)
        if self.invoiced_at is None and not self._to_invoice:
            self.invoiced_at = at

    def _drop(self, kind: int, amount: Decimal) -> None:
        free = self._to_invoice
        if kind == _BACK:
            free = self._out - self.invoiced + self.to_credit
            self._out -= amount
        # Until the shipment is told that they left with, more may come back than had left.
        credited = amount - min(amount, max(free, ZERO))
        self.to_credit += min(credited, self.invoiced - self.to_credit)
        self.dropped += amount


def put_right(
    account: CreditAccount,
    order: Order,
    by: User,
    happened_at: datetime,
    *,
    invoiced: Decimal = ZERO,
) -> Course | None:
    """See to it that what waits for a credit note is what it would be had all been told in time.

    Called for what happened at `happened_at` and is stored, or with `invoiced` for an invoice in
    the order's currency that is about to be. Saves nothing of the order. None where nothing was
    told late, or where its history is not known in full, as of an order that was imported.
    """
    if not order.reduction:
        return None
    steps = list(_steps(order))
    if all(at <= happened_at for at, _kind, _amount in steps):
        return None
    if invoiced:
        steps.append((happened_at, _INVOICED, invoiced))
    course = Course(order.total)
    for step in sorted(steps):
        course.take(step)
    if (course.invoiced, course.dropped) != (order.invoiced_amount + invoiced, order.reduction):
        return None
    _claim(account, order, course.to_credit, by, happened_at)
    return course


def _claim(
    account: CreditAccount, order: Order, to_credit: Decimal, by: User, happened_at: datetime
) -> None:
    """Let so much wait for a credit note, and claim that much more or less of the customer."""
    # What a credit note took back already stays taken back.
    to_credit = max(to_credit, min(order.to_credit, order.credited_amount))
    if to_credit == order.to_credit:
        return
    order.to_credit = to_credit
    owed = order.owed + order.credit_due - order.written_off - order.unreleased - order.paid_amount
    held = credit.order_exposure(order.pk)
    more = in_account(order, max(owed, ZERO)) - held.used
    moves = exposure.take_back(held, max(-more, ZERO))
    if more > 0:
        moves = exposure.restore(held, more, staying(order, order.lines.all()))
    post(account, order, moves, by, happened_at)


def _steps(order: Order) -> Iterator[Step]:
    lines = {line.pk: line for line in order.lines.all()}
    sent = ShipmentLine.objects.filter(shipment__order=order).order_by("shipment__at", "pk")
    back = ReturnLine.objects.filter(returned__order=order).order_by("returned__at", "pk")
    names = "order_line", "quantity"
    yield from _worth(lines, sent.values_list("shipment__at", *names), _SENT)
    yield from _worth(lines, back.values_list("returned__at", *names), _BACK)
    told = Entry.objects.filter(order_id=order.pk)
    for action, kind in ((OrderAction.INVOICED, _INVOICED), (OrderAction.CLOSED_SHORT, _SHORT)):
        for at, data in told.filter(action=action).values_list("at", "data"):
            yield at, kind, Decimal(data["amount"])


def _worth(
    lines: dict[int, OrderLine], moved: Iterable[tuple[datetime, int, Decimal]], kind: int
) -> Iterator[Step]:
    before = dict.fromkeys(lines, ZERO)
    for at, pk, quantity in moved:
        yield at, kind, Portion(lines[pk], quantity, before[pk]).amount
        before[pk] += quantity
