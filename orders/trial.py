"""What a version of a policy would say about an order, real or imagined. Writes nothing."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from credit import lifecycle as credit
from credit.enums import CheckCode, Exemption, Verdict
from credit.governing import Governing
from credit.models import CreditAccount, PolicyVersion
from credit.money import Money
from credit.rates import Rates
from credit.sentences import RULE
from orders import gate
from orders.models import Order
from orders.reasons import CheckLine, foreseen
from staff.models import User


@dataclass(frozen=True)
class Trial:
    """How one version judges one order: every check in words, and what would follow."""

    version: PolicyVersion
    order: Order
    result: gate.GateResult
    reader: User | None = None

    @property
    def lines(self) -> list[CheckLine]:
        """Every check and gate rule that was asked, those that weigh most first."""
        return [line for line in foreseen(self.result.checks, self.reader) if not _waits(line)]

    @property
    def waiting(self) -> list[str]:
        """The names of the gate rules that only a stored order can be asked."""
        return [line.label for line in foreseen(self.result.checks, self.reader) if _waits(line)]

    @property
    def blocks(self) -> bool:
        """Whether the order would wait for an approval."""
        return bool(self.result.reasons)

    @property
    def need(self) -> Money:
        """What the order needs of the limit, in the account's currency."""
        return self.result.amount

    @property
    def headroom(self) -> Decimal | None:
        """What the limits leave beyond this order in the account's currency, the tightest one.

        Negative above a limit; None where no limit applies.
        """
        rates, found = Rates.of(self.result.facts["rates"]), []
        for check in self.result.checks:
            figures = check.figures
            if check.code in (CheckCode.LIMIT, CheckCode.GROUP_LIMIT) and "headroom" in figures:
                left = Decimal(figures["headroom"])
                found.append(rates.convert(left, figures["currency"], self.need.currency))
        return min((left for left in found if left is not None), default=None)

    @property
    def exemptions(self) -> list[str]:
        """The exemptions that the order enjoys, in words."""
        codes = {check.figures.get("exemption") for check in self.result.checks}
        return [str(each.label) for each in Exemption if each.value in codes]


def _waits(line: CheckLine) -> bool:
    check = line.check
    asked = "seen" in check["figures"] or check["verdict"] == Verdict.SKIPPED
    return check["code"].startswith(RULE) and not asked


def imagined(
    account: CreditAccount,
    *,
    total: Decimal,
    currency: str,
    payment_days: int,
    paid: Decimal,
) -> Order:
    """An order that nobody has entered, for `try_version`. It must never be saved."""
    return Order(
        customer=account.customer,
        currency=currency,
        payment_days=payment_days,
        total=total,
        paid_amount=paid,
    )


def try_version(
    version: PolicyVersion,
    account: CreditAccount,
    order: Order,
    at: datetime,
    reader: User | None = None,
) -> Trial:
    """Judge the order by the version as of `at`, whatever its state, in words for `reader`.

    Gate rules are asked of a stored order; an imagined one leaves them open. Raises OrderError
    when the account could not hold the sum.
    """
    policy = Governing(version.pk, version.content, None, None)
    if order.pk is None:
        result = gate.check(gate.foresee(account.customer, policy), account, order, at)
    else:
        held = credit.order_exposure(order.pk).used
        result = gate.check(gate.prepare(order.pk, at, policy), account, order, at, held=held)
    return Trial(version, order, result, reader)
