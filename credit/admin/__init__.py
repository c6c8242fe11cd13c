from credit.admin import accounts, customers

__all__ = ["accounts", "customers"]
