"""Every write to accounts, ledger and receivables."""

from credit.errors import CreditError
from credit.lifecycle.ledger import lock, order_exposure, post
from credit.lifecycle.limits import change_limit, open_account
from credit.lifecycle.receivables import issue_invoice, settle_invoices

__all__ = [
    "CreditError",
    "change_limit",
    "issue_invoice",
    "lock",
    "open_account",
    "order_exposure",
    "post",
    "settle_invoices",
]
