"""Limits of an import: those that let pass no more are granted, the others are asked for."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from credit import lifecycle as credit
from credit.days import company_day
from credit.errors import CreditError
from credit.limit_input import LimitInput, check_limit
from credit.models import CreditAccount
from credit.raising import is_raise
from orders.imports.enums import Kind
from orders.imports.problems import Notes
from orders.imports.writing import Staged, Tell, refusing
from orders.signals import limit_asked_for
from staff.models import User
from staff.sentences import sentence as _


class Limits:
    """Writes limits in the order of the file.

    A raise is never granted here: it becomes a request that somebody else decides about, or is
    refused where whoever imports may not request it.
    """

    kind, narrowed, keyless = Kind.LIMITS, "true", True
    ordered = "file, line"

    def __init__(self, by: User, at: datetime, notes: Notes) -> None:
        self.by, self.at, self.notes = by, at, notes

    def write(self, rows: Sequence[Staged], tick: Tell) -> None:
        accounts = {
            account.customer.code: account
            for account in CreditAccount.objects.filter(
                customer__code__in={row.parent for row in rows}
            ).select_related("customer__segment")
        }
        for row in rows:
            refusing(row, partial(self._write, row, accounts[row.parent]))
        tick(len(rows))

    def _write(self, row: Staged, account: CreditAccount) -> None:
        values = json.loads(row.data)
        limit = _limit(values)
        today = company_day(self.at)
        check_limit(account, limit, today)
        reason = values.get("reason") or _("Imported from a file.")
        if not is_raise(account, today, added=credit.limit_as_granted(account, limit, today)):
            credit.grant_limit(
                account_id=account.pk, limit=limit, reason=reason, by=self.by, at=self.at
            )
            return
        # Answered by approvals.receivers.request_limit.
        answered = limit_asked_for.send(
            type(account), account_id=account.pk, limit=limit, reason=reason, by=self.by, at=self.at
        )
        if not answered:
            raise CreditError(_("This raises the limit, which somebody has to approve."))
        self.notes.add("limit_requested", row.parent)


def _limit(values: dict[str, str]) -> LimitInput:
    def amount(name: str) -> Decimal | None:
        return Decimal(values[name]) if name in values else None

    def day(name: str) -> date | None:
        return date.fromisoformat(values[name]) if name in values else None

    return LimitInput(
        type=values["type"],
        kind=values["kind"],
        amount=amount("amount"),
        valid_from=day("valid_from"),
        valid_until=day("valid_until"),
        security=values.get("security", ""),
        covered_percent=amount("covered_percent"),
        reference=values.get("reference", ""),
    )
