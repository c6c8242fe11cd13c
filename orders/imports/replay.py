"""Imported orders through the lifecycle: past ones with the time of every step, new ones now."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from credit.money import ZERO
from orders import lifecycle
from orders.enums import PaymentMethod, Source
from orders.imports.enums import Kind, Status
from orders.imports.past import PastOrder, PastOrders, PastPayment
from orders.imports.problems import Notes
from orders.imports.writing import RowRefused, Staged, Tell, refusing
from orders.lifecycle.answer import Answer
from orders.lifecycle.draft import Header, NewDraft, Origin
from orders.models import ImportRun, Order
from staff.models import User
from staff.sentences import sentence as _

EVERY = 50  # orders between two reports of progress
Step = tuple[datetime, Callable[[], object]]


def _guard_all(chunk: Sequence[PastOrder], answers: Sequence[Answer]) -> None:
    for past, answer in zip(chunk, answers, strict=True):
        if answer.refusal:
            raise RowRefused(past.row) from answer.refusal


class Replay:
    """Writes orders for one import, on behalf of whoever started it. `at` is the present."""

    kind, narrowed, keyless = Kind.ORDERS, "true", False
    ordered = "(data->>'submitted_at')::timestamptz, id"

    def __init__(self, run: ImportRun, by: User, at: datetime, notes: Notes) -> None:
        self.run = run
        self.by = by
        self.at = at
        self.notes = notes
        self.orders = PastOrders(run.options)

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        bring_in = self.past_orders if self.run.options.history else self.new_orders
        bring_in(self.orders.of(rows), tick)

    def new_orders(self, chunk: Sequence[PastOrder], tick: Tell) -> None:
        """Enter and submit orders as of now, together. Raises RowRefused for the first refusal."""
        drafts = [self._draft(past) for past in chunk]
        entered = lifecycle.create_drafts(drafts=drafts, by=self.by, at=self.at)
        _guard_all(chunk, entered)
        ids = [answer.order.pk for answer in entered if answer.order]
        _guard_all(chunk, lifecycle.submit_many(order_ids=ids, by=self.by, at=self.at))
        tick(len(chunk))

    def past_orders(self, chunk: Sequence[PastOrder], tick: Tell) -> None:
        """Lead each order through everything that happened to it. Raises RowRefused."""
        done = 0
        for done, past in enumerate(chunk, start=1):
            refusing(past.row, partial(self._history, past))
            if done % EVERY == 0:
                tick(EVERY)
        tick(done % EVERY)

    def _history(self, past: PastOrder) -> None:
        """Everything that happened to an order, in the order in which it did."""
        submitted = past.moment("submitted_at") or self.at
        order = self._enter(past, submitted)
        if not past.lines:
            self.notes.add("no_lines", past.key)
        lifecycle.submit(order_id=order.pk, by=self.by, at=submitted)
        steps = self._paying(past, order) + self._moving(past, order, submitted)
        for _moment, step in sorted(steps, key=lambda step: step[0]):
            step()
        self._end(past, order)

    def _enter(self, past: PastOrder, at: datetime) -> Order:
        draft = self._draft(past)
        return lifecycle.create_draft(
            customer_id=draft.customer_id,
            header=draft.header,
            lines=draft.lines,
            by=self.by,
            at=at,
            origin=draft.origin,
        )

    def _draft(self, past: PastOrder) -> NewDraft:
        values, customer = past.values, past.customer
        header = Header(
            currency=past.currency,
            payment_days=int(values.get("payment_days", customer.payment_days)),
            ship_to_name=values.get("ship_to_name", customer.ship_to_name),
            ship_to_phone=values.get("ship_to_phone", customer.phone),
            ship_to_address=values.get("ship_to_address", customer.ship_to_address),
            note=self._note(past),
            promised_at=past.moment("promised_at"),
        )
        origin = Origin(Source.IMPORT, past.key, self.run.options.history, self.run)
        return NewDraft(customer.pk, header, past.lines, origin)

    def _note(self, past: PastOrder) -> str:
        refund = past.amount("refund_amount")
        note = past.values.get("note", "")
        if not refund:
            return note
        self.notes.add("refunded", past.key)
        told = _("Refunded according to the source: %(amount)s %(currency)s.")
        return f"{note}\n{told % {'amount': refund, 'currency': past.currency}}".strip()

    def _paying(self, past: PastOrder, order: Order) -> list[Step]:
        paid_at = past.moment("paid_at")
        payments = [payment for payment in past.payments if payment.amount > 0]
        if len(payments) < len(past.payments):
            self.notes.add("payment_of_zero", past.key)
        if not past.payments and paid_at and (gross := self._gross(past, order)) > 0:
            payments = [PastPayment(gross, paid_at, PaymentMethod.OTHER, "")]
        steps: list[Step] = []
        for payment in payments:
            if moment := payment.at or paid_at:
                steps.append((moment, self._pay(order, payment, moment, not payment.at)))
            else:
                self.notes.add("payment_without_time", past.key)
        if paid_at:
            steps.append((paid_at, self._settle(past, order, paid_at)))
        return steps

    @staticmethod
    def _gross(past: PastOrder, order: Order) -> Decimal:
        """What came in when the order was paid: what stayed and what was given back later."""
        return past.amount("paid_amount") + past.amount("refund_amount") or order.total

    def _pay(
        self, order: Order, payment: PastPayment, moment: datetime, settles: bool
    ) -> Callable[[], object]:
        def pay() -> None:
            paid = lifecycle.record_payment(
                order_id=order.pk,
                amount=payment.amount,
                by=self.by,
                happened_at=moment,
                at=moment,
                method=payment.method,
                reference=payment.reference,
                settles=settles,
            )
            order.paid_at = paid.paid_at

        return pay

    def _settle(self, past: PastOrder, order: Order, moment: datetime) -> Callable[[], object]:
        def settle() -> None:
            paid = sum((payment.amount for payment in past.payments), ZERO)
            if past.payments and paid != order.total:
                self.notes.add("paid_differs", past.key)
            if order.paid_at is None:
                self.notes.add("paid_without_amount", past.key)
                lifecycle.settle(order_id=order.pk, by=self.by, happened_at=moment, at=moment)

        return settle

    def _moving(self, past: PastOrder, order: Order, submitted: datetime) -> list[Step]:
        shipped, delivered = past.moment("shipped_at"), past.moment("delivered_at")
        steps: list[Step] = []
        if shipped:
            if shipped < submitted:
                self.notes.add("shipped_before_ordered", past.key)
            steps.append((shipped, lambda: self._ship(past, order, shipped)))
        elif past.status in (Status.SHIPPED, Status.DELIVERED):
            self.notes.add("shipped_without_time", past.key)
        if shipped and delivered:
            deliver = lifecycle.deliver
            steps.append(
                (delivered, lambda: deliver(
                    order_id=order.pk, by=self.by, happened_at=delivered, at=delivered))
            )  # fmt: skip
        elif shipped and past.status == Status.DELIVERED:
            self.notes.add("delivered_without_time", past.key)
        return steps

    def _ship(self, past: PastOrder, order: Order, shipped: datetime) -> Order:
        return lifecycle.ship(
            order_id=order.pk,
            by=self.by,
            happened_at=shipped,
            at=shipped,
            carrier=past.values.get("carrier", ""),
            tracking_number=past.values.get("tracking_number", ""),
        )

    def _end(self, past: PastOrder, order: Order) -> None:
        cancelled_at = past.moment("cancelled_at")
        if past.status != Status.CANCELLED and not cancelled_at:
            return
        if past.moment("shipped_at"):
            self.notes.add("cancelled_shipped", past.key)
            return
        if not cancelled_at:
            self.notes.add("cancelled_now", past.key)
        lifecycle.cancel(
            order_id=order.pk,
            by=self.by,
            reason=_("Cancelled according to the source."),
            at=cancelled_at or self.at,
        )
