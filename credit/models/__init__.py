from credit.models.account import CreditAccount, GroupExposure, LedgerEntry
from credit.models.customer import Customer, Segment
from credit.models.limit import CreditLimit
from credit.models.policy import Policy, PolicyVersion
from credit.models.promise import Promise
from credit.models.rate import ExchangeRate
from credit.models.receivable import Invoice

__all__ = [
    "CreditAccount",
    "CreditLimit",
    "Customer",
    "ExchangeRate",
    "GroupExposure",
    "Invoice",
    "LedgerEntry",
    "Policy",
    "PolicyVersion",
    "Promise",
    "Segment",
]
