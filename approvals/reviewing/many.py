"""Many limits reviewed in one go, each in a transaction of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied

from approvals import lifecycle
from approvals.models import ApprovalRequest
from approvals.reviewing.forms import CHANGE, LATER
from approvals.reviewing.listing import Reviewed
from credit.errors import CreditError
from staff.models import User

AT_ONCE = 50


class Pick(Protocol):
    """What is wanted of one limit: a valid form, or the same sent by a program."""

    @property
    def row(self) -> Reviewed: ...

    @property
    def cleaned_data(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Result:
    """What became of one limit: confirmed, its change requested, left, or why neither."""

    row: Reviewed
    request: ApprovalRequest | None = None
    left: bool = False
    problem: str = ""


def carry_out(
    picks: Iterable[Pick], *, reason: str, review_on: date, by: User, at: datetime
) -> list[Result]:
    """Do what the picks say; what goes wrong with one is told of it and keeps no other back."""
    return [_one(pick, reason, review_on, by, at) for pick in picks]


def _one(pick: Pick, reason: str, review_on: date, by: User, at: datetime) -> Result:
    row, wanted = pick.row, pick.cleaned_data
    if wanted["outcome"] == LATER:
        return Result(row, left=True)
    try:
        request = lifecycle.review_limit(
            account_id=row.account.pk,
            amount=wanted["amount"] if wanted["outcome"] == CHANGE else None,
            seen_limit_id=wanted["seen"],
            review_on=review_on,
            reason=reason,
            by=by,
            at=at,
        )
    except (lifecycle.RequestError, CreditError, PermissionDenied) as error:
        return Result(row, problem=str(error))
    return Result(row, request=request)
