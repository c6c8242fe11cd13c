"""What an order would come to and what the gate would say, while it is still being typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from credit.enums import CheckCode
from credit.models import CreditAccount
from credit.money import ZERO
from orders import gate
from orders.amounts import LineInput, Totals, totals
from orders.errors import OrderError
from orders.models import Order
from orders.reasons import CheckLine, foreseen
from orders.remedies import finding


@dataclass(frozen=True)
class Quote:
    """Totals in the order's currency with the gate's likely verdict; nothing is written.

    `need` is what the order would take of the limit, in the account's currency, and `rate` says in
    words how it was converted; both are empty where there is no rate. With a `problem` there are no
    totals: the lines cannot be an order.
    """

    account: CreditAccount
    currency: str
    totals: Totals | None = None
    checks: list[CheckLine] = field(default_factory=list)
    problem: str = ""
    need: Decimal | None = None
    rate: str = ""
    # Whether an approver has to release it even if it passes.
    asks_person: bool = False
    # What would be enough for the order to pass, in its currency.
    prepay: Decimal | None = None
    reduce: Decimal | None = None

    @property
    def reasons(self) -> list[CheckLine]:
        return [line for line in self.checks if line.blocks]

    @property
    def noticed(self) -> list[CheckLine]:
        """What the checks found without stopping the order."""
        return [line for line in self.checks if line.notable and not line.blocks]

    @property
    def margin(self) -> Decimal | None:
        """Net less cost, None where a cost is not known."""
        if self.totals is None or self.totals.cost is None:
            return None
        return self.totals.net - self.totals.cost


def quote(
    account: CreditAccount,
    lines: Sequence[LineInput],
    *,
    currency: str,
    payment_days: int,
    paid: Decimal = ZERO,
    at: datetime,
) -> Quote:
    """Ask the gate about lines that no order has yet; `paid` was paid for it in advance."""
    try:
        sums = totals(lines)
        order = Order(
            customer=account.customer,
            currency=currency,
            payment_days=payment_days,
            total=sums.total,
            paid_amount=paid,
        )
        result = gate.check(gate.foresee(account.customer), account, order, at)
    except OrderError as error:
        return Quote(account, currency, problem=str(error))
    # Gate rules are asked of stored orders only, so that nothing here is guarded.
    checks = foreseen(result.checks, None)
    made = Quote(account, currency, sums, checks, asks_person=result.asks_person)
    if result.reasons:
        made = _with_remedies(made, result)
    if result.rate is None:
        return made
    told = next(line.sentence for line in checks if line.check["code"] == CheckCode.RATE)
    foreign = currency != account.currency
    return replace(made, need=result.amount.amount, rate=told if foreign else "")


def _with_remedies(made: Quote, result: gate.GateResult) -> Quote:
    """With what would be enough for the order to pass, where money alone is."""
    facts, content = result.facts, result.policy.content
    prepay = [each.amount for each in finding.prepayments(facts, content) if not each.left]
    reduce = finding.reduction(facts, content)
    return replace(
        made,
        prepay=prepay[0] if prepay else None,
        reduce=reduce.amount if reduce and not reduce.left else None,
    )
