"""Orders released with and without approval, whose invoices are written without the verbs."""

from datetime import timedelta

from approvals.models import ApprovalRequest
from credit.enums import AdjustmentKind
from credit.models import InvoiceAdjustment
from orders.models import Order
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.staff import person

TODAY = NOW.date()


def approved(by=None, *, total="90.00", limit="50.00", **values):
    order = orders.failed(total, limit=limit, **values)
    orders.approve(order, by=by)
    return Order.objects.get(pk=order.pk)


def passed(**values):
    return orders.released(**values)


def request_of(order):
    return ApprovalRequest.objects.get(order=order)


def invoice(order, due, *, settled=None, disputed=0, lost=None):
    """Due so many days from today, settled so many days after that or not at all."""
    due_on = TODAY + timedelta(days=due)
    settled_on = None if settled is None else due_on + timedelta(days=settled)
    made = credit.invoice(
        order.account, 0 if settled_on else 90, due_on, amount=90, order_id=order.pk,
        settled_on=settled_on, disputed_amount=disputed, issued_on=due_on - timedelta(days=400),
    )  # fmt: skip
    if lost:
        write_off(made, lost)
    return made


def write_off(made, amount):
    InvoiceAdjustment.objects.create(
        invoice=made, kind=AdjustmentKind.WRITE_OFF, number=f"W{made.pk}", amount=amount,
        reason="-", effective_on=TODAY, at=NOW, by=person("finance"),
    )  # fmt: skip
