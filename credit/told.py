"""What was done to a customer's credit, as its history tells it: what changed from what to what."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from credit.enums import CreditAction, DisputeReason, RiskClass
from credit.models import CreditAccount, Customer, Invoice
from credit.scoring.enums import ScoreAction
from journal.models import Entry
from staff.figures import money
from staff.listing import listed

LATEST = 30
_ICONS: dict[str, str] = {
    CreditAction.LIMIT_CHANGED: "gauge",
    CreditAction.LIMIT_CONFIRMED: "checks",
    CreditAction.LIMIT_ENDED: "gauge",
    CreditAction.GROUP_CHANGED: "users",
    CreditAction.REVIEW_SET: "calendar",
    CreditAction.PROMISE_MADE: "cash",
    CreditAction.PROMISE_KEPT: "circle-check",
    CreditAction.PROMISE_PARTLY_KEPT: "circle-x",
    CreditAction.PROMISE_BROKEN: "circle-x",
    CreditAction.PROMISE_CHANGED: "cash",
    CreditAction.PROMISE_WITHDRAWN: "cash",
    CreditAction.INVOICE_ISSUED: "file-invoice",
    CreditAction.INVOICE_OPENED: "file-invoice",
    CreditAction.RECEIPT_ALLOCATED: "cash",
    CreditAction.ALLOCATION_UNDONE: "arrow-back-up",
    CreditAction.DISPUTE_OPENED: "hand-stop",
    CreditAction.DISPUTE_RESOLVED: "circle-check",
    CreditAction.CREDIT_NOTED: "receipt",
    CreditAction.WRITTEN_OFF: "receipt",
}


def changes(customer: Customer, account: CreditAccount | None) -> list[dict[str, Any]]:
    """The latest entries about customer and account, newest first, for the timeline."""
    entries = list(Entry.objects.about(customer)[:LATEST])
    if account:
        entries += Entry.objects.about(account)[:LATEST]
    entries.sort(key=lambda entry: (entry.at, entry.pk), reverse=True)
    return [_told(entry) for entry in entries[:LATEST]]


def changes_of(invoice: Invoice) -> list[dict[str, Any]]:
    """The latest entries about the invoice, newest first, for the timeline."""
    entries = Entry.objects.about(invoice)[:LATEST]
    return [_told(entry, invoice.account.currency) for entry in entries]


def _told(entry: Entry, currency: str = "") -> dict[str, Any]:
    parts = [_amount(entry, currency), _objection(entry), _moved(entry), entry.words]
    return {
        "title": entry.label,
        "at": entry.at,
        "who": entry.by or _("Ordergate"),
        "text": "\n".join(filter(None, parts)),
        "icon": _ICONS.get(entry.action, "pencil"),
    }


def _objection(entry: Entry) -> str:
    """What the customer objects to, where an entry opens a dispute."""
    reason = entry.figure("reason") if entry.action == CreditAction.DISPUTE_OPENED else None
    return capfirst(str(DisputeReason(reason).label)) if reason in DisputeReason.values else ""


def _amount(entry: Entry, currency: str) -> str:
    """The amount that an entry is about, in `currency` where it names none of its own."""
    amount, currency = entry.figure("amount"), entry.figure("currency") or currency
    if not (amount and currency):
        return ""
    return f"{money(Decimal(amount))} {currency}"


def _day(kept: str | None) -> str:
    return date_format(date.fromisoformat(kept)) if kept else _("no day set")


def _risk_class(kept: str | None) -> str:
    return str(RiskClass(kept).label) if kept in RiskClass.values else _("no class")


_SIDES: dict[str, Callable[[str | None], str]] = {
    CreditAction.REVIEW_SET: _day,
    ScoreAction.CLASS_CHANGED: _risk_class,
}


def _moved(entry: Entry) -> str:
    """From what to what: days and classes; of a customer's own data, which of them changed."""
    before, after = entry.figure("before"), entry.figure("after")
    if entry.action == CreditAction.CUSTOMER_CHANGED and isinstance(after, dict):
        return listed(capfirst(_label(name)) for name in after)
    if (told := _SIDES.get(entry.action)) is None:
        return ""
    return f"{told(before)} → {told(after)}"


def _label(name: str) -> str:
    return str(getattr(Customer._meta.get_field(name), "verbose_name", name))
