"""What the checks look at, never saved: they are pure functions."""

from decimal import Decimal

from credit.checks import STRICT, AccountFacts, Overdue
from credit.enums import CheckCode, LimitKind
from credit.models import CreditAccount, Customer, Segment


def account(limit=None, kind=None, used="0.00", **values):
    kind = kind or (LimitKind.NONE if limit is None else LimitKind.AMOUNT)
    customer = Customer(segment=values.pop("segment", Segment()), **values)
    amount = limit and Decimal(limit)
    return CreditAccount(
        customer=customer, limit_kind=kind, limit_amount=amount, receivable=Decimal(used)
    )


NOTHING_LATE = Overdue()


def facts(late=NOTHING_LATE, **tolerances):
    return AccountFacts(dict.fromkeys(CheckCode.values, STRICT) | tolerances, late)
