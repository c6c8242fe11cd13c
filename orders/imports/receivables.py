"""Writing the receivables of an import: invoices, and what settled them, as sets."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection

from credit import lifecycle as credit
from credit.lifecycle import PastInvoice
from credit.money import ZERO
from orders.imports.enums import Kind
from orders.imports.open_parts import paid_part, settled_day
from orders.imports.writing import Staged, Tell, refusing
from staff.models import User

PAYERS = """
    SELECT c.code, a.id, c.payment_days
    FROM credit_customer c JOIN credit_creditaccount a ON a.customer_id = c.id
    WHERE c.code = ANY(%s)
"""


class Receivables:
    """Brings over invoices, in the order in which they were issued, as the ledger would have."""

    kind, narrowed, keyless = Kind.INVOICES, "true", False
    ordered = "data->>'issued_on', id"

    def __init__(self, by: User, at: datetime) -> None:
        self.by, self.at = by, at

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        with connection.cursor() as cursor:
            cursor.execute(PAYERS, [sorted({row.parent for row in rows})])
            payers = {code: account for code, *account in cursor.fetchall()}
        items = [_invoice(row, *payers[row.parent]) for row in rows]
        refusing(rows[0], lambda: credit.import_invoices(items=items, by=self.by, at=self.at))
        tick(len(rows))


def _invoice(row: Staged, account_id: int, payment_days: int) -> PastInvoice:
    values = json.loads(row.data)
    issued_on = date.fromisoformat(values["issued_on"])
    due_on, paid_on = values.get("due_on"), values.get("paid_on")
    settled_on = settled_day(values)
    return PastInvoice(
        account_id=account_id,
        number=row.key,
        amount=Decimal(values["amount"]),
        issued_on=issued_on,
        due_on=date.fromisoformat(due_on) if due_on else issued_on + timedelta(days=payment_days),
        settled_on=date.fromisoformat(settled_on) if settled_on else None,
        disputed=bool(values.get("disputed")),
        paid=paid_part(values) or ZERO,
        paid_on=date.fromisoformat(paid_on) if paid_on else None,
    )
