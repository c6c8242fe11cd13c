"""Receipts of customers, as a bank's list tells them: one row, one sum that came in."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from credit import lifecycle as credit
from credit.enums import PaymentMethod
from credit.lifecycle.receipts import NONE, OLDEST, Plan
from credit.models import CreditAccount, Invoice
from orders.imports.enums import Kind
from orders.imports.noted import OVER_INVOICE
from orders.imports.problems import Notes
from orders.imports.writing import Staged, Tell, refusing
from staff.models import User


class Receipts:
    """Records money that came in, and allocates it to the row's invoice or the oldest ones."""

    kind, narrowed, keyless = Kind.RECEIPTS, "true", True
    ordered = "file, line"

    def __init__(self, by: User, at: datetime, notes: Notes) -> None:
        self.by, self.at, self.notes = by, at, notes

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        accounts = dict(
            CreditAccount.objects.filter(
                customer__code__in={row.parent for row in rows}
            ).values_list("customer__code", "pk")
        )
        for row in rows:
            refusing(row, partial(self._record, accounts[row.parent], json.loads(row.data)))
        tick(len(rows))

    def _record(self, account_id: int, values: dict[str, str]) -> None:
        amount = Decimal(values["amount"])
        credit.record_receipt(
            account_id=account_id,
            amount=amount,
            received_on=date.fromisoformat(values["received_on"]),
            method=values.get("method", PaymentMethod.TRANSFER),
            reference=values.get("reference", ""),
            allocate=self._plan(account_id, values.get("invoice"), amount),
            by=self.by,
            at=self.at,
        )

    def _plan(self, account_id: int, number: str | None, amount: Decimal) -> Plan:
        """The oldest invoices where the row names none, else its own as far as it is open."""
        if number is None:
            return OLDEST
        invoice = Invoice.objects.get(account=account_id, number=number)
        if amount > invoice.open_amount:
            self.notes.add(OVER_INVOICE, number)
        part = min(amount, invoice.open_amount)
        return [(invoice.pk, part)] if part else NONE
