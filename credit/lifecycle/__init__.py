"""Every write to accounts, limits, groups, policies, ledger and receivables."""

from credit.errors import CreditError
from credit.lifecycle.groups import join_group
from credit.lifecycle.ledger import lock, order_exposure, post
from credit.lifecycle.limits import (
    LimitInput,
    end_limit,
    grant_limit,
    open_account,
    set_review,
)
from credit.lifecycle.receivables import issue_invoice, settle_invoices

__all__ = [
    "CreditError",
    "LimitInput",
    "end_limit",
    "grant_limit",
    "issue_invoice",
    "join_group",
    "lock",
    "open_account",
    "order_exposure",
    "post",
    "set_review",
    "settle_invoices",
]
