"""Changes of limits, requested and approved along the matrix in force."""

from datetime import timedelta
from decimal import Decimal

from approvals import lifecycle
from approvals.matrix.enums import Purpose
from credit.lifecycle import LimitInput
from tests.factories.moments import NOW
from tests.factories.routes import answer, level, matrix, row
from tests.factories.staff import person

TODAY = NOW.date()
TEMPORARY = {"type": "temporary", "valid_until": TODAY + timedelta(days=30)}
SECURED = TEMPORARY | {
    "type": "secured",
    "security": "guarantee",
    "covered_percent": Decimal(80),
    "reference": "G-1",
}


def routed(*levels):
    """The matrix in force: changes of limits ask these levels, orders a first-level approver."""
    rows = [
        row("every", level("approver_1")),
        row("limits", *levels, purpose=Purpose.LIMIT.value),
    ]
    return matrix(rows=rows)


def requested(account, amount="200.00", *, by=None, at=NOW, justification="grown", **values):
    """The request for a limit of that amount, a base limit unless `values` say otherwise."""
    values = {"amount": amount and Decimal(amount)} | values
    return lifecycle.request_limit(
        account_id=account.pk,
        limit=LimitInput(**values),
        justification=justification,
        by=by or person("credit_analyst"),
        at=at,
    )


def approved(request, *people, at=NOW):
    """The request after each of these approved it, one after the other."""
    for by in people or [person("approver_1")]:
        request = answer(request, by=by, at=at, seen_decision_id=request.round)
    return request
