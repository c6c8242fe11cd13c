from credit.admin import accounts, customers, receivables, settings

__all__ = ["accounts", "customers", "receivables", "settings"]
