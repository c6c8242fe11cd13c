from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal.actions import declare_actions


class CustomerStatus(TextChoices):
    ACTIVE = "active", pgettext_lazy("customer", "active")
    WATCH = "watch", _("watch list")
    BLACKLISTED = "blacklisted", _("blacklisted")


class LimitKind(TextChoices):
    """What a limit is; a number alone would need a magic zero."""

    NONE = "none", _("no credit")
    AMOUNT = "amount", _("amount")
    UNLIMITED = "unlimited", _("unlimited")
    INHERIT = "inherit", _("as the segment")
    GROUP = "group", _("as the group")


class LimitType(TextChoices):
    """What stands behind a limit. Temporary and secured limits add to the base limit."""

    BASE = "base", _("base limit")
    TEMPORARY = "temporary", _("temporary limit")
    SECURED = "secured", _("secured limit")


class Security(TextChoices):
    """What secures a limit."""

    GUARANTEE = "guarantee", _("guarantee")
    INSURANCE = "insurance", _("credit insurance")
    COLLATERAL = "collateral", _("collateral")


class RiskClass(TextChoices):
    """From the best to the worst."""

    A = "A", _("A: very low risk")
    B = "B", _("B: low risk")
    C = "C", _("C: medium risk")
    D = "D", _("D: high risk")
    E = "E", _("E: very high risk")


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
    ADJUST = "adjust", _("Order changed")
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


class Standing(TextChoices):
    """How an invoice stands on a day."""

    DUE = "due", _("not due yet")
    OVERDUE = "overdue", _("overdue")
    DISPUTED = "disputed", _("disputed")
    SETTLED = "settled", _("settled")


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
    """What can be asked of a customer's credit; a policy says which, and how strictly."""

    BLACKLIST = "blacklist", _("Blacklist")
    WATCH_LIST = "watch_list", _("Watch list")
    RATE = "rate", _("Exchange rate")
    LIMIT = "limit", _("Credit limit")
    GROUP_LIMIT = "group_limit", _("Group limit")
    LIMIT_EXPIRED = "limit_expired", _("Expiry of the limit")
    OVERDUE = "overdue", _("Overdue receivables")
    OLDEST = "oldest", _("Oldest open item")
    PROMISES = "promises", _("Broken promises")
    RISK_CLASS = "risk_class", _("Risk class")
    DOCUMENT_VALUE = "document_value", _("Value of one order")
    TERMS = "terms", _("Payment terms")
    REVIEW = "review", _("Credit review")
    FIRST_ORDER = "first_order", _("First order")


class CheckSeverity(TextChoices):
    """What follows when a check or a gate rule hits."""

    BLOCK = "block", _("block")
    WARN = "warn", _("warn")
    INFORM = "inform", _("inform")
    OFF = "off", _("off")


class Verdict(TextChoices):
    """How one check came out."""

    PASSED = "passed", _("passed")
    BLOCKED = "blocked", _("blocks the order")
    WARNED = "warned", _("warns")
    INFORMED = "informed", _("worth knowing")
    EXEMPT = "exempt", _("exempt")
    SKIPPED = "skipped", _("not applied")
    UNKNOWN = "unknown", _("data missing")


class Exemption(TextChoices):
    """Why an order may follow lighter rules."""

    CASH = "cash", _("Cash on order")
    PREPAID = "prepaid", _("Paid in advance")


class PolicyScope(TextChoices):
    """Whom a policy is for, from the widest to the narrowest. The narrowest one governs."""

    ALL = "all", _("all customers")
    SEGMENT = "segment", _("a segment")
    RISK_CLASS = "risk_class", _("a risk class")
    CUSTOMER = "customer", _("one customer")


class VersionState(TextChoices):
    """From an idea to the rule in force. Only a draft can still be changed."""

    DRAFT = "draft", _("draft")
    SHADOW = "shadow", _("shadow")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class PromiseState(TextChoices):
    OPEN = "open", pgettext_lazy("promise", "open")
    KEPT = "kept", _("kept")
    PARTLY_KEPT = "partly_kept", _("partly kept")
    BROKEN = "broken", _("broken")
    # What was to be paid is not owed any more, such as an order that was cancelled.
    WITHDRAWN = "withdrawn", _("no longer due")


@declare_actions
class CreditAction(TextChoices):
    CUSTOMER_REMOVED = "credit.customer_removed", _("Customer removed")
    CUSTOMER_CHANGED = "credit.customer_changed", _("Customer changed")
    ACCOUNT_OPENED = "credit.account_opened", _("Credit account opened")
    LIMIT_CHANGED = "credit.limit_changed", _("Credit limit changed")
    LIMIT_CONFIRMED = "credit.limit_confirmed", _("Credit limit confirmed")
    LIMIT_ENDED = "credit.limit_ended", _("Credit limit ended")
    GROUP_CHANGED = "credit.group_changed", _("Group changed")
    REVIEW_SET = "credit.review_set", _("Date of the credit review set")
    POLICY_CHANGED = "credit.policy_changed", _("Credit policy changed")
    POLICY_DRAFTED = "credit.policy_drafted", _("Draft of a credit policy written")
    POLICY_SHADOWED = "credit.policy_shadowed", _("Credit policy put in the shadow")
    POLICY_PUBLISHED = "credit.policy_published", _("Credit policy published")
    POLICY_RETIRED = "credit.policy_retired", _("Version of a credit policy retired")
    RATE_CHANGED = "credit.rate_changed", _("Exchange rate changed")
    PROMISE_MADE = "credit.promise_made", _("Promise to pay recorded")
    PROMISE_CHANGED = "credit.promise_changed", _("Promise to pay follows its order")
    PROMISE_WITHDRAWN = "credit.promise_withdrawn", _("Promise to pay no longer due")
    PROMISE_KEPT = "credit.promise_kept", _("Promise to pay kept")
    PROMISE_PARTLY_KEPT = "credit.promise_partly_kept", _("Promise to pay partly kept")
    PROMISE_BROKEN = "credit.promise_broken", _("Promise to pay broken")
    ADDRESS_ADDED = "credit.address_added", _("Ship-to address added")
    ADDRESS_CHANGED = "credit.address_changed", _("Ship-to address changed")
    ADDRESS_DEFAULT = "credit.address_default", _("Ship-to address made the default")
    ADDRESS_REMOVED = "credit.address_removed", _("Ship-to address removed")
    SEGMENT_REMOVED = "credit.segment_removed", _("Segment removed")
    SEGMENT_CHANGED = "credit.segment_changed", _("Segment changed")
    INVOICE_ISSUED = "credit.invoice_issued", _("Invoice issued")
    INVOICE_OPENED = "credit.invoice_opened", _("Open item brought over")
    INVOICES_IMPORTED = "credit.invoices_imported", _("Invoices imported")
    RECEIPT_RECORDED = "credit.receipt_recorded", _("Receipt recorded")
    RECEIPT_ALLOCATED = "credit.receipt_allocated", _("Receipt allocated")
    ALLOCATION_UNDONE = "credit.allocation_undone", _("Allocation undone")
    RECEIPT_REFUNDED = "credit.receipt_refunded", _("Money given back")
    DISPUTE_OPENED = "credit.dispute_opened", _("Dispute opened")
    DISPUTE_RESOLVED = "credit.dispute_resolved", _("Dispute resolved")
    CREDIT_NOTED = "credit.credit_noted", _("Credit note issued")
    WRITTEN_OFF = "credit.written_off", _("Receivable written off")
