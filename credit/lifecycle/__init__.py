"""Every write to accounts, limits, groups, policies, ledger and receivables."""

from credit.errors import CreditError, RaiseNeedsApproval
from credit.lifecycle.addresses import (
    Place,
    add_address,
    change_address,
    make_default,
    remove_address,
)
from credit.lifecycle.adjustments import credit_note, write_off
from credit.lifecycle.customers import change_customer, enter_customer, remove_customer
from credit.lifecycle.disputes import open_dispute, resolve_dispute
from credit.lifecycle.groups import join_group
from credit.lifecycle.ledger import busy_group_told, lock, lock_all, order_exposure, post
from credit.lifecycle.limits import (
    Approval,
    LimitInput,
    end_limit,
    grant_approved_limit,
    grant_limit,
    limit_as_granted,
    open_account,
    open_accounts,
    set_review,
    take_over_limit,
)
from credit.lifecycle.opening import PastInvoice, import_invoices
from credit.lifecycle.order_money import declare_paid, receive_for_order
from credit.lifecycle.promises import (
    promise_for_order,
    record_promise,
    revise_order_promise,
    settle_promises,
)
from credit.lifecycle.receipts import allocate, record_receipt, unallocate
from credit.lifecycle.receivables import issue_invoice, open_item
from credit.lifecycle.reconciling import reconcile
from credit.lifecycle.refunds import refund, refund_for_order
from credit.lifecycle.reviews import confirm_limit
from credit.lifecycle.segments import (
    change_industry,
    change_segment,
    enter_industry,
    enter_segment,
    remove_segment,
)

__all__ = [
    "Approval",
    "CreditError",
    "LimitInput",
    "PastInvoice",
    "Place",
    "RaiseNeedsApproval",
    "add_address",
    "allocate",
    "busy_group_told",
    "change_address",
    "change_customer",
    "change_industry",
    "change_segment",
    "confirm_limit",
    "credit_note",
    "declare_paid",
    "end_limit",
    "enter_customer",
    "enter_industry",
    "enter_segment",
    "grant_approved_limit",
    "grant_limit",
    "import_invoices",
    "issue_invoice",
    "join_group",
    "limit_as_granted",
    "lock",
    "lock_all",
    "make_default",
    "open_account",
    "open_accounts",
    "open_dispute",
    "open_item",
    "order_exposure",
    "post",
    "promise_for_order",
    "receive_for_order",
    "reconcile",
    "record_promise",
    "record_receipt",
    "refund",
    "refund_for_order",
    "remove_address",
    "remove_customer",
    "remove_segment",
    "resolve_dispute",
    "revise_order_promise",
    "set_review",
    "settle_promises",
    "take_over_limit",
    "unallocate",
    "write_off",
]
