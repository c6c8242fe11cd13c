"""The form in which people write a version of the approval matrix."""

from approvals.matrix.editing.version import MatrixEditor

__all__ = ["MatrixEditor"]
