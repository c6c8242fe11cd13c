"""Documents written without the verbs, for pasts that no verb would make."""

from datetime import UTC, datetime, time

from credit.models import Allocation, Receipt
from tests.factories.moments import NOW
from tests.factories.staff import person


def allocate(invoice, amount, day, *, by=None, **values):
    """A receipt of that day, allocated to the invoice; open amounts are the caller's business."""
    by = by or person("finance")
    receipt = Receipt.objects.create(
        account_id=invoice.account_id,
        amount=amount,
        unallocated=0,
        received_on=day,
        at=datetime.combine(day, time(4), tzinfo=UTC),
        recorded_by=by,
    )
    return Allocation.objects.create(
        receipt=receipt,
        invoice=invoice,
        amount=amount,
        effective_on=day,
        at=NOW,
        by=by,
        **values,
    )
