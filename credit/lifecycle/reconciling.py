"""Comparing the books with themselves, and keeping what came of it."""

import time
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit.models import ReconciliationRun
from credit.reconciling import compare
from credit.signals import books_compared
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def reconcile(*, by: User | None, at: datetime) -> ReconciliationRun:
    """Compare every balance with what it stands for, and keep the result. Repairs nothing.

    `by` is None for the schedule and the command. Raises PermissionDenied without the right.
    """
    if by is not None and not by.has_perm("credit.reconcile"):
        raise PermissionDenied(_("You may not compare the balances with the ledger."))
    began = time.monotonic()
    result = compare()
    run = ReconciliationRun.objects.create(
        at=at,
        by=by,
        accounts=result.accounts,
        entries=result.entries,
        found=result.found,
        differences=[difference.as_json() for difference in result.differences],
        milliseconds=round((time.monotonic() - began) * 1000),
    )
    # Received by exceptions.receivers.note_books.
    books_compared.send(sender=ReconciliationRun, run=run, at=at)
    return run
