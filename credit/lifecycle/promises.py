"""Promises to pay: recorded when they are made, settled when their day is over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit import policies
from credit.came_in import came_in
from credit.days import company_day
from credit.enums import CreditAction, PromiseState
from credit.errors import CreditError
from credit.lifecycle.ledger import lock
from credit.lifecycle.settling import guard_amount
from credit.models import CreditAccount, Promise
from credit.money import LARGEST
from journal.models import Entry
from journal.record import entry, record
from staff.models import User
from staff.sentences import sentence as _

# Whoever promises for a later day promises nothing.
FARTHEST = timedelta(days=366)

_SETTLED = {
    PromiseState.KEPT: CreditAction.PROMISE_KEPT,
    PromiseState.PARTLY_KEPT: CreditAction.PROMISE_PARTLY_KEPT,
    PromiseState.BROKEN: CreditAction.PROMISE_BROKEN,
}


@dataclass(frozen=True, slots=True)
class SettledPromises:
    """How many promises were found kept, kept in part, and broken."""

    kept: int
    partly_kept: int
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
    return _make(account, None, amount, due_on, note.strip(), by, at)


def promise_for_order(
    *,
    account: CreditAccount,
    order_id: int,
    amount: Decimal,
    due_on: date,
    by: User,
    at: datetime,
) -> Promise:
    """Keep on which promise an order was released. `amount` is in the account's currency.

    The caller holds the account's lock and has asked for the right. An order has one open promise
    at most.
    """
    return _make(account, order_id, amount, due_on, "", by, at)


def revise_order_promise(
    *, account: CreditAccount, order_id: int, amount: Decimal, by: User | None, at: datetime
) -> None:
    """Let the open promise of an order follow what is to be paid for it; with 0 it is withdrawn.

    `amount` is in the account's currency; the caller holds the account's lock. Nothing happens to
    an order without an open promise, or where the amount is the same.
    """
    found = Promise.objects.select_for_update().filter(order_id=order_id, state=PromiseState.OPEN)
    promise = found.first()
    if promise is None or promise.amount == amount:
        return
    promise.account = account
    before = promise.amount
    if amount > 0:
        promise.amount = amount
        promise.save(update_fields=["amount"])
    else:
        promise.state, promise.settled_at = PromiseState.WITHDRAWN, at
        promise.save(update_fields=["state", "settled_at"])
    record(
        action=CreditAction.PROMISE_CHANGED if amount > 0 else CreditAction.PROMISE_WITHDRAWN,
        subject=account,
        order_id=promise.order_id,
        by=by,
        at=at,
        data=_figures(promise) | {"before": str(before)},
    )


@transaction.atomic
def settle_promises(*, at: datetime) -> SettledPromises:
    """Settle every open promise whose day is over: kept, kept in part, or broken.

    It is kept when enough money came in by then, and broken when none did. Money is what was
    received from the customer from the promise on; for the promise of an order, what was received
    for that order or not allocated yet.
    """
    today = company_day(at)
    due = Promise.objects.filter(state=PromiseState.OPEN, due_on__lt=today)
    waiting = list(due.select_for_update(of=("self",)).select_related("account").order_by("pk"))
    came = came_in(waiting)
    for promise in waiting:
        promise.received, promise.settled_at = came[promise.pk], at
        promise.state = _judged(promise)
    Promise.objects.bulk_update(waiting, ["state", "received", "settled_at"])
    Entry.objects.bulk_create(_settled(each, at) for each in waiting)
    states = [each.state for each in waiting]
    return SettledPromises(*(states.count(state) for state in _SETTLED))


def _judged(promise: Promise) -> PromiseState:
    if promise.received >= promise.amount:
        return PromiseState.KEPT
    return PromiseState.PARTLY_KEPT if promise.received > 0 else PromiseState.BROKEN


def _make(
    account: CreditAccount,
    order_id: int | None,
    amount: Decimal,
    due_on: date,
    note: str,
    by: User,
    at: datetime,
) -> Promise:
    made = Promise.objects.create(
        account=account,
        order_id=order_id,
        amount=amount,
        due_on=due_on,
        note=note,
        made_at=at,
        made_by=by,
    )
    record(
        action=CreditAction.PROMISE_MADE,
        subject=account,
        order_id=order_id,
        by=by,
        at=at,
        reason=made.note,
        data=_figures(made),
    )
    return made


def _settled(promise: Promise, at: datetime) -> Entry:
    return entry(
        action=_SETTLED[PromiseState(promise.state)],
        subject=promise.account,
        order_id=promise.order_id,
        by=None,
        at=at,
        data=_figures(promise) | {"received": str(promise.received)},
    )


def _figures(promise: Promise) -> dict[str, object]:
    of_order = {} if promise.order_id is None else {"order": promise.order_id}
    return of_order | {
        "promise": promise.pk,
        "amount": str(promise.amount),
        "currency": promise.account.currency,
        "due_on": promise.due_on.isoformat(),
    }
