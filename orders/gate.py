"""The gate: everything that is asked of an order before it is released."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from credit.checks import AccountFacts, CheckResult, evaluate, gather
from credit.enums import CheckCode, Verdict
from credit.models import CreditAccount
from credit.money import LARGEST, ZERO, Money
from orders.enums import DecisionKind, Outcome
from orders.errors import OrderError
from orders.models import Decision, Order
from staff.models import User


@dataclass(frozen=True)
class GateResult:
    """What the gate found; all checks were evaluated, whatever the first one said."""

    amount: Money
    checks: list[CheckResult]

    @property
    def reasons(self) -> list[CheckResult]:
        """The checks that block."""
        return [check for check in self.checks if check.verdict == Verdict.BLOCKED]

    @property
    def excess(self) -> Decimal:
        """By how much the limit would be passed, in the account's currency; 0 within it."""
        limit = next(check for check in self.checks if check.code == CheckCode.LIMIT)
        if limit.verdict != Verdict.BLOCKED:
            return ZERO
        return Decimal(limit.figures["excess"])


def facts_for(account_id: int, at: datetime) -> AccountFacts:
    """What the gate needs and can be read before the account is locked."""
    return gather(account_id=account_id, at=at)


def check(facts: AccountFacts, account: CreditAccount, order: Order) -> GateResult:
    """Evaluate every check for what the order still needs. Pure, apart from its arguments.

    Money paid in advance lowers the need of this order only. Raises OrderError when the account
    could not hold the sum.
    """
    need = Money(order.unpaid, order.currency)
    if account.used + need.amount > LARGEST:
        raise OrderError(_("The amounts of this account would be larger than can be stored."))
    return GateResult(need, evaluate(facts, account, need))


def decision(
    result: GateResult,
    *,
    order: Order,
    kind: DecisionKind,
    outcome: Outcome,
    by: User | None,
    at: datetime,
) -> Decision:
    """Write the result down as an immutable record."""
    return Decision.objects.create(
        order=order,
        order_version=order.version,
        kind=kind,
        outcome=outcome,
        at=at,
        by=by,
        amount=result.amount.amount,
        currency=result.amount.currency,
        excess=result.excess,
        checks=[check.as_json() for check in result.checks],
    )
