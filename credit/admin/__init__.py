from credit.admin import accounts, customers, scoring

__all__ = ["accounts", "customers", "scoring"]
