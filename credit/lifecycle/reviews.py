"""Limits that are looked at again, as they are once a year, and stay as they are."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import policies
from credit.days import company_day
from credit.enums import CreditAction, LimitType
from credit.errors import CreditError
from credit.lifecycle.ledger import lock
from credit.models import CreditAccount, CreditLimit
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _


@transaction.atomic
def confirm_limit(
    *,
    account_id: int,
    seen_limit_id: int | None,
    review_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> CreditAccount:
    """Confirm what an account may use as it stands, until the next review on `review_on`.

    `seen_limit_id` is the base limit that was looked at, None for none. Raises PermissionDenied
    without the right and for whoever looks after the customer, CreditError without a reason, for a
    day that is not to come, and where another base limit is in force by now.
    """
    account, today = lock(account_id), company_day(at)
    if not policies.can_review(by, account):
        raise PermissionDenied(_("You may not review this customer's limit."))
    if not reason.strip():
        raise CreditError(_("Say what the review rests on; it is kept with the limit."))
    if review_on <= today:
        raise CreditError(_("The next review has to be after today."))
    limit = _base_in_force(account, today)
    if (limit.pk if limit else None) != seen_limit_id:
        raise CreditError(
            _("Somebody changed this limit meanwhile. Look at it again, then repeat.")
        )
    before, account.review_on = account.review_on, review_on
    account.save(update_fields=["review_on"])
    record(
        action=CreditAction.LIMIT_CONFIRMED,
        subject=account,
        by=by,
        at=at,
        reason=reason.strip(),
        data={"before": before, "after": review_on, "currency": account.currency}
        | (limit.as_facts() if limit else {}),
    )
    return account


def _base_in_force(account: CreditAccount, day: date) -> CreditLimit | None:
    limits = CreditLimit.objects.valid_on(day).filter(account=account, type=LimitType.BASE)
    return limits.first()
