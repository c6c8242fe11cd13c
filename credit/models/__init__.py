from credit.models.account import CreditAccount, LedgerEntry
from credit.models.customer import Customer, Segment
from credit.models.receivable import Invoice
from credit.models.setting import CheckSetting
from credit.models.settlement import Allocation, Dispute, InvoiceAdjustment, Receipt

__all__ = [
    "Allocation",
    "CheckSetting",
    "CreditAccount",
    "Customer",
    "Dispute",
    "Invoice",
    "InvoiceAdjustment",
    "LedgerEntry",
    "Receipt",
    "Segment",
]
