"""The documents of money that is paid for one order.

Callers hold the account's lock, post the ledger and keep the order.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from credit.allocation import Spread, in_turn
from credit.days import company_day
from credit.enums import AdjustmentKind, CreditAction, DocumentSource, PaymentMethod
from credit.lifecycle.settling import adjust, pay_invoice, release
from credit.models import Allocation, CreditAccount, Invoice, Receipt
from credit.money import ZERO
from journal.models import Entry
from staff.models import User
from staff.sentences import sentence as _

_UNKNOWN = datetime.max.replace(tzinfo=UTC)


def receive_for_order(
    *,
    account: CreditAccount,
    order_id: int,
    amount: Decimal,
    by: User,
    at: datetime,
    method: str = PaymentMethod.TRANSFER,
    reference: str = "",
) -> Receipt:
    """Keep the document of a payment for one order and take it off that order's open invoices.

    `at` is when the money came in.
    """
    receipt = Receipt.objects.create(
        account=account,
        order_id=order_id,
        amount=amount,
        unallocated=amount,
        received_on=company_day(at),
        at=at,
        recorded_by=by,
        method=method,
        reference=reference,
        source=DocumentSource.ORDER,
    )
    for invoice in _as_issued(Invoice.objects.open().filter(order_id=order_id), order_id):
        if part := min(receipt.unallocated, invoice.open_amount):
            pay_invoice(receipt, invoice, part, by, at)
    if Receipt.objects.filter(order_id=order_id, at__gt=at).exists():
        spread_anew(order_id, by=by, at=at)
        receipt.refresh_from_db()
    return receipt


def _as_issued(found: Iterable[Invoice], order_id: int) -> list[Invoice]:
    """Invoices of the order as they were issued, in whatever order they were told."""
    invoices = list(found)
    if len(invoices) > 1:
        issued = _issued(order_id)
        invoices.sort(key=lambda invoice: (invoice.due_on, issued.get(invoice.pk, _UNKNOWN)))
    return invoices


def _issued(order_id: int) -> dict[int, datetime]:
    """When each invoice of the order was issued."""
    told = Entry.objects.filter(order_id=order_id, action=CreditAction.INVOICE_ISSUED)
    return dict(told.values_list("subject_id", "at"))


def was_issued_late(order_id: int, at: datetime) -> bool:
    """Whether an invoice of the order is there that was issued after `at`."""
    return any(moment > at for moment in _issued(order_id).values())


def spread_anew(order_id: int, *, by: User, at: datetime) -> None:
    """Let what was told late have its turn: the earliest money pays the earliest invoices.

    So each invoice is settled on the same day, whatever was told first. The ledger does not move:
    so much of the order is paid as before.
    """
    spread = _spread(order_id)
    wanted = _in_turn(order_id, spread)
    for pair in spread:
        _take_back(pair, spread[pair] - wanted[pair], by, at)
    for pair, amount in wanted.items():
        if amount > spread[pair]:
            receipt, invoice = Receipt.objects.get(pk=pair[0]), Invoice.objects.get(pk=pair[1])
            pay_invoice(receipt, invoice, amount - spread[pair], by, at)


def _spread(order_id: int) -> Spread:
    """How the order's money pays its invoices now."""
    found = Allocation.objects.standing().filter(receipt__order_id=order_id)
    spread: Spread = defaultdict(Decimal)
    for receipt_id, invoice_id, amount in found.values_list("receipt", "invoice", "amount"):
        spread[receipt_id, invoice_id] += amount
    return spread


def _in_turn(order_id: int, spread: Spread) -> Spread:
    """As much, from the earliest money to the earliest invoices."""
    given: dict[int, Decimal] = defaultdict(Decimal)
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for (receipt_id, invoice_id), amount in spread.items():
        given[receipt_id] += amount
        taken[invoice_id] += amount
    receipts = Receipt.objects.filter(order_id=order_id).order_by("at", "pk")
    return in_turn(
        [(pk, left + given[pk]) for pk, left in receipts.values_list("pk", "unallocated")],
        [
            (invoice.pk, invoice.open_amount + taken[invoice.pk])
            for invoice in _as_issued(Invoice.objects.filter(order_id=order_id), order_id)
        ],
        sum(spread.values(), ZERO),
    )


def _take_back(pair: tuple[int, int], amount: Decimal, by: User, at: datetime) -> None:
    """Take so much of a receipt off an invoice again."""
    receipt_id, invoice_id = pair
    held = Allocation.objects.standing().filter(receipt=receipt_id, invoice=invoice_id)
    for pk in list(held.order_by("-pk").values_list("pk", flat=True)) if amount > 0 else ():
        # As it is by then: what is left of one is made anew on the same invoice.
        allocation = Allocation.objects.select_related("receipt", "invoice").get(pk=pk)
        if part := min(amount, allocation.amount):
            release(
                allocation, part, _("Earlier money or an earlier invoice was told later."), by, at
            )
            amount -= part


def declare_paid(*, order_id: int, by: User, at: datetime) -> None:
    """Let go what is open on an order's invoices because a source calls the order paid."""
    for invoice in Invoice.objects.open().filter(order_id=order_id):
        adjust(
            invoice,
            AdjustmentKind.DECLARED,
            invoice.open_amount,
            reason=_("The source says that it is paid."),
            on=company_day(at),
            by=by,
            at=at,
        )


def cover_from_order(invoice: Invoice, amount: Decimal, *, by: User, at: datetime) -> Decimal:
    """Take payments received for the invoice's order off it, up to `amount`; what they came to.

    The ledger does not move: the money counted as paid from the day on which it came in.
    """
    left = amount
    waiting = Receipt.objects.filter(order_id=invoice.order_id, unallocated__gt=0)
    for receipt in waiting.order_by("at", "pk") if left > 0 else ():
        part = min(receipt.unallocated, left)
        if part > 0:
            pay_invoice(receipt, invoice, part, by, at)
            left -= part
    return amount - left
