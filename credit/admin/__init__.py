from credit.admin import accounts, customers, policies, receivables, scoring

__all__ = ["accounts", "customers", "policies", "receivables", "scoring"]
