"""A limit as it is asked for, and whether it makes sense on an account."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from credit.enums import LimitKind, LimitType, Security
from credit.errors import CreditError
from credit.models import CreditAccount
from credit.money import is_amount
from staff.sentences import sentence as _


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
