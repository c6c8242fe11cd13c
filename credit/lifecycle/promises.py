"""Promises to pay: recorded when they are made, settled when their day is over."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from credit import policies
from credit.days import company_day
from credit.enums import CreditAction, PromiseState
from credit.errors import CreditError
from credit.lifecycle.ledger import lock
from credit.lifecycle.settling import guard_amount
from credit.models import Promise, Receipt
from credit.money import LARGEST
from credit.promises import Paid, Promised, kept
from journal.models import Entry
from journal.record import entry, record
from staff.models import User

# Whoever promises for a later day promises nothing.
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class SettledPromises:
    """How many promises were found kept and how many broken."""

    kept: int
    broken: int


@transaction.atomic
def record_promise(
    *, account_id: int, amount: Decimal, due_on: date, note: str = "", by: User, at: datetime
) -> Promise:
    """Keep that a customer promised to pay `amount`, in the account's currency, by `due_on`.

    Raises PermissionDenied, or CreditError for an impossible amount or day.
    """
    account = lock(account_id)
    if not policies.can_record_promise(by, account):
        raise PermissionDenied(_("You may not record promises of this customer."))
    guard_amount(amount, LARGEST)
    today = company_day(at)
    if not today <= due_on <= today + FARTHEST:
        raise CreditError(_("A promise is for today or a later day, within a year."))
    made = Promise.objects.create(
        account=account, amount=amount, due_on=due_on, note=note.strip(), made_at=at, made_by=by
    )
    record(
        action=CreditAction.PROMISE_MADE,
        subject=account,
        by=by,
        at=at,
        reason=made.note,
        data=_figures(made),
    )
    return made


@transaction.atomic
def settle_promises(*, at: datetime) -> SettledPromises:
    """Settle every open promise whose day is over: kept if enough money came in by then.

    Money is what was received from the customer from the promise on, for invoices or for orders.
    """
    today = company_day(at)
    due = Promise.objects.filter(state=PromiseState.OPEN, due_on__lt=today)
    waiting = list(due.select_for_update(of=("self",)).select_related("account").order_by("pk"))
    came = _came_in(waiting)
    for promise in waiting:
        whole = came[promise.pk] >= promise.amount
        promise.state = PromiseState.KEPT if whole else PromiseState.BROKEN
        promise.settled_at = at
    Promise.objects.bulk_update(waiting, ["state", "settled_at"])
    Entry.objects.bulk_create(_settled(each, came[each.pk], at) for each in waiting)
    good = sum(each.state == PromiseState.KEPT for each in waiting)
    return SettledPromises(good, len(waiting) - good)


def _came_in(waiting: Iterable[Promise]) -> dict[int, Decimal]:
    """By promise, what came in for it. What kept earlier promises is not counted again."""
    accounts = {promise.account_id for promise in waiting}
    earlier = Promise.objects.filter(account__in=accounts, state=PromiseState.KEPT)
    promised: dict[int, list[Promised]] = defaultdict(list)
    for each in [*earlier, *waiting]:
        since = company_day(each.made_at)
        promised[each.account_id].append(Promised(each.pk, each.amount, since, each.due_on))
    first = min((p.since for ps in promised.values() for p in ps), default=None)
    if first is None:
        return {}
    money: dict[int, list[Paid]] = defaultdict(list)
    receipts = Receipt.objects.filter(account__in=accounts, received_on__gte=first, history=False)
    for account, amount, on in receipts.values_list("account", "amount", "received_on"):
        money[account].append(Paid(amount, on))
    return {
        pk: amount
        for account, promises in promised.items()
        for pk, amount in kept(promises, money[account]).items()
    }


def _settled(promise: Promise, came: Decimal, at: datetime) -> Entry:
    good = promise.state == PromiseState.KEPT
    return entry(
        action=CreditAction.PROMISE_KEPT if good else CreditAction.PROMISE_BROKEN,
        subject=promise.account,
        by=None,
        at=at,
        data=_figures(promise) | {"received": str(came)},
    )


def _figures(promise: Promise) -> dict[str, object]:
    return {
        "promise": promise.pk,
        "amount": str(promise.amount),
        "currency": promise.account.currency,
        "due_on": promise.due_on.isoformat(),
    }
