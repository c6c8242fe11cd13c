"""What customers paid for what they promised, from the documents of their money."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from credit.days import company_day
from credit.enums import PromiseState
from credit.models import Allocation, Promise, Receipt, Refund
from credit.money import ZERO
from credit.promises import Paid, Promised, kept

_ANOTHER_DEBT = 0


def came_in(waiting: Collection[Promise]) -> dict[int, Decimal]:
    """By promise, what came in for it, in its account's currency.

    What went into promises that were settled before is not counted again, nor what was given back.
    Four queries.
    """
    accounts = {promise.account_id for promise in waiting}
    earlier = Promise.objects.filter(
        account__in=accounts, state__in=[PromiseState.KEPT, PromiseState.PARTLY_KEPT]
    )
    promised: dict[int, list[Promised]] = defaultdict(list)
    for each in [*earlier, *waiting]:
        promised[each.account_id].append(_promised(each))
    if not promised:
        return {}
    first = min(p.since for promises in promised.values() for p in promises)
    money: dict[int, list[Paid]] = defaultdict(list)
    for account_id, paid in _money(accounts, first):
        money[account_id].append(paid)
    return {
        pk: amount
        for account_id, promises in promised.items()
        for pk, amount in kept(promises, money[account_id]).items()
    }


def _promised(promise: Promise) -> Promised:
    settled = promise.state != PromiseState.OPEN
    return Promised(
        promise.pk,
        promise.received if settled else promise.amount,
        company_day(promise.made_at),
        promise.due_on,
        promise.order_id,
        promise.made_at,
        settled,
    )


def _money(accounts: Collection[int], first: date) -> Iterator[tuple[int, Paid]]:
    """By account, what came in from the day `first` on, in parts by what it was for."""
    receipts = Receipt.objects.filter(
        account__in=accounts, received_on__gte=first, history=False
    ).order_by("received_on", "pk")
    parts, back = _allocated(accounts, first), _given_back(accounts, first)
    for receipt in receipts:
        left = receipt.amount - back.get(receipt.pk, ZERO)
        for order_id, amount in parts[receipt.pk] if receipt.order_id is None else ():
            left -= amount
            yield receipt.account_id, Paid(amount, receipt.received_on, order_id, receipt.at)
        if left:
            paid = Paid(left, receipt.received_on, receipt.order_id, receipt.at)
            yield receipt.account_id, paid


def _given_back(accounts: Collection[int], first: date) -> dict[int, Decimal]:
    """By receipt, what went back to the customer."""
    refunds = Refund.objects.filter(
        receipt__account__in=accounts, receipt__received_on__gte=first
    ).order_by()
    return dict(refunds.values_list("receipt").annotate(sum=Sum("amount")))


def _allocated(accounts: Collection[int], first: date) -> dict[int, list[tuple[int, Decimal]]]:
    """By receipt, what was allocated to the invoices of each order."""
    standing = Allocation.objects.standing().filter(
        receipt__account__in=accounts,
        receipt__received_on__gte=first,
        receipt__order_id__isnull=True,
    )
    rows = standing.order_by().values_list("receipt", "invoice__order_id")
    parts: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for receipt_id, order_id, amount in rows.annotate(sum=Sum("amount")):
        parts[receipt_id].append((order_id or _ANOTHER_DEBT, amount))
    return parts
