from credit.admin import accounts, customers, receivables, scoring

__all__ = ["accounts", "customers", "receivables", "scoring"]
