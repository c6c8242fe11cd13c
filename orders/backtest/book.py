"""The book: how all accounts stand after each event, kept by running sums."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from credit.days import company_day
from credit.enums import Bucket
from credit.money import ZERO, quantize
from orders.backtest.accounts import Account, OpenInvoice
from orders.backtest.enums import Basis
from orders.backtest.events import Event
from orders.backtest.exchange import Exchange


@dataclass(slots=True)
class OpenOrder:
    """An earlier order that still counts. `left` is in its currency, `used` in the account's."""

    left: Decimal
    rate: Decimal
    used: Decimal


class Book:
    """What is known of the past so far. `basis` says what makes up the use of a limit.

    By the ledger, every entry moves the balances. By orders, an order counts from its submission
    with what it comes to at that day's rate, less what was received for it, until it is paid,
    cancelled or rejected; so does an invoice that belongs to no order.
    """

    def __init__(self, basis: str, accounts: dict[int, Account], exchange: Exchange) -> None:
        self.accounts = accounts
        self.by_orders = basis == Basis.ORDERS
        self.members: dict[int, dict[str, Decimal]] = defaultdict(dict)
        self._orders: dict[int, OpenOrder] = {}
        self._exchange = exchange
        self._apply: dict[str, Callable[[Account, Event], None]] = {
            "invoice": self._invoice,
            "lower": self._lower,
            "dispute": lambda account, event: account.dispute(event.ref, event.amount),
            "undispute": lambda account, event: account.dispute(event.ref, ZERO),
            "broken": self._broken,
            "release": self._release,
            "withdraw": self._withdraw,
            "order": self._order,
            "move": self._move,
            "pay": self._pay,
            "pay_invoiced": self._pay_invoiced,
            "close": self._close,
        }

    def apply(self, event: Event) -> None:
        """Let the event happen."""
        self._apply[event.kind](self.accounts[event.account], event)

    def members_of(self, account: Account) -> dict[str, str]:
        """What the members of the account's group use, by currency, as a decision keeps it."""
        return {code: str(used) for code, used in self.members[account.pk].items() if used}

    def is_case(self, event: Event) -> bool:
        """Whether the event is something that the gate could have held."""
        if event.kind == "order":
            return True
        return self.by_orders and event.kind == "invoice" and _of_no_order(event)

    def _use(self, account: Account, bucket: str, amount: Decimal) -> None:
        """Change a bucket that counts against the limit, for the account and its groups."""
        setattr(account, bucket, getattr(account, bucket) + amount)
        for group in account.ancestors:
            held = self.members[group]
            held[account.currency] = held.get(account.currency, ZERO) + amount

    def _invoice(self, account: Account, event: Event) -> None:
        detail = event.detail or {}
        due_on = date.fromisoformat(detail["due_on"])
        counts = self.by_orders and _of_no_order(event)
        account.issue(OpenInvoice(event.ref, detail["number"], due_on, event.amount, counts))
        if counts:
            self._use(account, Bucket.RECEIVABLE, event.amount)
            account.bought += 1

    def _lower(self, account: Account, event: Event) -> None:
        invoice = account.invoices.get(event.ref)
        part = account.lower(event.ref, event.amount)
        if invoice and invoice.counts:
            self._use(account, Bucket.RECEIVABLE, -part)

    def _broken(self, account: Account, event: Event) -> None:
        account.broken.append(date.fromisoformat((event.detail or {})["due_on"]))

    def _release(self, account: Account, _event: Event) -> None:
        account.bought += 1

    def _withdraw(self, account: Account, _event: Event) -> None:
        account.bought -= 1

    def _move(self, account: Account, event: Event) -> None:
        for bucket, amount in ((event.from_bucket, -event.amount), (event.to_bucket, event.amount)):
            if bucket and bucket != Bucket.PAID:
                self._use(account, bucket, amount)

    def _order(self, account: Account, event: Event) -> None:
        detail = event.detail or {}
        left = event.amount - Decimal(detail["paid"])
        if not self.by_orders or detail["settled"] or left <= 0:
            return
        day, currency = company_day(event.at), detail["currency"]
        rate = self._exchange.rate(day, currency, account.currency) or ZERO
        used = quantize(left * rate)
        self._orders[event.ref] = OpenOrder(left, rate, used)
        self._use(account, Bucket.RESERVED, used)

    def _pay(self, account: Account, event: Event) -> None:
        if order := self._orders.get(event.ref):
            self._reduce(account, event.ref, order.left - event.amount)

    def _pay_invoiced(self, account: Account, event: Event) -> None:
        order = self._orders.get(event.ref)
        if order and order.rate:
            self._reduce(account, event.ref, order.left - quantize(event.amount / order.rate))

    def _close(self, account: Account, event: Event) -> None:
        if event.ref in self._orders:
            self._reduce(account, event.ref, ZERO)

    def _reduce(self, account: Account, ref: int, left: Decimal) -> None:
        order = self._orders[ref]
        order.left = max(left, ZERO)
        used = quantize(order.left * order.rate)
        self._use(account, Bucket.RESERVED, used - order.used)
        order.used = used
        if not order.left:
            del self._orders[ref]


def _of_no_order(event: Event) -> bool:
    return event.detail is not None and event.detail["order"] is None
