"""A list of invoices as a file for a spreadsheet, row by row, however long it is."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from credit.models.receivable import InvoiceQuerySet

# A cell that begins so would be run as a formula by the spreadsheet that opens the file.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Lets Excel see that the file is UTF-8.
_MARK = "\ufeff"


class _Echo:
    """Gives each written line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; numbers never are."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def invoice_lines(
    invoices: InvoiceQuerySet, keys: Iterable[str], *, language: str, today: date
) -> Iterator[str]:
    """The lines of a CSV file with one invoice each, headed in `language`.

    The rows are sent after the request's own language is put back, so it comes along.
    """
    writer = csv.writer(_Echo())
    with translation.override(language):
        yield _MARK + writer.writerow(safe(heading) for heading in _headings())
    rows = invoices.select_related("account__customer").order_by(*keys)
    for invoice in rows.iterator(chunk_size=2000):
        customer = invoice.account.customer
        with translation.override(language):
            standing = str(invoice.standing(today).label)
        cells = (
            invoice.number, standing, customer.code, customer.name, invoice.account.currency,
            invoice.amount, invoice.open_amount, invoice.disputed_amount, invoice.issued_on,
            invoice.due_on, invoice.settled_on, invoice.lateness(today),
        )  # fmt: skip
        yield writer.writerow([safe(cell) for cell in cells])


def _headings() -> list[str]:
    return [
        _("Invoice"), _("Standing"), _("Customer code"), _("Customer"), _("Currency"), _("Amount"),
        _("Open amount"), _("Disputed amount"), _("Issued on"), _("Due on"), _("Settled on"),
        _("Days overdue"),
    ]  # fmt: skip
