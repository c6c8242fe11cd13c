from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


class CustomerStatus(TextChoices):
    ACTIVE = "active", _("active")
    WATCH = "watch", _("watch list")
    BLACKLISTED = "blacklisted", _("blacklisted")


class LimitKind(TextChoices):
    """What a limit is; a number alone would need a magic zero."""

    NONE = "none", _("no credit")
    AMOUNT = "amount", _("amount")
    UNLIMITED = "unlimited", _("unlimited")
    INHERIT = "inherit", _("as the segment")


class Bucket(TextChoices):
    """Where an amount stands on its way from order to payment; it is in exactly one of them."""

    RESERVED = "reserved", _("Reserved by open orders")
    DELIVERED = "delivered", _("Delivered, not invoiced")
    RECEIVABLE = "receivable", _("Receivable, invoiced and open")
    PAID = "paid", _("Paid")


class Movement(TextChoices):
    """Why an amount moved in the ledger."""

    RESERVE = "reserve", _("Order released")
    FREE = "free", _("Order cancelled")
    SHIP = "ship", _("Goods shipped")
    INVOICE = "invoice", _("Invoice issued")
    PAY = "pay", _("Payment received")
    SETTLE = "settle", _("Declared paid")
    SHORT = "short", _("Rest of the order given up")
    RETURN = "return", _("Goods returned")
    OPENING = "opening", _("Open item brought over")
    ALLOCATE = "allocate", _("Receipt allocated")
    UNALLOCATE = "unallocate", _("Allocation undone")
    CREDIT_NOTE = "credit", _("Credit note")
    WRITE_OFF = "write_off", _("Written off")
    REFUND = "refund", _("Refunded")


class DocumentSource(TextChoices):
    """The door an invoice or a receipt came through."""

    ORDER = "order", _("an order")
    FORM = "form", _("entered here")
    IMPORT = "import", _("import")


class PaymentMethod(TextChoices):
    TRANSFER = "transfer", _("bank transfer")
    CARD = "card", _("card")
    WALLET = "wallet", _("e-wallet")
    CASH = "cash", _("cash")
    OTHER = "other", _("other")


class DisputeReason(TextChoices):
    """What the customer objects to."""

    PRICE = "price", _("price or discount")
    QUANTITY = "quantity", _("quantity or short delivery")
    QUALITY = "quality", _("quality or damage")
    DELIVERY = "delivery", _("late or missing delivery")
    PAID = "paid", _("says it is paid")
    PAPERS = "papers", _("wrong or missing papers")
    OTHER = "other", _("other")


class DisputeOutcome(TextChoices):
    """How a dispute ended."""

    REJECTED = "rejected", _("not justified, the amount is due")
    ACCEPTED = "accepted", _("justified")
    WITHDRAWN = "withdrawn", _("withdrawn by the customer")
    SETTLED = "settled", _("ended because nothing is left to pay")


class AdjustmentKind(TextChoices):
    """Why an invoice comes to less without money having come in."""

    CREDIT_NOTE = "credit", _("credit note")
    WRITE_OFF = "write_off", _("write-off")
    DECLARED = "declared", _("declared paid by the source")


class CheckCode(TextChoices):
    LIMIT = "limit", _("Credit limit")
    OVERDUE = "overdue", _("Overdue receivables")
    BLACKLIST = "blacklist", _("Blacklist")


class Verdict(TextChoices):
    PASSED = "passed", _("passed")
    BLOCKED = "blocked", _("blocks the order")
    SKIPPED = "skipped", _("not applied")


@declare_actions
class CreditAction(TextChoices):
    CUSTOMER_CHANGED = "credit.customer_changed", _("Customer changed")
    ACCOUNT_OPENED = "credit.account_opened", _("Credit account opened")
    LIMIT_CHANGED = "credit.limit_changed", _("Credit limit changed")
    CHECK_CHANGED = "credit.check_changed", _("Credit check settings changed")
    SEGMENT_CHANGED = "credit.segment_changed", _("Segment changed")
    INVOICE_ISSUED = "credit.invoice_issued", _("Invoice issued")
    INVOICE_OPENED = "credit.invoice_opened", _("Open item brought over")
    INVOICES_IMPORTED = "credit.invoices_imported", _("Invoices imported")
    RECEIPT_RECORDED = "credit.receipt_recorded", _("Receipt recorded")
    RECEIPT_ALLOCATED = "credit.receipt_allocated", _("Receipt allocated")
    ALLOCATION_UNDONE = "credit.allocation_undone", _("Allocation undone")
    DISPUTE_OPENED = "credit.dispute_opened", _("Dispute opened")
    DISPUTE_RESOLVED = "credit.dispute_resolved", _("Dispute resolved")
    CREDIT_NOTED = "credit.credit_noted", _("Credit note issued")
    WRITTEN_OFF = "credit.written_off", _("Receivable written off")
