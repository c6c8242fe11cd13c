from credit.admin import accounts, customers, receivables

__all__ = ["accounts", "customers", "receivables"]
