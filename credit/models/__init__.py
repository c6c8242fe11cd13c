from credit.models.account import CreditAccount, GroupExposure, LedgerEntry
from credit.models.address import Address
from credit.models.customer import Customer, Industry, Segment
from credit.models.limit import CreditLimit
from credit.models.policy import Policy, PolicyVersion
from credit.models.promise import Promise
from credit.models.rate import ExchangeRate
from credit.models.receivable import Invoice
from credit.models.reconciliation import ReconciliationRun
from credit.models.settlement import Allocation, Dispute, InvoiceAdjustment, Receipt, Refund
from credit.scoring.models import (
    CreditScore,
    Scorecard,
    ScorecardBand,
    ScorecardClass,
    ScorecardFactor,
    ScoreStanding,
)

__all__ = [
    "Address",
    "Allocation",
    "CreditAccount",
    "CreditLimit",
    "CreditScore",
    "Customer",
    "Dispute",
    "ExchangeRate",
    "GroupExposure",
    "Industry",
    "Invoice",
    "InvoiceAdjustment",
    "LedgerEntry",
    "Policy",
    "PolicyVersion",
    "Promise",
    "Receipt",
    "ReconciliationRun",
    "Refund",
    "ScoreStanding",
    "Scorecard",
    "ScorecardBand",
    "ScorecardClass",
    "ScorecardFactor",
    "Segment",
]
