"""A customer's credit at a glance, for the first page of the customer."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from credit.behaviour import Behaviour, delays_by_month, payment_behaviour
from credit.charts import Chart, delays_chart, exposure_chart, last_months
from credit.days import company_day
from credit.enums import LimitKind, LimitType
from credit.groups import Member, chain, rates_for
from credit.history import limit_by_day, used_by_day
from credit.limits import Granted, covered
from credit.models import CreditAccount, CreditLimit, Receipt
from credit.money import ZERO
from staff.figures import money

# The charts look so far back.
CHARTED = timedelta(days=182)
# A limit that ends within these days is said to.
SOON = timedelta(days=30)


@dataclass(frozen=True)
class LimitPart:
    """A limit that counts today, with what it adds and what is to be said of its last day."""

    limit: CreditLimit
    amount: Decimal | None
    expired: bool
    soon: bool


@dataclass(frozen=True)
class Payments:
    """How the customer pays: in the last year, month by month, and last."""

    behaviour: Behaviour | None
    last: Receipt | None
    chart: Chart | None


def with_rates(account: CreditAccount, day: date, groups: list[Member]) -> None:
    """Let the account convert its segment's limit and the headroom of its groups."""
    account.rates = rates_for([account, *(group.account for group in groups)], day)


def limit_parts(account: CreditAccount, today: date) -> list[LimitPart]:
    """The limits that make up what the account may use, base limit first."""
    parts = [_part(limit, today) for limit in account.valid_limits]
    return sorted(parts, key=lambda part: (part.limit.type != LimitType.BASE, part.limit.pk))


def _part(limit: CreditLimit, today: date) -> LimitPart:
    until = limit.valid_until
    amount = limit.amount
    if amount is not None and limit.type == LimitType.SECURED:
        amount = covered(amount, limit.covered_percent or ZERO)
    return LimitPart(
        limit=limit,
        amount=amount,
        expired=until is not None and until < today,
        soon=until is not None and today <= until <= today + SOON,
    )


def limit_wording(limit: Granted) -> str:
    """Where the limit comes from."""
    words = {
        LimitKind.NONE: _("No credit is granted: every order must be paid in advance or approved."),
        LimitKind.AMOUNT: _("The limit is an amount of this account's own."),
        LimitKind.UNLIMITED: _("There is no limit; what is used is only counted."),
        LimitKind.GROUP: _("The limit is that of the group."),
    }
    if limit.missing_rate:
        return _("The limit is that of the segment, but no rate is known for %(currency)s.") % {
            "currency": limit.missing_rate
        }
    if not limit.inherited:
        return words[LimitKind(limit.kind)]
    if limit.kind == LimitKind.NONE:
        return _("The limit is that of the segment, which grants no credit in this currency.")
    if limit.kind == LimitKind.UNLIMITED:
        return _("The limit is that of the segment, which sets none.")
    return _("The limit is that of the segment.")


def headroom_wording(account: CreditAccount, groups: list[Member]) -> str:
    """What may still be used, and whose limit says so: the lower headroom wins."""
    own = account.available
    left = [(own, "")] if own is not None else []
    for group in groups:
        converted = _into(account, group)
        if converted is not None:
            left.append((converted, group.account.customer.name))
    if not left or not groups:
        return ""
    lowest, name = min(left)
    figures = {
        "amount": money(lowest),
        "currency": account.currency,
        "group": name,
    }
    if lowest <= 0 and name:
        return _("The group %(group)s leaves nothing more.") % figures
    if lowest <= 0:
        return _("The account's own limit leaves nothing more.")
    if name:
        return _("The group %(group)s leaves least: %(amount)s %(currency)s more.") % figures
    return _("The account's own limit leaves least: %(amount)s %(currency)s more.") % figures


def _into(account: CreditAccount, group: Member) -> Decimal | None:
    headroom = group.headroom
    if headroom is None:
        return None
    return account.rates.convert(headroom, group.account.currency, account.currency)


def used_chart(account: CreditAccount, limits: list[CreditLimit], today: date) -> Chart | None:
    """Use and limit of the last half year; None while nothing was used.

    It begins with the first limit where that is younger.
    """
    granted_on = [company_day(limit.granted_at) for limit in limits]
    first = max(today - CHARTED, min(granted_on, default=today - CHARTED))
    days = used_by_day(account, first, today)
    if not any(each.amount for each in days):
        return None
    return exposure_chart(days, limit_by_day(account, limits, first, today), account.currency)


def payments(account: CreditAccount, today: date) -> Payments:
    """How the customer pays. Three queries."""
    months = last_months(today)
    delays = delays_by_month(account.pk, months[0], today)
    receipts = Receipt.objects.filter(account=account)
    return Payments(
        behaviour=payment_behaviour(today, [account.pk]).get(account.pk),
        last=receipts.order_by("-received_on", "-pk").first(),
        chart=delays_chart(delays, months) if delays else None,
    )


def standing_in_groups(account: CreditAccount, today: date) -> dict[str, Any]:
    """The groups above the account with a sentence on whose limit counts."""
    groups = chain(account, today)
    with_rates(account, today, groups)
    return {"groups": groups, "headroom": headroom_wording(account, groups)}


def review_wording(account: CreditAccount, today: date) -> str:
    """What is to be said of the credit review; empty without a day."""
    if account.review_on is None:
        return ""
    day = {"day": date_format(account.review_on, "DATE_FORMAT")}
    if account.review_on < today:
        return _("The credit review was due on %(day)s.") % day
    return _("The credit is to be reviewed by %(day)s.") % day
