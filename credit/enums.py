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
