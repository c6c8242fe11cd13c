"""What an account comes to with one limit more or one less, and whether that is more than before.

A raise is whatever lets the account use more on any day to come: a larger amount, one that lasts
longer, a wider kind of limit, or a smaller limit taken away from above a larger one.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from credit.enums import LimitKind, LimitType
from credit.groups import rates_for
from credit.limits import Granted, granted
from credit.models import CreditAccount, CreditLimit
from credit.money import ZERO

_DAY = timedelta(days=1)


def comes_to(account: CreditAccount, day: date, *, added: CreditLimit | None = None) -> Granted:
    """What the account may use on `day`, with the limit `added` that is not granted yet."""
    rows = _live(account, day)
    return _on(account, [*rows, added] if added else rows, day)


def is_raise(
    account: CreditAccount,
    today: date,
    *,
    added: CreditLimit | None = None,
    ended: CreditLimit | None = None,
) -> bool:
    """Whether granting `added` or ending `ended` lets the account use more on any day from today.

    A base limit beyond its last day lets nothing pass, so one that lasts longer is a raise as well.
    """
    before = _live(account, today)
    after = [row for row in before if ended is None or row.pk != ended.pk]
    after += [added] if added else []
    return any(
        _more(_on(account, before, day), _on(account, after, day))
        for day in _turns([*before, *after], today)
    )


def _live(account: CreditAccount, day: date) -> list[CreditLimit]:
    account.rates = rates_for([account], day)
    return list(CreditLimit.objects.filter(account=account, ended_at__isnull=True).order_by("pk"))


def _turns(rows: Sequence[CreditLimit], today: date) -> list[date]:
    """The days from today on which what counts can change."""
    days = {row.valid_from for row in rows}
    days |= {row.valid_until + _DAY for row in rows if row.valid_until}
    return sorted({today} | {day for day in days if day > today})


def _on(account: CreditAccount, rows: Sequence[CreditLimit], day: date) -> Granted:
    begun = [row for row in rows if row.valid_from <= day]
    bases = [row for row in begun if row.type == LimitType.BASE]
    # What is not granted yet comes last, as it will when it is.
    base = max(bases, key=lambda row: (row.valid_from, row.pk or float("inf")), default=None)
    others = [
        row
        for row in begun
        if row.type != LimitType.BASE and row.valid_until and row.valid_until >= day
    ]
    return granted(
        [row.as_facts() for row in ([base, *others] if base else others)],
        account.customer.segment.as_facts(),
        account.currency,
        account.rates,
        day,
        in_group=account.parent_id is not None,
    )


def _more(before: Granted, after: Granted) -> bool:
    if _reach(after) > _reach(before) or (after.missing_rate and not before.missing_rate):
        return True
    renewed = before.expired_on is not None and after.expired_on is None
    return renewed and after.kind != LimitKind.NONE


def _reach(found: Granted) -> tuple[int, Decimal]:
    """How far a limit reaches: no end beats that of the group, which beats every amount."""
    if found.kind == LimitKind.UNLIMITED:
        return 2, ZERO
    if found.kind == LimitKind.GROUP:
        return 1, ZERO
    return 0, found.amount or ZERO
