"""A list of invoices as a file for a spreadsheet."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from credit.models.receivable import InvoiceQuerySet
from staff.sheets import Column, Kind, Sheet


def invoice_sheet(invoices: InvoiceQuerySet, keys: Iterable[str], *, today: date) -> Sheet:
    """The invoices in the order of `keys`, as they stand `today`."""
    columns = (
        Column(_("Invoice"), "number"),
        Column(_("Standing"), lambda invoice: invoice.standing(today).label),
        Column(_("Customer code"), "account__customer__code"),
        Column(_("Customer"), "account__customer__name"),
        Column(_("Currency"), "account__currency"),
        Column(_("Amount"), "amount", Kind.MONEY),
        Column(_("Open amount"), "open_amount", Kind.MONEY),
        Column(_("Disputed amount"), "disputed_amount", Kind.MONEY),
        Column(_("Issued on"), "issued_on", Kind.DATE),
        Column(_("Due on"), "due_on", Kind.DATE),
        Column(_("Settled on"), "settled_on", Kind.DATE),
        Column(_("Days overdue"), lambda invoice: invoice.lateness(today), Kind.NUMBER),
    )
    rows = invoices.select_related("account__customer").order_by(*keys)
    return Sheet("receivables", columns, rows)
