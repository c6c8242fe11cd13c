from credit.admin import accounts, customers, scoring, settings

__all__ = ["accounts", "customers", "scoring", "settings"]
