"""What an account may use without and with a limit that is asked for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credit.days import company_day
from credit.groups import rates_for
from credit.lifecycle.limits import limit_as_granted
from credit.limit_input import LimitInput
from credit.models import CreditAccount
from credit.raising import comes_to


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The account on the first day of the limit, and what it may use then, in its currency.

    None stands for no such amount: unlimited, or covered by the group's limit alone.
    """

    account: CreditAccount
    before: Decimal | None
    resulting: Decimal | None


def look_at(account_id: int, limit: LimitInput, at: datetime) -> LookedAt:
    """The account as it stands, with and without the limit; a first day that is past is today."""
    today = company_day(at)
    day = max(limit.valid_from or today, today)
    account = CreditAccount.objects.with_limits(day).get(pk=account_id)
    account.rates = rates_for([account], today)
    added = limit_as_granted(account, limit, today)
    return LookedAt(
        account, account.effective_limit.amount, comes_to(account, day, added=added).amount
    )


def exceeds(amount: Decimal | None, approved: Decimal | None) -> bool:
    """Whether an account may use more with the one than with the other."""
    if amount is None or approved is None:
        return amount is None and approved is not None
    return amount > approved
