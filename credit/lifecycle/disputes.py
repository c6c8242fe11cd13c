"""What customers object to, and how it ends."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import policies
from credit.enums import CreditAction, DisputeOutcome, DisputeReason
from credit.errors import CreditError
from credit.lifecycle.adjustments import lock_invoice
from credit.lifecycle.settling import end_dispute, guard_amount
from credit.models import CreditAccount, Dispute
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def open_dispute(
    *,
    invoice_id: int,
    amount: Decimal,
    reason: str,
    by: User,
    at: datetime,
    note: str = "",
) -> Dispute:
    """Note that the customer objects to `amount` of what is open on an invoice.

    Raises PermissionDenied, or CreditError for more than is open, for a second dispute while one is
    open, and for an 'other' reason that is not explained.
    """
    account, invoice = lock_invoice(invoice_id)
    _may(by, account)
    guard_amount(amount, invoice.open_amount)
    if reason not in DisputeReason.values:
        raise CreditError(_("Choose what the customer objects to."))
    if reason == DisputeReason.OTHER and not note.strip():
        raise CreditError(_("Say in the note what the customer objects to."))
    if invoice.disputes.open().exists():
        raise CreditError(
            _("Invoice %(number)s is disputed already. Resolve that dispute first.")
            % {"number": invoice.number}
        )
    dispute = Dispute.objects.create(
        invoice=invoice, amount=amount, reason=reason, note=note, opened_at=at, opened_by=by
    )
    invoice.disputed_amount = amount
    invoice.save(update_fields=["disputed_amount"])
    record(
        action=CreditAction.DISPUTE_OPENED,
        subject=invoice,
        by=by,
        at=at,
        order_id=invoice.order_id,
        reason=note,
        data={"number": invoice.number, "amount": amount, "reason": reason},
    )
    return dispute


@transaction.atomic
def resolve_dispute(*, dispute_id: int, outcome: str, note: str, by: User, at: datetime) -> Dispute:
    """End a dispute; what was disputed is due like the rest again.

    Raises PermissionDenied, or CreditError without a note, for an outcome that nobody can choose
    and when it was resolved before.
    """
    account, invoice = lock_invoice(
        Dispute.objects.values_list("invoice_id", flat=True).get(pk=dispute_id)
    )
    _may(by, account)
    dispute = Dispute.objects.get(pk=dispute_id)
    dispute.invoice = invoice
    if dispute.resolved_at:
        raise CreditError(_("This dispute was resolved already."))
    # That nothing is left to pay is seen from the invoice, never said.
    if outcome not in set(DisputeOutcome.values) - {DisputeOutcome.SETTLED}:
        raise CreditError(_("Choose how the dispute ended."))
    if not note.strip():
        raise CreditError(_("Write how it was resolved: it is kept with the invoice."))
    invoice.disputed_amount = Decimal("0.00")
    invoice.save(update_fields=["disputed_amount"])
    end_dispute(dispute, outcome, note, by=by, at=at)
    return dispute


def _may(by: User, account: CreditAccount) -> None:
    if not policies.can_dispute(by, account):
        raise PermissionDenied(_("You may not dispute invoices of this customer."))
