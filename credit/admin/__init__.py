from credit.admin import accounts, customers, limits, policies, rates, receivables, scoring

__all__ = ["accounts", "customers", "limits", "policies", "rates", "receivables", "scoring"]
