from credit.admin import accounts, customers, settings

__all__ = ["accounts", "customers", "settings"]
