"""What a process of the hammer does, at random, as somebody who has every right.

Each blow picks what it needs without a lock, so that by the time it strikes somebody else may have
struck first: that is a refusal with a reason, and nothing else may come of it.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from approvals import lifecycle as approvals
from approvals.models import ApprovalRequest
from credit import lifecycle as credit
from credit.days import company_day
from credit.enums import LimitKind, LimitType
from credit.lifecycle import LimitInput
from credit.models import CreditAccount, CreditLimit
from orders import lifecycle
from orders.enums import INVOICEABLE, PAYABLE, RETURNABLE, SHIPPABLE, OrderState
from orders.models import Order
from orders.waiting import waiting
from staff.models import User
from tests.factories import orders
from tests.factories.moments import DAY, NOW

# Late enough for a release to have lapsed and a temporary limit to have ended.
LATE = NOW + 40 * DAY


class Idle(Exception):
    """There is nothing at which this blow could strike now."""


class Striker:
    """One process: its dice, its person, and the customers that everybody strikes at."""

    def __init__(self, seed: int, number: int, places: dict[str, list[int]], product: int) -> None:
        self.dice, self.number, self.count = random.Random(seed), number, 0
        self.by = self.dice.choice(list(User.objects.filter(username__startswith="striker")))
        self.groups, self.buyers = places["groups"], places["buyers"]
        self.product = product
        self.reference = ""

    def strike(self, name: str) -> None:
        """One blow of that name. Raises whatever the product refuses it with."""
        self.count += 1
        self.reference = f"P{self.number}-{self.count}"
        BLOWS[name][1](self)

    def one_of(self, rows: QuerySet) -> Any:
        """One of the latest of these rows, whoever else may be at it. Raises Idle without any."""
        found = list(rows.order_by("-pk")[:12])
        if not found:
            raise Idle
        return self.dice.choice(found)

    def some(self, *states: str) -> Order:
        """An order in one of these states. Raises Idle without any."""
        return self.one_of(Order.objects.filter(state__in=states))

    def request(self) -> ApprovalRequest:
        """A request that waits for its answer. Raises Idle without any."""
        return self.one_of(ApprovalRequest.objects.open())

    def amount(self, least: int, most: int) -> Decimal:
        return Decimal(self.dice.randint(100 * least, 100 * most)) / 100

    def lines(self) -> list:
        pieces = [self.dice.randint(1, 5) for _ in range(self.dice.randint(1, 2))]
        return [
            orders.line(self.amount(5, 120), quantity=number, product_id=self.product)
            for number in pieces
        ]

    def quantities(self, order: Order, left: str) -> dict[int, Decimal]:
        whole = {line.pk: int(getattr(line, left)) for line in order.lines.all()}
        return {pk: Decimal(self.dice.randint(1, n)) for pk, n in whole.items() if n > 0}


def submit(on: Striker) -> None:
    if on.dice.random() < 0.2:
        orders.submit(on.some(OrderState.DRAFT), by=on.by)
        return
    account = CreditAccount.objects.get(pk=on.dice.choice(on.buyers))
    order = orders.draft(account, lines=on.lines(), by=on.by)
    orders.submit(order, by=on.by)


def approve(on: Striker) -> None:
    request = on.one_of(ApprovalRequest.objects.waiting_for(on.by, company_day(NOW)))
    if on.dice.random() < 0.7:
        request = approvals.refresh(request_id=request.pk, by=on.by, at=NOW)
    approvals.approve(
        request_id=request.pk,
        by=on.by,
        comment="fine",
        at=NOW,
        seen_decision_id=request.decision_id,
    )


def reject(on: Striker) -> None:
    request = on.request()
    approvals.reject(request_id=request.pk, by=on.by, comment="no", at=NOW)


def ask(on: Striker) -> None:
    approvals.ask(request_id=on.request().pk, by=on.by, text="why?", at=NOW)


def send_back(on: Striker) -> None:
    approvals.send_back(request_id=on.request().pk, by=on.by, comment="other lines", at=NOW)


def chase(on: Striker) -> None:
    found = approvals.chase(at=on.dice.choice([NOW, NOW + DAY, LATE]))
    assert not found.failed


def cancel(on: Striker) -> None:
    order = on.some(OrderState.DRAFT, OrderState.CREDIT_FAILED, OrderState.APPROVED)
    orders.cancel(order, by=on.by)


def take_back(on: Striker) -> None:
    order = on.some(OrderState.CREDIT_FAILED)
    orders.take_back(order, by=on.by)


def pay(on: Striker) -> None:
    order = on.some(*PAYABLE)
    amount = order.unpaid if on.dice.random() < 0.5 else on.amount(1, 200)
    orders.pay(order, amount, by=on.by, reference=on.reference)


def receive(on: Striker) -> None:
    orders.credit.receipt(
        CreditAccount(pk=on.dice.choice(on.buyers)),
        on.amount(10, 900),
        allocate="oldest",
        by=on.by,
    )


def amend(on: Striker) -> None:
    order = on.some(OrderState.APPROVED)
    lifecycle.amend(
        order_id=order.pk,
        header=orders.header(payment_days=on.dice.choice([30, 30, 60])),
        lines=on.lines(),
        reason="wants other goods",
        seen_version=order.version,
        by=on.by,
        at=NOW,
    )


def ship(on: Striker) -> None:
    order = on.some(*SHIPPABLE)
    part = on.quantities(order, "unshipped") if on.dice.random() < 0.5 else None
    at = LATE if on.dice.random() < 0.2 else NOW
    orders.ship(order, by=on.by, quantities=part, at=at)


def close_short(on: Striker) -> None:
    order = on.some(OrderState.PARTLY_SHIPPED)
    orders.close_short(order, by=on.by)


def deliver(on: Striker) -> None:
    order = on.some(OrderState.SHIPPED)
    orders.deliver(order, by=on.by, at=LATE)


def invoice(on: Striker) -> None:
    order = on.some(*INVOICEABLE)
    amount = None if on.dice.random() < 0.6 else on.amount(1, 100)
    orders.invoice(order, amount, number=f"I{on.reference}", by=on.by)


def give_back(on: Striker) -> None:
    order = on.some(*RETURNABLE)
    lifecycle.return_goods(
        order_id=order.pk,
        quantities=on.quantities(order, "with_customer"),
        reason="broken",
        by=on.by,
        happened_at=LATE,
        at=LATE,
    )


def ask_again(on: Striker) -> None:
    for order in waiting(on.dice.choice(on.buyers))[:3]:
        lifecycle.reevaluate(order_id=order.pk, by=None, at=NOW)


def limit(on: Striker) -> None:
    _grant(on, on.dice.choice(on.buyers), 3_000)


def group_limit(on: Striker) -> None:
    _grant(on, on.dice.choice(on.groups), 7_000)


def _grant(on: Striker, account: int, about: int) -> None:
    dice, values = on.dice, {}
    kinds = [LimitKind.AMOUNT] * 17 + [LimitKind.UNLIMITED, LimitKind.NONE, LimitKind.GROUP]
    values["kind"] = dice.choice(kinds)
    if dice.random() < 0.3:
        values = {"type": LimitType.TEMPORARY, "kind": LimitKind.AMOUNT}
        values["valid_until"] = date(2026, 3, 2) + timedelta(days=dice.randint(0, 60))
    if values["kind"] == LimitKind.AMOUNT:
        values["amount"] = on.amount(about // 4, about * 2)
    if values.get("type"):
        values["amount"] /= 4
        values["amount"] = values["amount"].quantize(Decimal("0.01"))
    credit.take_over_limit(
        account_id=account, limit=LimitInput(**values), reason="hammer", by=on.by, at=NOW
    )


def end_limit(on: Striker) -> None:
    accounts = [*on.buyers, *on.groups]
    limit = on.one_of(CreditLimit.objects.filter(account__in=accounts, ended_at=None))
    credit.end_limit(limit_id=limit.pk, reason="hammer", by=on.by, at=NOW)


def join(on: Striker) -> None:
    credit.join_group(
        account_id=on.dice.choice([*on.buyers, *on.groups[1:]]),
        parent_id=on.dice.choice([None, *on.groups, *on.groups]),
        reason="hammer",
        by=on.by,
        at=NOW,
    )


# How often, in proportion, each blow falls.
BLOWS: dict[str, tuple[int, Callable[[Striker], None]]] = {
    "submit": (30, submit),
    "approve": (16, approve),
    "reject": (1, reject),
    "cancel": (10, cancel),
    "take_back": (1, take_back),
    "send_back": (1, send_back),
    "ask": (2, ask),
    "chase": (3, chase),
    "pay": (12, pay),
    "receive": (3, receive),
    "amend": (10, amend),
    "ship": (10, ship),
    "close_short": (3, close_short),
    "deliver": (5, deliver),
    "invoice": (6, invoice),
    "give_back": (3, give_back),
    "ask_again": (5, ask_again),
    "limit": (5, limit),
    "group_limit": (5, group_limit),
    "end_limit": (3, end_limit),
    "join": (6, join),
}
