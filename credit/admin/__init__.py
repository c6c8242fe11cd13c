from credit.admin import accounts, customers, limits, policies, receivables, scoring

__all__ = ["accounts", "customers", "limits", "policies", "receivables", "scoring"]
