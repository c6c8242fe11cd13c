"""Accounts and what they may use.

Nobody raises a limit alone: `grant_limit` lowers one, `grant_approved_limit` carries out what one
person requested and another approved. What begins with an account (`open_account`) or was in force
before the company moved in (`take_over_limit`) needs no request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import policies
from credit.days import company_day
from credit.enums import CreditAction, LimitKind
from credit.errors import CreditError, RaiseNeedsApproval
from credit.lifecycle.ledger import lock
from credit.limit_input import LimitInput, check_limit
from credit.models import CreditAccount, CreditLimit, Customer
from credit.raising import is_raise
from credit.scoring.comparison import compare_again
from credit.signals import credit_arrived
from journal.record import entry, record
from staff.bulk import copy_in, reserve_ids
from staff.models import User
from staff.sentences import kept
from staff.sentences import sentence as _

_NO_CREDIT = LimitInput(kind=LimitKind.NONE)


@dataclass(frozen=True, slots=True)
class Approval:
    """The request by which a limit was approved, and who had requested it."""

    request_id: int
    requested_by: User


@transaction.atomic
def grant_limit(
    *, account_id: int, limit: LimitInput, reason: str, by: User, at: datetime
) -> CreditLimit:
    """Grant a limit that lets the account use no more than before, on any day.

    A base limit takes over from the one before on its first day. Raises PermissionDenied without
    the right, RaiseNeedsApproval for a raise, CreditError for a limit that makes no sense.
    """
    account = lock(account_id)
    _may_limit(by)
    _check(account, limit, reason, at)
    if is_raise(account, company_day(at), added=limit_as_granted(account, limit, company_day(at))):
        raise RaiseNeedsApproval(
            _("This lets the customer use more. Request the change, so that somebody approves it.")
        )
    return _grant(account, limit, reason, by, at)


@transaction.atomic
def grant_approved_limit(
    *,
    account_id: int,
    limit: LimitInput,
    reason: str,
    approval: Approval,
    by: User,
    at: datetime,
) -> CreditLimit:
    """Grant what one person requested and `by` approved at the last level; only approvals call it.

    Raises PermissionDenied for whoever requested it, looks after the customer or may not decide,
    and CreditError for a limit that makes no sense any more.
    """
    account = lock(account_id)
    own = (approval.requested_by.pk, account.customer.owner_id)
    if by.pk in own or not by.has_perm("approvals.decide"):
        raise PermissionDenied(_("Somebody else has to approve this change of a limit."))
    _check(account, limit, reason, at)
    return _grant(account, limit, reason, by, at, approval)


@transaction.atomic
def take_over_limit(
    *, account_id: int, limit: LimitInput, reason: str, by: User, at: datetime
) -> CreditLimit:
    """Write a limit that was granted before the company moved in, whatever it lets pass.

    For data that is brought along; no page of the product leads here. Raises PermissionDenied
    without the right, CreditError for a limit that makes no sense.
    """
    account = lock(account_id)
    _may_limit(by)
    _check(account, limit, reason, at)
    return _grant(account, limit, reason, by, at)


@transaction.atomic
def end_limit(*, limit_id: int, reason: str, by: User, at: datetime) -> CreditLimit:
    """End a limit before its last day; an ended base limit gives way to the one before it.

    Raises PermissionDenied, RaiseNeedsApproval where the one before it lets the account use more,
    or CreditError without a reason and for one that ended already.
    """
    account = lock(CreditLimit.objects.values_list("account_id", flat=True).get(pk=limit_id))
    limit = CreditLimit.objects.get(pk=limit_id)
    _may_limit(by)
    if limit.ended_at:
        raise CreditError(_("This limit has ended already."))
    if not reason.strip():
        raise CreditError(_("Say why the limit ends; it is kept with the limit."))
    if is_raise(account, company_day(at), ended=limit):
        raise RaiseNeedsApproval(
            _(
                "Without this limit the customer could use more. Request the change instead, so "
                "that somebody approves it."
            )
        )
    limit.ended_at, limit.ended_by, limit.end_reason = at, by, reason.strip()
    limit.save(update_fields=["ended_at", "ended_by", "end_reason"])
    compare_again(customer_ids=[account.customer_id], at=at)
    record(
        action=CreditAction.LIMIT_ENDED,
        subject=account,
        by=by,
        at=at,
        reason=reason.strip(),
        data={"limit": limit.pk, "currency": account.currency} | limit.as_facts(),
    )
    return limit


@transaction.atomic
def open_account(
    *,
    customer_id: int,
    currency: str,
    by: User,
    at: datetime,
    limit: LimitInput = _NO_CREDIT,
) -> CreditAccount:
    """Give a customer their credit account, in a currency that stays, with its first base limit.

    Raises PermissionDenied without the right, CreditError for a limit that makes no sense and for
    a customer who has an account.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer_id)
    if CreditAccount.objects.filter(customer=customer_id).exists():
        raise CreditError(_("This customer has a credit account already."))
    return open_accounts(currencies={customer_id: currency}, by=by, at=at, limit=limit)[0]


@transaction.atomic
def open_accounts(
    *,
    currencies: Mapping[int, str],
    by: User,
    at: datetime,
    limit: LimitInput = _NO_CREDIT,
) -> list[CreditAccount]:
    """Give customers their credit accounts, each in its currency (by customer), as `open_account`.

    All begin with the same base limit. The number of statements does not depend on how many.
    """
    may_limit = limit.kind == LimitKind.NONE or by.has_perm("credit.change_limit")
    if not (by.has_perm("credit.add_creditaccount") and may_limit):
        raise PermissionDenied(_("You may not open this credit account."))
    if not currencies:
        return []
    ids = reserve_ids(CreditAccount, len(currencies))
    accounts = [
        CreditAccount(pk=pk, customer_id=customer_id, currency=currency)
        for pk, (customer_id, currency) in zip(ids, currencies.items(), strict=True)
    ]
    copy_in(accounts)
    today = company_day(at)
    check_limit(accounts[0], limit, today)
    made = [limit_as_granted(account, limit, today) for account in accounts]
    for pk, each in zip(reserve_ids(CreditLimit, len(made)), made, strict=True):
        each.pk, each.granted_at, each.granted_by = pk, at, by
        each.reason, each.said = kept(_("Opened with the account."))
    copy_in(made)
    entries = [
        entry(
            action=CreditAction.ACCOUNT_OPENED,
            subject=each.account,
            by=by,
            at=at,
            data={"limit": each.pk, "currency": each.account.currency} | each.as_facts(),
        )
        for each in made
    ]
    copy_in(entries)
    return accounts


@transaction.atomic
def set_review(
    *, account_id: int, review_on: date | None, by: User, at: datetime, reason: str = ""
) -> CreditAccount:
    """Set the day by which the customer's credit is to be reviewed; None for no such day.

    Putting a review off lets orders pass that its day would hold: it needs a reason, and the right
    to review. Raises PermissionDenied without the right, and CreditError without the reason.
    """
    account = lock(account_id)
    before = account.review_on
    put_off = before is not None and (review_on is None or review_on > before)
    _may_limit(by)
    if put_off and not policies.can_review(by, account):
        raise PermissionDenied(_("You may not review this customer's limit."))
    if put_off and not reason.strip():
        raise CreditError(_("Say why the review is put off; it is kept in the history."))
    account.review_on = review_on
    account.save(update_fields=["review_on"])
    record(
        action=CreditAction.REVIEW_SET,
        subject=account,
        by=by,
        at=at,
        reason=reason.strip(),
        data={"before": before, "after": review_on},
    )
    return account


def _check(account: CreditAccount, limit: LimitInput, reason: str, at: datetime) -> None:
    check_limit(account, limit, company_day(at))
    if not reason.strip():
        raise CreditError(_("Say why the limit changes; it is kept with the limit."))


def _grant(
    account: CreditAccount,
    limit: LimitInput,
    reason: str,
    by: User,
    at: datetime,
    approval: Approval | None = None,
) -> CreditLimit:
    """Add the limit, journal it, and have orders that wait asked again."""
    made = _add(account, limit, reason.strip(), by, at, approval)
    compare_again(customer_ids=[account.customer_id], at=at)
    data = {"limit": made.pk, "currency": account.currency} | made.as_facts()
    if approval:
        data |= {"request": approval.request_id, "requested_by": approval.requested_by.pk}
    record(
        action=CreditAction.LIMIT_CHANGED,
        subject=account,
        by=by,
        at=at,
        reason=reason.strip(),
        data=data,
    )
    # Answered by orders.receivers.ask_waiting_orders_again.
    credit_arrived.send(CreditAccount, account_id=account.pk, by=by)
    return made


def _add(
    account: CreditAccount,
    limit: LimitInput,
    reason: str,
    by: User,
    at: datetime,
    approval: Approval | None = None,
) -> CreditLimit:
    made = limit_as_granted(account, limit, company_day(at))
    made.reason, made.granted_at, made.granted_by = reason, at, by
    if approval:
        made.requested_by, made.request_id = approval.requested_by, approval.request_id
    made.save(force_insert=True)
    return made


def limit_as_granted(account: CreditAccount, limit: LimitInput, today: date) -> CreditLimit:
    """The limit as it would be kept; it is not."""
    return CreditLimit(
        account=account,
        type=limit.type,
        kind=limit.kind,
        amount=limit.amount,
        valid_from=limit.valid_from or today,
        valid_until=limit.valid_until,
        security=limit.security,
        covered_percent=limit.covered_percent,
        reference=limit.reference,
    )


def _may_limit(by: User) -> None:
    if not by.has_perm("credit.change_limit"):
        raise PermissionDenied(_("You may not change credit limits."))
