"""What came of orders that were released in spite of their reasons."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from approvals.enums import RequestState
from approvals.models import ApprovalRequest
from credit.enums import AdjustmentKind
from credit.models import Invoice, InvoiceAdjustment
from orders.backtest.enums import Ending
from orders.enums import OrderState
from orders.models import Order

_RELEASED = (RequestState.APPROVED, RequestState.LAPSED)
# Of several invoices the one that went worst counts.
_WORST = (Ending.NEVER, Ending.LATE, Ending.NOT_DUE, Ending.ON_TIME)


@dataclass(frozen=True, slots=True)
class End:
    """What came of a released order; `days` late where it was paid late or is overdue."""

    ending: Ending
    days: int = 0

    @property
    def style(self) -> str:
        return f"then_{self.ending.value}"

    @property
    def label(self) -> str:
        return str(self.ending.label)


def endings(requests: Iterable[ApprovalRequest], today: date) -> dict[int, End]:
    """By request, what came of its order as known on `today`; released ones only.

    The requests come with their orders. Two queries.
    """
    released = {each.pk: each.order for each in requests if each.state in _RELEASED and each.order}
    order_ids = {order.pk for order in released.values()}
    invoices: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in Invoice.objects.filter(order_id__in=order_ids):
        invoices[invoice.order_id or 0].append(invoice)
    lost = _written_off(order_ids)
    return {pk: _end(order, invoices[order.pk], lost, today) for pk, order in released.items()}


def _written_off(order_ids: Collection[int]) -> set[int]:
    adjustments = InvoiceAdjustment.objects.filter(
        kind=AdjustmentKind.WRITE_OFF, invoice__order_id__in=order_ids
    )
    return set(adjustments.values_list("invoice_id", flat=True))


def _end(order: Order, invoices: list[Invoice], lost: set[int], today: date) -> End:
    if order.state in (OrderState.CANCELLED, OrderState.REJECTED):
        return End(Ending.CANCELLED)
    if not invoices:
        return End(Ending.ON_TIME if order.paid_at else Ending.NOT_DUE)
    ends = [_of_invoice(invoice, lost, today) for invoice in invoices]
    return min(ends, key=lambda end: (_WORST.index(end.ending), -end.days))


def _of_invoice(invoice: Invoice, lost: set[int], today: date) -> End:
    if invoice.settled_on and invoice.pk not in lost:
        late = (invoice.settled_on - invoice.due_on).days
        return End(Ending.LATE, late) if late > 0 else End(Ending.ON_TIME)
    late = (today - invoice.due_on).days
    return End(Ending.NEVER, late) if late > 0 or invoice.pk in lost else End(Ending.NOT_DUE)
