from credit.models.account import CreditAccount, LedgerEntry
from credit.models.customer import Customer, Industry, Segment
from credit.models.receivable import Invoice
from credit.models.setting import CheckSetting
from credit.scoring.models import (
    CreditScore,
    Scorecard,
    ScorecardBand,
    ScorecardClass,
    ScorecardFactor,
    ScoreStanding,
)

__all__ = [
    "CheckSetting",
    "CreditAccount",
    "CreditScore",
    "Customer",
    "Industry",
    "Invoice",
    "LedgerEntry",
    "ScoreStanding",
    "Scorecard",
    "ScorecardBand",
    "ScorecardClass",
    "ScorecardFactor",
    "Segment",
]
