"""Customers and their credit accounts."""

from datetime import date
from decimal import Decimal
from itertools import count

from credit.enums import LimitKind
from credit.exposure import Move
from credit.lifecycle import join_group, post
from credit.models import (
    CreditAccount,
    CreditLimit,
    Customer,
    ExchangeRate,
    Invoice,
    Promise,
    Segment,
)
from tests.factories.moments import NOW
from tests.factories.staff import person

_number = count(1)


def segment(**values):
    number = next(_number)
    return Segment.objects.create(
        **{"code": f"segment{number}", "name_en": f"Segment {number}"} | values
    )


def customer(**values):
    """A customer without a credit account, looked after by a salesperson of their own."""
    number = next(_number)
    values = {"code": f"C{number:05}", "name": f"Customer {number}", "created_at": NOW} | values
    values.setdefault("owner", None)
    values["owner"] = values["owner"] or person("sales")
    values["segment"] = values.get("segment") or segment()
    return Customer.objects.create(**values)


def account(limit=None, *, kind=None, currency="CNY", **customer_values):
    """A credit account with that limit; without one, of that kind, or unlimited."""
    made = CreditAccount.objects.create(customer=customer(**customer_values), currency=currency)
    kind = kind or (LimitKind.UNLIMITED if limit is None else LimitKind.AMOUNT)
    limits([made], limit, kind=kind)
    return made


def limits(accounts, amount, *, kind=LimitKind.AMOUNT, **values):
    """The same limit for each account, a base limit since long unless `values` say otherwise."""
    values = {"type": "base", "valid_from": date(2020, 1, 1), "reason": "-"} | values
    values |= {"kind": kind, "amount": None if amount is None else Decimal(amount)}
    return CreditLimit.objects.bulk_create(
        CreditLimit(account=account, granted_at=NOW, **values) for account in accounts
    )


def invoice(account, open_amount, due_on, **values):
    """A claim that stands alone; the account's balances know nothing of it."""
    values = {"number": f"INV-{next(_number)}", "order_id": 0, "amount": open_amount} | values
    values.setdefault("issued_on", due_on)
    values.setdefault("settled_on", None if Decimal(open_amount) else due_on)
    return Invoice.objects.create(account=account, open_amount=open_amount, due_on=due_on, **values)


def reserve(account, amount, *, order_id=0):
    """Let the account use so much, through the ledger."""
    moves = [Move("reserve", "", "reserved", Decimal(amount))]
    post(account=account, moves=moves, order_id=order_id, document="-", by=None, at=NOW)


def in_group(account, parent, *, by=None, reason="belongs together", at=NOW):
    """The account under another one, or with None under none."""
    return join_group(
        account_id=account.pk,
        parent_id=parent and parent.pk,
        reason=reason,
        by=by or person("credit_analyst"),
        at=at,
    )


def promise(account, due_on, *, state="broken", amount="10.00"):
    return Promise.objects.create(
        account=account,
        amount=Decimal(amount),
        due_on=due_on,
        state=state,
        made_at=NOW,
        made_by=account.customer.owner,
        settled_at=None if state == "open" else NOW,
    )


def exchange_rate(source, target, rate, valid_on=date(2026, 1, 1)):
    return ExchangeRate.objects.create(
        source=source, target=target, rate=Decimal(rate), valid_on=valid_on
    )
