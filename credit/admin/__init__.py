from credit.admin import accounts, customers, limits, receivables, scoring

__all__ = ["accounts", "customers", "limits", "receivables", "scoring"]
