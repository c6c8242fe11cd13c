"""Writing the receivables of an import: invoices, and what settled them, as sets."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from credit import lifecycle as credit
from credit.lifecycle import PastInvoice
from credit.money import ZERO
from orders.imports.open_parts import paid_part, settled_day
from orders.imports.staging import Tick
from staff.models import User

CHUNK = 1000
# In the order in which they were issued, so that the ledger grows as it would have.
NEW_INVOICES = """
    SELECT r.key, a.id, c.payment_days, r.data
    FROM import_row r JOIN credit_customer c ON c.code = r.parent
    JOIN credit_creditaccount a ON a.customer_id = c.id
    WHERE r.kind = 'invoices' AND NOT r.known
    ORDER BY r.data->>'issued_on', r.id
"""


def write(by: User, at: datetime, tick: Tick) -> None:
    """Bring over the invoices in the table, a thousand at a time. Raises PermissionDenied."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_INVOICES)
        rows = cursor.fetchall()
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        credit.import_invoices(items=[_invoice(row) for row in chunk], by=by, at=at)
        tick(len(chunk))


def _invoice(row: Sequence[Any]) -> PastInvoice:
    number, account_id, payment_days, data = row
    values = json.loads(data)
    issued_on = date.fromisoformat(values["issued_on"])
    due_on, paid_on = values.get("due_on"), values.get("paid_on")
    settled_on = settled_day(values)
    return PastInvoice(
        account_id=account_id,
        number=number,
        amount=Decimal(values["amount"]),
        issued_on=issued_on,
        due_on=date.fromisoformat(due_on) if due_on else issued_on + timedelta(days=payment_days),
        settled_on=date.fromisoformat(settled_on) if settled_on else None,
        disputed=bool(values.get("disputed")),
        paid=paid_part(values) or ZERO,
        paid_on=date.fromisoformat(paid_on) if paid_on else None,
    )
