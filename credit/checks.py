"""The credit checks: what is asked of the account before an order is released.

`gather` reads the facts; `evaluate` is a pure function of them, so that a recorded decision can be
computed again from its inputs. All amounts are in the account's currency.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from credit.enums import CheckCode, CustomerStatus, LimitKind, Verdict
from credit.models import CheckSetting, CreditAccount, Invoice
from credit.money import ZERO, Money

# How many overdue invoices a decision names; their sum always counts all.
NAMED_INVOICES = 10


@dataclass(frozen=True)
class Overdue:
    """An account's overdue receivables on one day, beyond the tolerated days."""

    amount: Decimal = ZERO
    days: int = 0
    count: int = 0
    invoices: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Tolerance:
    """One check as the administrator has set it."""

    active: bool
    amount: Decimal
    days: int


# A check whose setting is missing is applied and tolerates nothing.
STRICT = Tolerance(active=True, amount=ZERO, days=0)


@dataclass(frozen=True)
class CheckResult:
    """What one check found. `figures` hold what its sentence needs, amounts as strings."""

    code: str
    verdict: str
    figures: dict[str, Any] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The result as it is kept in a decision."""
        return {
            "code": self.code,
            "verdict": self.verdict,
            "figures": self.figures,
            "documents": self.documents,
        }


@dataclass(frozen=True)
class AccountFacts:
    """What the checks look at, apart from the balances that are read under the lock."""

    tolerances: dict[str, Tolerance]
    overdue: Overdue


def gather(*, account_id: int, at: datetime) -> AccountFacts:
    """Read the check settings and the overdue receivables as of `at`. Two queries, no lock.

    Costs the same however long the customer's history is: only open invoices are touched.
    """
    tolerances = dict.fromkeys(CheckCode.values, STRICT) | {
        setting.code: Tolerance(setting.active, setting.tolerance_amount, setting.tolerance_days)
        for setting in CheckSetting.objects.all()
    }
    return AccountFacts(tolerances, overdue(account_id, at, tolerances[CheckCode.OVERDUE].days))


def overdue(account_id: int, at: datetime, tolerated_days: int = 0) -> Overdue:
    """Open invoices due more than `tolerated_days` before the day of `at` in the server's zone."""
    today = timezone.localdate(at, timezone.get_default_timezone())
    late = [
        (invoice, days)
        for invoice in Invoice.objects.open().filter(account_id=account_id, due_on__lt=today)
        if (days := (today - invoice.due_on).days) > tolerated_days
    ]
    return Overdue(
        amount=sum((invoice.open_amount for invoice, _ in late), ZERO),
        days=max((days for _, days in late), default=0),
        count=len(late),
        invoices=[
            {
                "number": invoice.number,
                "amount": str(invoice.open_amount),
                "due_on": invoice.due_on.isoformat(),
                "days": str(days),
            }
            for invoice, days in late[:NAMED_INVOICES]
        ],
    )


def evaluate(facts: AccountFacts, account: CreditAccount, order: Money) -> list[CheckResult]:
    """Every check's result for an order that needs `order` of credit; nothing stops early.

    Raises CurrencyMismatch when the order is in another currency than the account.
    """
    need = Money(account.used, account.currency) + order
    return [
        _limit(facts.tolerances[CheckCode.LIMIT], account, order.amount, need.amount),
        _overdue(facts.tolerances[CheckCode.OVERDUE], account, facts.overdue),
        _blacklist(facts.tolerances[CheckCode.BLACKLIST], account),
    ]


def _verdict(tolerance: Tolerance, blocked: bool) -> str:
    if not tolerance.active:
        return Verdict.SKIPPED
    return Verdict.BLOCKED if blocked else Verdict.PASSED


def _limit(
    tolerance: Tolerance, account: CreditAccount, order: Decimal, need: Decimal
) -> CheckResult:
    kind, limit = account.effective_limit
    figures: dict[str, Any] = {
        "kind": kind,
        "inherited": account.limit_kind == LimitKind.INHERIT,
        "currency": account.currency,
        "reserved": str(account.reserved),
        "delivered": str(account.delivered),
        "receivable": str(account.receivable),
        "used": str(account.used),
        "order": str(order),
        "observed": str(need),
        "tolerance": str(tolerance.amount),
    }
    if kind == LimitKind.UNLIMITED:
        return CheckResult(CheckCode.LIMIT, _verdict(tolerance, False), figures)
    threshold = limit or ZERO
    excess = need - threshold
    figures |= {
        "threshold": str(threshold),
        "headroom": str(-excess),
        "excess": str(max(excess, ZERO)),
    }
    # An order paid in full beforehand needs no credit, so it cannot exceed any.
    blocked = order > 0 and excess > tolerance.amount
    return CheckResult(CheckCode.LIMIT, _verdict(tolerance, blocked), figures)


def _overdue(tolerance: Tolerance, account: CreditAccount, late: Overdue) -> CheckResult:
    figures = {
        "currency": account.currency,
        "observed": str(late.amount),
        "threshold": str(tolerance.amount),
        "days": late.days,
        "tolerated_days": tolerance.days,
        "count": late.count,
    }
    verdict = _verdict(tolerance, late.amount > tolerance.amount)
    return CheckResult(CheckCode.OVERDUE, verdict, figures, late.invoices)


def _blacklist(tolerance: Tolerance, account: CreditAccount) -> CheckResult:
    customer = account.customer
    figures = {"observed": customer.status, "reason": customer.status_reason}
    blocked = customer.status == CustomerStatus.BLACKLISTED
    return CheckResult(CheckCode.BLACKLIST, _verdict(tolerance, blocked), figures)
