"""The form in which people write a version of a credit policy."""

from credit.editing.version import VersionEditor

__all__ = ["VersionEditor"]
