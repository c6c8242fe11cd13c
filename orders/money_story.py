"""The money of an order on its timeline: what `credit` writes down about its invoices."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from credit.enums import CreditAction, DisputeReason
from orders.telling import Figures, Look, declare_looks
from staff.figures import money


def _amount(figures: Figures) -> str:
    value = figures.get("amount")
    if value is None:
        return "–"
    return f"{money(Decimal(str(value)))} {figures.get('currency', '')}".strip()


def _document(figures: Figures) -> str:
    values = {"number": figures.get("number") or "–", "amount": _amount(figures)}
    return _("%(number)s of %(amount)s.") % values


def _allocated(figures: Figures) -> str:
    values = {
        "amount": _amount(figures),
        "number": figures.get("number") or "–",
        "reference": figures.get("reference") or "–",
    }
    return _("%(amount)s for invoice %(number)s, receipt %(reference)s.") % values


def _disputed(figures: Figures) -> str:
    reasons: dict[Any, Any] = dict(DisputeReason.choices)
    reason = reasons.get(figures.get("reason"), "")
    values = {
        "amount": _amount(figures),
        "number": figures.get("number") or "–",
        "reason": reason,
    }
    return _("%(amount)s of invoice %(number)s: %(reason)s.") % values


def _resolved(figures: Figures) -> str:
    return _("%(amount)s are no longer disputed.") % {"amount": _amount(figures)}


declare_looks(
    {
        CreditAction.INVOICE_ISSUED: Look("money", "file-invoice", "", _document),
        CreditAction.RECEIPT_ALLOCATED: Look("money", "cash", "green", _allocated),
        CreditAction.ALLOCATION_UNDONE: Look("money", "cash", "orange", _allocated),
        CreditAction.DISPUTE_OPENED: Look("money", "message", "orange", _disputed),
        CreditAction.DISPUTE_RESOLVED: Look("money", "message", "green", _resolved),
        CreditAction.CREDIT_NOTED: Look("money", "receipt", "", _document),
        CreditAction.WRITTEN_OFF: Look("money", "receipt", "red", _document),
    }
)
