"""Every write to accounts, ledger and receivables."""

from credit.errors import CreditError
from credit.lifecycle.adjustments import credit_note, write_off
from credit.lifecycle.disputes import open_dispute, resolve_dispute
from credit.lifecycle.ledger import lock, order_exposure, post
from credit.lifecycle.limits import change_limit, open_account
from credit.lifecycle.opening import PastInvoice, import_invoices
from credit.lifecycle.order_money import declare_paid, receive_for_order
from credit.lifecycle.receipts import allocate, record_receipt, unallocate
from credit.lifecycle.receivables import issue_invoice, open_item

__all__ = [
    "CreditError",
    "PastInvoice",
    "allocate",
    "change_limit",
    "credit_note",
    "declare_paid",
    "import_invoices",
    "issue_invoice",
    "lock",
    "open_account",
    "open_dispute",
    "open_item",
    "order_exposure",
    "post",
    "receive_for_order",
    "record_receipt",
    "resolve_dispute",
    "unallocate",
    "write_off",
]
