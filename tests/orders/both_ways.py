"""The same orders submitted one by one and all at once, and what either way left behind."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from approvals.models import ApprovalRequest
from credit.enums import LimitKind, PolicyScope, VersionState
from credit.models import CreditAccount, GroupExposure, LedgerEntry, Policy
from journal.models import Entry
from orders import lifecycle
from orders.lifecycle.answer import REFUSALS
from orders.models import Decision, Order, ShadowDecision
from tests.factories import credit, orders, policies
from tests.factories.moments import NOW
from tests.factories.staff import person

_ROLLED_BACK = ("id", "recorded_at", "milliseconds")


class _Undo(Exception):
    pass


def one_by_one(order_ids, by, at=NOW):
    """Each order through `submit`; the refusals in words, None for those without."""
    told = []
    for order_id in order_ids:
        try:
            lifecycle.submit(order_id=order_id, by=by, at=at)
            told.append(None)
        except REFUSALS as refusal:
            told.append(repr(refusal))
    return told


def at_once(order_ids, by, at=NOW):
    """All of them through `submit_many`."""
    answers = lifecycle.submit_many(order_ids=order_ids, by=by, at=at)
    return [answer.refusal and repr(answer.refusal) for answer in answers]


def left_by(submit, *values):
    """What was told, and everything that was written, which is then undone."""
    try:
        with transaction.atomic():
            told = submit(*values)
            left = {"told": told, **_books()}
            raise _Undo
    except _Undo:
        return left


def _books() -> dict[str, Any]:
    decided = {pk: (of, kind) for pk, of, kind in Decision.objects.values_list(
        "pk", "order_id", "kind")}  # fmt: skip
    asked = dict(ApprovalRequest.objects.values_list("pk", "order_id"))
    return {
        "orders": list(Order.objects.order_by("pk").values()),
        "decisions": _rows(Decision.objects.order_by("order_id")),
        "shadows": _rows(ShadowDecision.objects.order_by("decision__order"), decided),
        "requests": _rows(ApprovalRequest.objects.order_by("order_id"), decided),
        "ledger": _rows(LedgerEntry.objects.order_by("order_id")),
        "accounts": _rows(CreditAccount.objects.order_by("customer")),
        "groups": _rows(GroupExposure.objects.order_by("account", "currency")),
        "journal": [
            _entry(row, decided, asked) for row in Entry.objects.order_by("order_id", "pk").values()
        ],
    }


def _rows(found: Iterable[Any], decided=None) -> list[dict[str, Any]]:
    rows = [{k: v for k, v in row.items() if k not in _ROLLED_BACK} for row in found.values()]
    for row in rows if decided else ():
        row["decision_id"] = decided[row["decision_id"]]
    return rows


def _entry(row, decided, asked):
    row = {name: value for name, value in row.items() if name not in _ROLLED_BACK}
    if row["subject_type"] == "approvals.approvalrequest":
        row["subject_id"] = asked[row["subject_id"]]
        row["data"].pop("seat", None)
    if "decision" in row["data"]:
        row["data"]["decision"] = decided[row["data"]["decision"]]
    return row


@dataclass
class World:
    """Customers of every kind with drafts of every kind, and who submits them."""

    dice: random.Random
    by: Any
    accounts: list[CreditAccount]
    owner: Any


CURRENCIES = ("CNY", "CNY", "CNY", "USD", "EUR")


def world(seed: int) -> World:
    """Groups within groups, several policies and currencies, all at random but repeatable."""
    dice = random.Random(seed)
    owner = person("sales")
    credit.exchange_rate("USD", "CNY", "7.1")  # and none for the euro
    segments = [_plain_segment(), _looking_back(), _looking_at_goods(), _lenient()]
    accounts = [_account(dice, owner, segments) for _ in range(12)]
    for place, account in enumerate(accounts[3:], start=3):
        if dice.random() < 0.7:
            credit.in_group(account, dice.choice(accounts[: min(place, 5)]))
    accounts = [CreditAccount.objects.get(pk=account.pk) for account in accounts]
    for account in dice.sample(accounts, 4):
        orders.submit(orders.draft(account, "20.00"))
    return World(dice, owner, accounts, owner)


def _account(dice, owner, segments):
    values = {
        "owner": owner if dice.random() < 0.9 else None,
        "segment": dice.choice(segments),
        **dice.choice([{}] * 6 + [_status("watch"), _status("blacklisted")]),
        "risk_class": dice.choice(["", "A", "B"]),
    }
    limit = dice.choice([None, "300.00", "800.00", "1500.00"])
    kind = dice.choice([LimitKind.GROUP, LimitKind.NONE, None]) if limit is None else None
    return credit.account(limit, kind=kind, currency=dice.choice(CURRENCIES), **values)


def _status(status):
    return {"status": status, "status_reason": "fraud"}


def _segment_policy(*rules, **parts):
    segment = credit.segment()
    made = Policy.objects.create(
        code=segment.code, name_en="-", scope=PolicyScope.SEGMENT, segment=segment
    )
    content = policies.standard().content | {"rules": list(rules)} | parts
    policies.publish(content, made)
    return segment, made


def _plain_segment():
    """Governed by the standard policy, which is tried in the shadow with half the limit."""
    policies.publish(policies.changed("limit", percent="50"), state=VersionState.SHADOW)
    return credit.segment()


def _fact(name, op, value):
    return {"fact": f"order.{name}", "op": op, "value": value}


def _looking_back():
    much = {"amount": "250", "currency": "CNY"}
    segment, made = _segment_policy(
        policies.rule("often", _fact("count_24h", "more_than", "3")),
        policies.rule("much", _fact("amount_24h", "more_than", much), severity="warn"),
        policies.rule("place", _fact("new_ship_to", "is", True), severity="inform"),
        policies.rule("stranger", _fact("first_order", "is", True), severity="warn"),
    )
    shadow = [policies.rule("size", _fact("times_median", "more_than", "2"))]
    policies.publish(made.versions.get().content | {"rules": shadow}, made, VersionState.SHADOW)
    return segment


def _looking_at_goods():
    flagged = orders.product()
    orders.flag(flagged)
    segment, _made = _segment_policy(
        policies.rule("risky", _fact("flagged", "is", True)),
        policies.rule("note", _fact("note", "contains", "urgent"), severity="warn"),
    )
    segment.flagged = flagged
    return segment


def _lenient():
    exemptions = [
        {"exemption": "cash", "skips": ["limit", "group_limit"]},
        {"exemption": "prepaid", "percent": "50", "skips": ["limit"]},
    ]
    content = policies.changed("first_order", severity="block")
    return _segment_policy(exemptions=exemptions, checks=content["checks"])[0]


def drafts(made: World, number: int) -> list[int]:
    """Ids of drafts of every kind, in random order, some twice and one that is not there."""
    ids = [_draft(made).pk for _ in range(number)]
    ids += made.dice.sample(ids, 2)
    made.dice.shuffle(ids)
    return [*ids, 987_654_321]


def _draft(made: World) -> Order:
    dice, account = made.dice, made.dice.choice(made.accounts)
    header = orders.header(
        currency=account.currency if dice.random() < 0.7 else dice.choice(CURRENCIES),
        payment_days=dice.choice([0, 30, 30, 90]),
        ship_to_address=dice.choice(["", "1 Main Road", "2 Side Street"]),
        note=dice.choice(["", "urgent"]),
    )
    goods = getattr(account.customer.segment, "flagged", None) if dice.random() < 0.4 else None
    line = orders.line(str(dice.randint(5, 250)), product_id=goods and goods.pk)
    order = lifecycle.create_draft(
        customer_id=account.customer_id, header=header, at=NOW, by=account.customer.owner,
        lines=[] if dice.random() < 0.05 else [line],
    )  # fmt: skip
    _make_odd(order, dice)
    return order


def _make_odd(order: Order, dice: random.Random) -> None:
    """Some are history, some paid in advance, some cancelled already."""
    kind = dice.random()
    if kind < 0.1:
        Order.objects.filter(pk=order.pk).update(history=True)
    elif kind < 0.25:
        Order.objects.filter(pk=order.pk).update(paid_amount=order.total * Decimal("0.6"))
    elif kind < 0.3:
        orders.cancel(order)
