"""What a verb left behind, in a form that tests can compare at one look."""

from approvals.models import ApprovalRequest
from credit.enums import Bucket
from credit.models import (
    Allocation,
    CreditAccount,
    Dispute,
    GroupExposure,
    Invoice,
    InvoiceAdjustment,
    LedgerEntry,
    Promise,
    Receipt,
    Refund,
)
from credit.money import ZERO
from journal.models import Entry
from orders.models import Allocation as KeptGoods
from orders.models import (
    Decision,
    FulfilmentEvent,
    Handling,
    Hold,
    Misjudgment,
    Order,
    OrderLine,
    OrderRefund,
    Payment,
    ReleaseCondition,
    Return,
    ReturnLine,
    Shipment,
    ShipmentLine,
    Stock,
    StockMovement,
    TrackingEvent,
)

_KEPT = (
    FulfilmentEvent,
    Handling,
    KeptGoods,
    Stock,
    StockMovement,
    TrackingEvent,
    Order,
    OrderLine,
    Decision,
    Hold,
    Misjudgment,
    Payment,
    ReleaseCondition,
    Promise,
    OrderRefund,
    Return,
    ReturnLine,
    Shipment,
    ShipmentLine,
    ApprovalRequest,
    CreditAccount,
    GroupExposure,
    Invoice,
    Receipt,
    Refund,
    Allocation,
    InvoiceAdjustment,
    Dispute,
    LedgerEntry,
    Entry,
)


def everything():
    """Every row that a verb could change."""
    return {model: list(model.objects.order_by("pk").values()) for model in _KEPT}


def journal(order, *, since=0):
    """(action, from, to, who) of the order's entries, oldest first, after the first `since`."""
    entries = Entry.objects.filter(order_id=order.pk).order_by("pk")[since:]
    return [(e.action, e.from_state, e.to_state, e.by_id) for e in entries]


def last_entry(order):
    return Entry.objects.filter(order_id=order.pk).latest("pk")


def ledger(order):
    """(movement, from, to, amount) of the order's ledger entries, oldest first."""
    entries = LedgerEntry.objects.filter(order_id=order.pk).order_by("pk")
    return [(e.movement, e.from_bucket, e.to_bucket, str(e.amount)) for e in entries]


def balances(account):
    """The buckets with something in them, as stored; proves that they are the ledger's sums."""
    stored = CreditAccount.objects.get(pk=account.pk)
    sums = dict.fromkeys(Bucket.values, ZERO)
    for entry in stored.entries.all():
        for bucket, sign in ((entry.to_bucket, 1), (entry.from_bucket, -1)):
            if bucket:
                sums[bucket] += sign * entry.amount
    assert sums == {bucket: getattr(stored, bucket) for bucket in Bucket.values}
    return {bucket: str(amount) for bucket, amount in sums.items() if amount}


def differing():
    """Accounts whose balances are not their ledger's sums, or not what their invoices say."""
    wrong = list(CreditAccount.objects.differing_from_ledger())
    for account in CreditAccount.objects.all():
        if account.receivable != sum((i.open_amount for i in account.invoices.all()), ZERO):
            wrong.append(account)
    return wrong


def group_use(account):
    """What the members of the account's group use, by currency, where that is anything."""
    rows = GroupExposure.objects.filter(account=account).exclude(used=0)
    return {row.currency: str(row.used) for row in rows}
