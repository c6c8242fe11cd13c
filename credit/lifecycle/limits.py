"""Accounts and what they may use."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from credit.days import company_day
from credit.enums import CreditAction, LimitKind, LimitType, Security
from credit.errors import CreditError
from credit.lifecycle.ledger import lock
from credit.models import CreditAccount, CreditLimit
from credit.money import is_amount
from credit.scoring.comparison import compare_again
from credit.signals import credit_arrived
from journal.record import record
from staff.models import User


@dataclass(frozen=True, slots=True)
class LimitInput:
    """A limit to be granted, in the account's currency; days are the company's.

    `valid_from` left out means from today. A temporary limit needs its last day; a secured one
    needs that, what secures it, and how much of the amount is covered, in per cent.
    """

    type: str = LimitType.BASE
    kind: str = LimitKind.AMOUNT
    amount: Decimal | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    security: str = ""
    covered_percent: Decimal | None = None
    reference: str = ""


@transaction.atomic
def grant_limit(
    *, account_id: int, limit: LimitInput, reason: str, by: User, at: datetime
) -> CreditLimit:
    """Grant a limit; a base limit takes over from the one before on its first day.

    Raises PermissionDenied without the right, CreditError for a limit that makes no sense.
    """
    account = lock(account_id)
    _may_limit(by)
    check_limit(account, limit, company_day(at))
    if not reason.strip():
        raise CreditError(_("Say why the limit changes; it is kept with the limit."))
    made = _add(account, limit, reason.strip(), by, at)
    compare_again(customer_ids=[account.customer_id], at=at)
    record(
        action=CreditAction.LIMIT_CHANGED,
        subject=account,
        by=by,
        at=at,
        reason=reason.strip(),
        data={"limit": made.pk, "currency": account.currency} | made.as_facts(),
    )
    # Answered by orders.receivers.ask_waiting_orders_again.
    credit_arrived.send(CreditAccount, account_id=account.pk, by=by)
    return made


@transaction.atomic
def end_limit(*, limit_id: int, reason: str, by: User, at: datetime) -> CreditLimit:
    """End a limit before its last day; an ended base limit gives way to the one before it.

    Raises PermissionDenied, or CreditError without a reason and for one that ended already.
    """
    account = lock(CreditLimit.objects.values_list("account_id", flat=True).get(pk=limit_id))
    limit = CreditLimit.objects.get(pk=limit_id)
    _may_limit(by)
    if limit.ended_at:
        raise CreditError(_("This limit has ended already."))
    if not reason.strip():
        raise CreditError(_("Say why the limit ends; it is kept with the limit."))
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
    limit: LimitInput = LimitInput(kind=LimitKind.NONE),
) -> CreditAccount:
    """Give a customer their credit account, in a currency that stays, with its first base limit.

    Raises PermissionDenied without the right, CreditError for a limit that makes no sense.
    """
    may_limit = limit.kind == LimitKind.NONE or by.has_perm("credit.change_limit")
    if not (by.has_perm("credit.add_creditaccount") and may_limit):
        raise PermissionDenied(_("You may not open this credit account."))
    account = CreditAccount.objects.create(customer_id=customer_id, currency=currency)
    check_limit(account, limit, company_day(at))
    made = _add(account, limit, _("Opened with the account."), by, at)
    record(
        action=CreditAction.ACCOUNT_OPENED,
        subject=account,
        by=by,
        at=at,
        data={"limit": made.pk, "currency": currency} | made.as_facts(),
    )
    return account


@transaction.atomic
def set_review(*, account_id: int, review_on: date | None, by: User, at: datetime) -> CreditAccount:
    """Set the day by which the customer's credit is to be reviewed; None for no such day.

    Raises PermissionDenied without the right.
    """
    account = lock(account_id)
    _may_limit(by)
    before, account.review_on = account.review_on, review_on
    account.save(update_fields=["review_on"])
    record(
        action=CreditAction.REVIEW_SET,
        subject=account,
        by=by,
        at=at,
        data={"before": before, "after": review_on},
    )
    return account


def _add(
    account: CreditAccount, limit: LimitInput, reason: str, by: User, at: datetime
) -> CreditLimit:
    return CreditLimit.objects.create(
        account=account,
        type=limit.type,
        kind=limit.kind,
        amount=limit.amount,
        valid_from=limit.valid_from or company_day(at),
        valid_until=limit.valid_until,
        security=limit.security,
        covered_percent=limit.covered_percent,
        reference=limit.reference,
        reason=reason,
        granted_at=at,
        granted_by=by,
    )


def _may_limit(by: User) -> None:
    if not by.has_perm("credit.change_limit"):
        raise PermissionDenied(_("You may not change credit limits."))


def check_limit(account: CreditAccount, limit: LimitInput, today: date) -> None:
    """Raises CreditError for a limit that makes no sense on the account.

    `today` is the company's day, from which a limit counts that does not say from when.
    """
    if limit.kind not in LimitKind.values or limit.type not in LimitType.values:
        raise CreditError(_("There is no such kind of limit."))
    if (limit.kind == LimitKind.AMOUNT) != (limit.amount is not None):
        raise CreditError(_("Give an amount for a limit of kind 'amount', and for no other kind."))
    if limit.amount is not None and not (is_amount(limit.amount) and limit.amount >= 0):
        raise CreditError(
            _("A limit is in whole cents and cannot be negative or larger than can be stored.")
        )
    if limit.kind == LimitKind.GROUP and account.parent_id is None:
        raise CreditError(_("This customer belongs to no group whose limit could apply."))
    _guard_days(account, limit, today)
    _guard_security(limit)


def _guard_days(account: CreditAccount, limit: LimitInput, today: date) -> None:
    begins = limit.valid_from or today
    if limit.valid_until and limit.valid_until < begins:
        raise CreditError(_("The last day of a limit cannot be before its first."))
    if limit.valid_until and limit.valid_until < today:
        raise CreditError(_("The last day of this limit is past already."))
    if limit.type != LimitType.BASE:
        if limit.kind != LimitKind.AMOUNT or limit.valid_until is None:
            raise CreditError(_("A temporary or secured limit is an amount with a last day."))
        return
    later = account.limits.filter(
        type=LimitType.BASE, ended_at__isnull=True, valid_from__gt=begins, valid_from__lte=today
    )
    if later.exists():
        raise CreditError(
            _("A base limit that began later is in force, so this one would never count.")
        )


def _guard_security(limit: LimitInput) -> None:
    percent = limit.covered_percent
    if limit.type != LimitType.SECURED:
        if limit.security or percent is not None:
            raise CreditError(_("Only a secured limit has a security and a covered percentage."))
    elif limit.security not in Security.values or percent is None:
        raise CreditError(_("Say what secures the limit, and how much of it is covered."))
    elif not is_amount(percent) or not 0 <= percent <= 100:
        raise CreditError(
            _("The covered percentage is from 0 to 100 and has at most two decimals.")
        )
