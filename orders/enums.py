from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.enums import PaymentMethod as PaymentMethod
from journal.actions import declare_actions


class OrderState(TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    CREDIT_PASSED = "credit_passed", _("credit passed")
    CREDIT_FAILED = "credit_failed", _("credit failed")
    APPROVED = "approved", _("approved")
    PARTLY_SHIPPED = "partly_shipped", _("partly shipped")
    SHIPPED = "shipped", _("shipped")
    DELIVERED = "delivered", _("delivered")
    COMPLETED = "completed", _("completed")
    REJECTED = "rejected", _("rejected")
    CANCELLED = "cancelled", _("cancelled")


# States in which nothing more happens to an order.
CLOSED = (OrderState.COMPLETED, OrderState.REJECTED, OrderState.CANCELLED)
# States in which an order waits for an approver.
WAITING = (OrderState.CREDIT_PASSED, OrderState.CREDIT_FAILED)
# States in which nothing has left yet, so that the order can be cancelled.
UNSHIPPED = (
    OrderState.SUBMITTED,
    OrderState.CREDIT_PASSED,
    OrderState.CREDIT_FAILED,
    OrderState.APPROVED,
)
# States in which goods may still leave, so that a hold makes sense.
HOLDABLE = (*UNSHIPPED, OrderState.PARTLY_SHIPPED)
# States in which goods can leave now.
SHIPPABLE = (OrderState.APPROVED, OrderState.PARTLY_SHIPPED)
# States in which nothing is claimed of the customer, so that all money paid is theirs.
CLAIMLESS = (OrderState.DRAFT, OrderState.REJECTED, OrderState.CANCELLED)
PAYABLE = set(OrderState) - set(CLAIMLESS)
INVOICEABLE = (*SHIPPABLE, OrderState.SHIPPED, OrderState.DELIVERED)
# States in which the customer has goods that can come back.
RETURNABLE = (
    OrderState.PARTLY_SHIPPED,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.COMPLETED,
)


class Source(TextChoices):
    """The door an order came through."""

    FORM = "form", _("form")
    IMPORT = "import", _("import")
    API = "api", _("API")


class MovementKind(TextChoices):
    """Why the goods on hand of a product changed."""

    COUNTED = "counted", _("counted")
    ADJUSTED = "adjusted", _("adjusted")
    SHIPPED = "shipped", _("shipped")
    RETURNED = "returned", _("returned")


class HandlingKind(TextChoices):
    """What a warehouse does for an order before its goods leave."""

    ALLOCATED = "allocated", _("allocated")
    PICKED = "picked", _("picked")


class ScanKind(TextChoices):
    """What a carrier says of a shipment."""

    PICKED_UP = "picked_up", _("picked up by the carrier")
    IN_TRANSIT = "in_transit", _("in transit")
    EXCEPTION = "exception", _("exception")
    OUT_FOR_DELIVERY = "out", _("out for delivery")
    DELIVERED = "delivered", _("delivered")


class EventKind(TextChoices):
    """What other systems tell of an order and of stock."""

    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")
    ALLOCATED = "allocated", pgettext_lazy("goods", "allocation")
    PICKED = "picked", _("pick")
    SHIPPED = "shipped", _("shipment")
    SCANNED = "scanned", _("carrier scan")
    DELIVERED = "delivered", _("delivery")
    RETURNED = "returned", _("return of goods")
    INVOICED = "invoiced", _("invoice")
    COUNTED = "counted", _("stock count")


class EventState(TextChoices):
    APPLIED = "applied", _("applied")
    # What has to happen before it has not come yet.
    WAITING = "waiting", pgettext_lazy("event", "waiting")
    REFUSED = "refused", _("refused")
    DISMISSED = "dismissed", _("dismissed")


class DecisionKind(TextChoices):
    SUBMIT = "submit", _("Credit check at submission")
    APPROVAL = "approval", _("Credit check at approval")
    AMENDMENT = "amendment", _("Credit check of a changed order")
    SHIPPING = "shipping", _("Credit check before shipping")
    AGAIN = "again", _("Credit check after money or limits arrived")


class Outcome(TextChoices):
    PASSED = "passed", _("passed")
    FAILED = "failed", _("failed")
    WAIVED = "waived", _("released in spite of its reasons")


class ConditionKind(TextChoices):
    """What an approver may tie a release to."""

    PREPAY = "prepay_percent", _("prepayment")
    GUARANTEE = "guarantee", _("guarantee received")
    AMOUNT = "amount", _("limited amount")
    PAY_WITHIN = "pay_within", _("payment within days")


class ConditionState(TextChoices):
    OPEN = "open", _("open")
    MET = "met", _("met")
    # The release that it was a part of is void.
    DROPPED = "dropped", _("no longer applies")


# Conditions without which nothing of the order leaves.
BEFORE_SHIPPING = (ConditionKind.PREPAY, ConditionKind.GUARANTEE)


class HoldReason(TextChoices):
    CREDIT = "credit", _("credit")
    FRAUD = "fraud", _("suspected fraud")
    QUALITY = "quality", _("product quality")
    ADDRESS = "address", _("address to be clarified")
    CUSTOMER = "customer", _("at the customer's request")
    OTHER = "other", _("other")


class FlagKind(TextChoices):
    """What is wrong with a product."""

    QUALITY = "quality", _("quality")
    SAFETY = "safety", _("safety")
    INFRINGEMENT = "infringement", _("infringement")
    RECALL = "recall", _("recall")


class HoldSource(TextChoices):
    """What placed a hold."""

    PERSON = "person", _("person")
    CREDIT = "credit", _("credit check")
    RULE = "rule", _("rule")
    TICKET = "ticket", _("ticket")


@declare_actions
class OrderAction(TextChoices):
    CREATED = "order.created", _("Order entered")
    EDITED = "order.edited", _("Order changed")
    SUBMITTED = "order.submitted", _("Order submitted")
    CREDIT_PASSED = "order.credit_passed", _("Credit check passed")
    CREDIT_FAILED = "order.credit_failed", _("Credit check failed")
    RECHECKED = "order.rechecked", _("Credit checked again")
    APPROVED = "order.approved", _("Order released")
    REJECTED = "order.rejected", _("Order rejected")
    TAKEN_BACK = "order.taken_back", _("Order taken back to change it")
    SENT_BACK = "order.sent_back", _("Order returned for change")
    SPLIT = "order.split", _("Order split")
    SPLIT_OFF = "order.split_off", _("Split off from another order")
    AMENDED = "order.amended", _("Released order changed")
    REOPENED = "order.reopened", _("Release lapsed")
    CANCELLED = "order.cancelled", _("Order cancelled")
    PAID = "order.paid", _("Payment recorded")
    PAYMENT_UNDONE = "order.payment_undone", _("Payment taken off again")
    REFUNDED = "order.refunded", _("Money given back")
    PARTLY_SHIPPED = "order.partly_shipped", _("Part of the order shipped")
    SHIPPED = "order.shipped", _("Order shipped")
    ALLOCATED = "order.allocated", _("Goods allocated")
    FREED = "order.freed", _("Allocated goods set free")
    PICKED = "order.picked", _("Goods picked")
    SCANNED = "order.scanned", _("Carrier scan")
    REPLACED = "order.replaced", _("Replacement entered")
    REPLACES = "order.replaces", _("Entered to replace returned goods")
    EVENT_WAITS = "order.event_waits", _("Event waits for an earlier one")
    EVENT_REFUSED = "order.event_refused", _("Event refused")
    EVENT_DISMISSED = "order.event_dismissed", _("Event dismissed")
    CLOSED_SHORT = "order.closed_short", _("Rest of the order given up")
    RETURNED = "order.returned", _("Goods returned")
    DELIVERED = "order.delivered", _("Order delivered")
    INVOICED = "order.invoiced", _("Order invoiced")
    COMPLETED = "order.completed", _("Order completed")
    HELD = "order.held", _("Hold placed")
    HOLD_RELEASED = "order.hold_released", _("Hold released")
    CONDITION_SET = "order.condition_set", _("Condition of the release set")
    CONDITION_MET = "order.condition_met", _("Condition of the release met")
    CONDITION_UNMET = "order.condition_unmet", _("Condition of the release open again")
    CONDITION_DROPPED = "order.condition_dropped", _("Condition of a void release dropped")
    WRONGLY_HELD = "order.wrongly_held", _("Marked as wrongly held")
    MISJUDGED = "order.misjudged", _("Credit check marked as wrong")
    PRODUCT_REMOVED = "order.product_removed", _("Product removed")
    PRODUCT_CHANGED = "order.product_changed", _("Product changed")
    WAREHOUSE_CHANGED = "order.warehouse_changed", _("Warehouse changed")
    STOCK_ADJUSTED = "order.stock_adjusted", _("Stock adjusted")
    STOCK_COUNTED = "order.stock_counted", _("Stock counts taken over")
    PRODUCT_FLAGGED = "order.product_flagged", _("Product flagged")
    FLAG_LIFTED = "order.flag_lifted", _("Product flag lifted")
    IMPORTED = "order.imported", _("File imported")
    BACKTESTED = "order.backtested", _("Credit policy tried on past orders")
    BACKTEST_CANCELLED = "order.backtest_cancelled", _("Trial of a credit policy cancelled")
