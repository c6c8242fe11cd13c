"""Changes of limits: requested by one person, routed through the matrix like orders."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from approvals import policies
from approvals.enums import ApprovalAction
from approvals.errors import RequestError
from approvals.lifecycle.parts import close, guard_text, lock, tell
from approvals.lifecycle.routing import lay
from approvals.limit_figures import look_at
from approvals.models import ApprovalRequest, LimitChange
from credit import lifecycle as credit
from credit.days import company_day
from credit.limit_input import LimitInput, check_limit
from credit.models import CreditAccount
from credit.money import ZERO
from staff.models import User


@transaction.atomic
def request_limit(
    *, account_id: int, limit: LimitInput, justification: str, by: User, at: datetime
) -> ApprovalRequest:
    """Ask for a limit; it is granted when the last level approves, from its first day on.

    Raises PermissionDenied for customers of others and without the right, CreditError for a limit
    that makes no sense, and RequestError without a justification or while one is asked for.
    """
    account = credit.lock(account_id)
    if not policies.can_request_limit(by, account):
        raise PermissionDenied(_("You may not request changes of this customer's limit."))
    if not justification.strip():
        raise RequestError(_("Say why: those who decide read it, and it is kept with the limit."))
    check_limit(account, limit, company_day(at))
    open_ones = ApprovalRequest.objects.open().filter(limit_change__account=account)
    if open_ones.exists():
        raise RequestError(
            _("A change of this customer's limit waits for approval already. Withdraw it first.")
        )
    request = _request(account, _change(account, limit, justification.strip(), by, at))
    tell(request, ApprovalAction.OPENED, by=by, at=at, was="", **_told(request))
    lay(request, at)
    return request


@transaction.atomic
def review_limit(
    *,
    account_id: int,
    amount: Decimal | None,
    seen_limit_id: int | None,
    review_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> ApprovalRequest | None:
    """Carry out the review of a limit, which is due again on `review_on`.

    Without an `amount`, in the account's currency, the limit is confirmed as it stands; with one
    that base limit is requested, and returned is the request. Raises as `confirm_limit` and
    `set_review` of credit and `request_limit` do, and RequestError for a day that is not to come.
    """
    done: dict[str, Any] = {"account_id": account_id, "review_on": review_on, "by": by, "at": at}
    if amount is None:
        credit.confirm_limit(**done, seen_limit_id=seen_limit_id, reason=reason)
        return None
    if review_on <= company_day(at):
        raise RequestError(_("The next review has to be after today."))
    limit = LimitInput(amount=amount)
    request = request_limit(account_id=account_id, limit=limit, justification=reason, by=by, at=at)
    credit.set_review(**done, reason=reason)
    return request


@transaction.atomic
def withdraw_limit(*, request_id: int, by: User, reason: str, at: datetime) -> ApprovalRequest:
    """Take a requested change back; whoever requested it may.

    Raises PermissionDenied, or RequestError for an answered request and without a reason.
    """
    request = lock(request_id)
    if not policies.can_withdraw(by, request):
        raise PermissionDenied(_("Only whoever requested the change can withdraw it."))
    comment = guard_text(reason)
    return close(
        request, request.to_withdrawn, ApprovalAction.WITHDRAWN, by=by, comment=comment, at=at
    )


def _change(
    account: CreditAccount, limit: LimitInput, justification: str, by: User, at: datetime
) -> LimitChange:
    looked = look_at(account.pk, limit, at)
    return LimitChange.objects.create(
        account=account,
        type=limit.type,
        kind=limit.kind,
        amount=limit.amount,
        security=limit.security,
        covered_percent=limit.covered_percent,
        valid_from=limit.valid_from or company_day(at),
        valid_until=limit.valid_until,
        reference=limit.reference,
        justification=justification,
        requested_by=by,
        requested_at=at,
        before=looked.before,
        resulting=looked.resulting,
    )


def _request(account: CreditAccount, change: LimitChange) -> ApprovalRequest:
    return ApprovalRequest.objects.create(
        limit_change=change,
        opened_at=change.requested_at,
        requested_by=change.requested_by,
        order_owner=account.customer.owner,
        amount=change.amount or ZERO,
        currency=account.currency,
    )


def _told(request: ApprovalRequest) -> dict[str, Any]:
    change = request.limit_change
    assert change is not None  # noqa: S101
    return {
        "account": change.account_id,
        "type": change.type,
        "kind": change.kind,
        "amount": change.amount,
        "before": change.before,
        "resulting": change.resulting,
        "currency": request.currency,
    }
