from credit.models.account import CreditAccount, GroupExposure, LedgerEntry
from credit.models.customer import Customer, Segment
from credit.models.limit import CreditLimit
from credit.models.policy import Policy, PolicyVersion
from credit.models.promise import Promise
from credit.models.rate import ExchangeRate
from credit.models.receivable import Invoice
from credit.models.settlement import Allocation, Dispute, InvoiceAdjustment, Receipt

__all__ = [
    "Allocation",
    "CreditAccount",
    "CreditLimit",
    "Customer",
    "Dispute",
    "ExchangeRate",
    "GroupExposure",
    "Invoice",
    "InvoiceAdjustment",
    "LedgerEntry",
    "Policy",
    "PolicyVersion",
    "Promise",
    "Receipt",
    "Segment",
]
