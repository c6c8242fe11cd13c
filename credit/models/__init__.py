from credit.models.account import CreditAccount, LedgerEntry
from credit.models.customer import Customer, Industry, Segment
from credit.models.receivable import Invoice
from credit.models.setting import CheckSetting
from credit.models.settlement import Allocation, Dispute, InvoiceAdjustment, Receipt
from credit.scoring.models import (
    CreditScore,
    Scorecard,
    ScorecardBand,
    ScorecardClass,
    ScorecardFactor,
    ScoreStanding,
)

__all__ = [
    "Allocation",
    "CheckSetting",
    "CreditAccount",
    "CreditScore",
    "Customer",
    "Dispute",
    "Industry",
    "Invoice",
    "InvoiceAdjustment",
    "LedgerEntry",
    "Receipt",
    "ScoreStanding",
    "Scorecard",
    "ScorecardBand",
    "ScorecardClass",
    "ScorecardFactor",
    "Segment",
]
