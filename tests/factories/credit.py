"""Customers and their credit accounts."""

from decimal import Decimal
from itertools import count

from credit.enums import LimitKind
from credit.models import CreditAccount, Customer, Invoice, Segment
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
    kind = kind or (LimitKind.UNLIMITED if limit is None else LimitKind.AMOUNT)
    return CreditAccount.objects.create(
        customer=customer(**customer_values),
        currency=currency,
        limit_kind=kind,
        limit_amount=None if limit is None else Decimal(limit),
    )


def invoice(account, open_amount, due_on, **values):
    """A claim that stands alone; the account's balances know nothing of it."""
    values = {"number": f"INV-{next(_number)}", "order_id": 0, "amount": open_amount} | values
    values.setdefault("issued_on", due_on)
    values.setdefault("settled_on", None if Decimal(open_amount) else due_on)
    return Invoice.objects.create(account=account, open_amount=open_amount, due_on=due_on, **values)
