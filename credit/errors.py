"""Why something about credit cannot be done."""

from django.core.exceptions import PermissionDenied


class CreditError(ValueError):
    """A change to an account that cannot be made; the message says what to do."""


class RaiseNeedsApproval(PermissionDenied):
    """Nobody lets a customer use more alone: it is requested, and somebody else approves it."""
