"""How the accounts of a group stand, each with what its own members use."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from credit.limits import Granted
from credit.models import CreditAccount, GroupExposure
from credit.money import ZERO
from credit.rates import Rates, rates_on


@dataclass(frozen=True)
class Member:
    """An account as a member of its group, `depth` levels below the top.

    `whole` is what the account and all below it use, in its own currency, None without a rate;
    `converted` is its own use in the currency of the top.
    """

    account: CreditAccount
    depth: int
    limit: Granted
    members: Decimal | None
    whole: Decimal | None
    converted: Decimal | None

    @property
    def headroom(self) -> Decimal | None:
        """Limit less use, None where there is no limit of its own or no rate."""
        if self.limit.amount is None or self.whole is None:
            return None
        return self.limit.amount - self.whole


def chain(account: CreditAccount, day: date) -> list[Member]:
    """The groups above the account on `day`, its parent first. Four queries, none without any."""
    if not account.ancestors:
        return []
    found = {a.pk: a for a in _accounts(Q(pk__in=account.ancestors), day)}
    above = [found[pk] for pk in account.ancestors if pk in found]
    return _members(above, day, top=above[-1].currency)


def tree(account: CreditAccount, day: date) -> list[Member]:
    """The whole group that the account belongs to, each account right under its parent."""
    top = account.ancestors[-1] if account.ancestors else account.pk
    found = _accounts(Q(pk=top) | Q(ancestors__contains=[top]), day)
    below: dict[int | None, list[CreditAccount]] = defaultdict(list)
    for each in sorted(found, key=lambda one: one.customer.code):
        below[each.parent_id if each.pk != top else None].append(each)
    return _members(list(_in_order(None, below)), day, top=below[None][0].currency)


def rates_for(accounts: Iterable[CreditAccount], day: date, *more: str) -> Rates:
    """The rates between the currencies of accounts, of their segments' limits, and `more`."""
    known = {*more}
    for account in accounts:
        known |= {account.currency, account.customer.segment.limit_currency}
    return Rates.of(rates_on(day, known - {""}, known - {""}))


def _accounts(wanted: Q, day: date) -> list[CreditAccount]:
    return list(CreditAccount.objects.with_limits(day).filter(wanted))


def _in_order(
    parent: int | None, below: dict[int | None, list[CreditAccount]]
) -> Iterable[CreditAccount]:
    for each in below[parent]:
        yield each
        yield from _in_order(each.pk, below)


def _members(accounts: Sequence[CreditAccount], day: date, top: str) -> list[Member]:
    held: dict[int, dict[str, Decimal]] = defaultdict(dict)
    uses = GroupExposure.objects.filter(account__in=accounts)
    for pk, currency, used in uses.values_list("account", "currency", "used"):
        held[pk][currency] = used
    currencies = {currency for used in held.values() for currency in used}
    rates = rates_for(accounts, day, top, *currencies)
    return [_member(account, held[account.pk], rates, top) for account in accounts]


def _member(account: CreditAccount, held: dict[str, Decimal], rates: Rates, top: str) -> Member:
    account.rates = rates
    parts = [rates.convert(used, code, account.currency) for code, used in held.items() if used]
    members = None if None in parts else sum((part or ZERO for part in parts), ZERO)
    return Member(
        account=account,
        depth=len(account.ancestors),
        limit=account.effective_limit,
        members=members,
        whole=None if members is None else account.used + members,
        converted=rates.convert(account.used, account.currency, top),
    )
