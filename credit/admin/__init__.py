from credit.admin import accounts, customers, policies

__all__ = ["accounts", "customers", "policies"]
