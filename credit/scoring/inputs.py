"""What is known of customers on a day, as the arithmetic takes it."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from credit.behaviour import Behaviour, Turnover, payment_behaviour, turnover
from credit.days import company_day
from credit.models import CreditAccount, Customer
from credit.reliability import Reliability, reliability
from credit.scoring.card import Inputs, Value
from credit.scoring.enums import FactorCode


def gather(
    accounts: Sequence[CreditAccount],
    on: date,
    currency: str,
    factors: Collection[str] = FactorCode.values,
) -> dict[int, Inputs]:
    """The inputs by customer, of accounts as `comparison.accounts_of` gives them. Two queries.

    `currency` is that of the card's bands of revenue; without a rate the revenue is unknown there.
    `factors` are those of the card: promises are looked at, in one query more, where they count.
    """
    ids = [account.pk for account in accounts]
    paid, sold = payment_behaviour(on, ids), turnover(on, ids)
    promised = reliability(on, ids) if FactorCode.PROMISES in factors else {}
    found = {}
    for account in accounts:
        customer, behaviour = account.customer, paid.get(account.pk)
        bought, word = sold.get(account.pk), promised.get(account.pk)
        found[account.customer_id] = Inputs(
            values=_values(customer, behaviour, on)
            | {FactorCode.REVENUE: _revenue(account, currency)}
            | {FactorCode.PROMISES: Decimal(word.unkept) if word else None},
            annual_revenue=customer.annual_revenue,
            monthly_invoiced=_monthly(bought, customer, on),
            notes=_notes(customer, behaviour, word) | {FactorCode.REVENUE: currency},
        )
    return found


def _values(customer: Customer, behaviour: Behaviour | None, on: date) -> dict[str, Value]:
    staff = customer.employees
    return {
        FactorCode.EMPLOYEES: None if staff is None else Decimal(staff),
        FactorCode.YEARS: Decimal(years_between(_since(customer), on)),
        FactorCode.DAYS_LATE: behaviour.days_late if behaviour else None,
        FactorCode.ON_TIME: behaviour.on_time if behaviour else None,
        FactorCode.RATING: customer.external_rating or None,
        FactorCode.INDUSTRY: customer.industry.risk if customer.industry else None,
    }


def _monthly(bought: Turnover | None, customer: Customer, on: date) -> Decimal | None:
    return bought.monthly(on, company_day(customer.created_at)) if bought else None


def _revenue(account: CreditAccount, currency: str) -> Decimal | None:
    revenue = account.customer.annual_revenue
    return None if revenue is None else account.rates.convert(revenue, account.currency, currency)


def _since(customer: Customer) -> date:
    # Who has been a customer for years has been in business for as long.
    return customer.founded_on or company_day(customer.created_at)


def years_between(start: date, end: date) -> int:
    """Whole years from `start` to `end`; 0 where it has not begun."""
    begun = (end.month, end.day) < (start.month, start.day)
    return max(end.year - start.year - begun, 0)


def _notes(
    customer: Customer, behaviour: Behaviour | None, word: Reliability | None
) -> dict[str, Any]:
    notes: dict[str, Any] = {}
    if word:
        notes[FactorCode.PROMISES] = {"count": word.due}
    if customer.founded_on is None:
        notes[FactorCode.YEARS] = "customer"
    if behaviour:
        history = {"count": behaviour.count, "largest": behaviour.largest_delay}
        notes |= {FactorCode.DAYS_LATE: history, FactorCode.ON_TIME: history}
    if customer.industry:
        notes[FactorCode.INDUSTRY] = customer.industry.code
    return notes
