"""Cases as the matrix sees them, from orders and limits there are."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from approvals.matrix.enums import Purpose
from approvals.matrix.routing import LIMIT_CHANGE, PASSED, Case
from credit.days import company_day
from credit.models import CreditAccount, Customer
from credit.money import CENT, LARGEST, ZERO
from credit.rates import Rates, rates_on
from orders.models import Decision, Order


def case_of_order(order: Order, decision: Decision, *, into: str, at: datetime) -> Case:
    """An order with the reasons of a decision about it, in the currency `into`.

    The percentage is of what the account may use on the day of `at`. Three queries at most.
    """
    reasons = decision.reason_codes or ({PASSED} if decision.asks_person else set())
    accounts = CreditAccount.objects.with_limits(company_day(at)).select_related("customer")
    account = accounts.get(pk=order.account_id)
    return order_case(
        account,
        excess=decision.excess,
        amount=order.total,
        currency=order.currency,
        reasons=reasons,
        into=into,
        at=at,
    )


def order_case(
    account: CreditAccount,
    *,
    excess: Decimal,
    amount: Decimal,
    currency: str,
    reasons: Collection[str],
    into: str,
    at: datetime,
) -> Case:
    """An order, real or imagined: `excess` in the account's currency, `amount` in its own.

    The account comes from a queryset `with_limits` of the day.
    """
    rates = _rates({account.currency, currency}, into, at)
    limit = account.effective_limit.amount
    return _case(
        account.customer,
        purpose=Purpose.ORDER,
        excess=_converted(excess, account.currency, into, rates),
        excess_percent=_percent(excess, limit),
        amount=_converted(amount, currency, into, rates),
        into=into,
        reasons=reasons,
    )


def case_of_limit(
    account: CreditAccount, resulting: Decimal | None, *, into: str, at: datetime
) -> Case:
    """A change of what the account may use, to `resulting` in its currency; None for unlimited.

    The account comes from a queryset `with_limits` of the day. A decrease has no excess.
    """
    rates = _rates({account.currency}, into, at)
    today = account.effective_limit.amount
    asked = LARGEST if resulting is None else resulting
    increase = ZERO if today is None else max(asked - today, ZERO)
    endless = resulting is None
    return _case(
        account.customer,
        purpose=Purpose.LIMIT,
        excess=LARGEST
        if endless and increase
        else _converted(increase, account.currency, into, rates),
        excess_percent=None if endless else _percent(increase, today),
        amount=LARGEST if endless else _converted(asked, account.currency, into, rates),
        into=into,
        reasons={LIMIT_CHANGE},
    )


def _case(
    customer: Customer,
    *,
    purpose: Purpose,
    excess: Decimal,
    excess_percent: Decimal | None,
    amount: Decimal,
    into: str,
    reasons: Collection[str],
) -> Case:
    return Case(
        purpose=purpose.value,
        excess=excess,
        excess_percent=excess_percent,
        amount=amount,
        currency=into,
        risk_class=customer.risk_class,
        segment=customer.segment.code,
        reasons=frozenset(reasons),
    )


def _percent(excess: Decimal, limit: Decimal | None) -> Decimal | None:
    if not excess:
        return ZERO
    return excess * 100 / limit if limit else None


def _rates(currencies: set[str], into: str, at: datetime) -> Rates:
    return Rates.of(rates_on(company_day(at), currencies, [into]))


def _converted(amount: Decimal, source: str, into: str, rates: Rates) -> Decimal:
    """In the matrix's currency. What is not known counts as larger than every band.

    A little stays a little: an excess never becomes none by rounding.
    """
    if amount <= 0:
        return ZERO
    converted = rates.convert(amount, source, into)
    return LARGEST if converted is None else min(max(converted, CENT), LARGEST)
