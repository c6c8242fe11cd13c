"""The money of an order on its timeline: what `credit` writes down of its invoices and promises."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit.enums import CreditAction, DisputeReason
from orders.telling import Figures, Look, declare_looks
from staff.figures import money


def _amount(figures: Figures, name: str = "amount") -> str:
    value = figures.get(name)
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


def _promised(text: Any) -> Callable[[Figures], str]:
    def sentence(figures: Figures) -> str:
        day = figures.get("due_on")
        values = {name: _amount(figures, name) for name in ("amount", "before", "received")}
        values["day"] = date_format(date.fromisoformat(day), "DATE_FORMAT") if day else "–"
        return str(text) % values

    return sentence


# Icon, colour of its mark, what it says.
_PROMISES: dict[str, tuple[str, str, Any]] = {
    CreditAction.PROMISE_MADE: (
        "calendar", "", gettext_lazy("%(amount)s, promised for %(day)s.")
    ),
    CreditAction.PROMISE_CHANGED: (
        "calendar", "", gettext_lazy("%(amount)s instead of %(before)s, promised for %(day)s.")
    ),
    CreditAction.PROMISE_WITHDRAWN: (
        "minus", "", gettext_lazy("%(amount)s, promised for %(day)s.")
    ),
    CreditAction.PROMISE_KEPT: (
        "circle-check", "green", gettext_lazy("%(received)s came in, promised for %(day)s.")
    ),
    CreditAction.PROMISE_PARTLY_KEPT: (
        "circle-x", "orange",
        gettext_lazy("%(received)s of %(amount)s came in, promised for %(day)s."),
    ),
    CreditAction.PROMISE_BROKEN: (
        "circle-x", "red", gettext_lazy("Nothing of %(amount)s came in, promised for %(day)s.")
    ),
}  # fmt: skip

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
declare_looks(
    {
        action: Look("money", icon, colour, _promised(text))
        for action, (icon, colour, text) in _PROMISES.items()
    }
)
