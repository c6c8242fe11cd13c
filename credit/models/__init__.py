from credit.models.account import CreditAccount, LedgerEntry
from credit.models.customer import Customer, Segment
from credit.models.receivable import Invoice
from credit.models.setting import CheckSetting

__all__ = ["CheckSetting", "CreditAccount", "Customer", "Invoice", "LedgerEntry", "Segment"]
