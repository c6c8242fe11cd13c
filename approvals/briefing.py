"""What an approver should know before deciding, gathered for one request."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Sum, Value, When

from approvals.models import ApprovalRequest
from approvals.subjects import about_order
from credit.ageing import Overdue, overdue
from credit.behaviour import Behaviour, payment_behaviour
from credit.charts import Chart
from credit.days import company_day
from credit.enums import LimitType, PromiseState
from credit.models import CreditAccount, CreditLimit, CreditScore, Invoice, Promise
from credit.models.promise import UNKEPT
from credit.money import ZERO
from credit.overview import LimitPart, limit_parts, standing_in_groups, used_chart
from orders.reasons import CheckLine, in_words
from staff.models import User

# How many promises are shown: those that are open first, then the latest.
PROMISES = 3


@dataclass(frozen=True)
class Promises:
    """What the customer promised: how often it was kept, and the latest promises."""

    kept: int
    broken: int
    open_count: int
    open_amount: Decimal
    shown: list[Promise]


@dataclass(frozen=True)
class Credit:
    """How the customer stands and pays. Amounts are in the account's currency."""

    account: CreditAccount
    score: CreditScore | None
    headroom: str
    secured: list[LimitPart]
    overdue: Overdue
    open_invoices: int
    open_amount: Decimal
    behaviour: Behaviour | None
    promises: Promises
    chart: Chart | None


@dataclass(frozen=True)
class Briefing:
    """The facts beside the decision; `credit` only for those who may see it."""

    checks: list[CheckLine]
    credit: Credit | None

    @property
    def reasons(self) -> list[CheckLine]:
        return [line for line in self.checks if line.blocks]


def brief(request: ApprovalRequest, at: datetime, user: User) -> Briefing:
    """Gather the facts as of `at` that `user` may read, in a fixed number of queries."""
    sees, about = user.has_perm("credit.view_creditaccount"), about_order(request)
    return Briefing(
        checks=in_words(about.decision, user),
        credit=credit_of(about.order.account_id, company_day(at)) if sees else None,
    )


def credit_of(account_id: int, today: date) -> Credit:
    """How an account stands and its customer pays, as of `today`."""
    account = CreditAccount.objects.with_limits(today).get(pk=account_id)
    headroom = standing_in_groups(account, today)["headroom"]
    open_invoices = Invoice.objects.open().filter(account=account)
    invoices = open_invoices.order_by().aggregate(count=Count("pk"), amount=Sum("open_amount"))
    limits = list(CreditLimit.objects.filter(account=account))
    parts = limit_parts(account, today)
    return Credit(
        account=account,
        score=CreditScore.objects.filter(customer=account.customer_id).order_by("-at").first(),
        headroom=headroom,
        secured=[part for part in parts if part.limit.type == LimitType.SECURED],
        overdue=overdue(account.pk, today),
        open_invoices=invoices["count"],
        open_amount=invoices["amount"] or ZERO,
        behaviour=payment_behaviour(today, [account.pk]).get(account.pk),
        promises=_promises(account),
        chart=used_chart(account, limits, today),
    )


def _promises(account: CreditAccount) -> Promises:
    made = Promise.objects.filter(account=account)
    rows = made.values("state").order_by("state").annotate(count=Count("pk"), sum=Sum("amount"))
    found = {row["state"]: row for row in rows}
    nothing: dict[str, Any] = {"count": 0, "sum": ZERO}
    waiting = found.get(PromiseState.OPEN, nothing)
    first = Case(When(state=PromiseState.OPEN, then=Value(0)), default=Value(1))
    return Promises(
        kept=found.get(PromiseState.KEPT, nothing)["count"],
        broken=sum(found[state]["count"] for state in UNKEPT if state in found),
        open_count=waiting["count"],
        open_amount=waiting["sum"],
        shown=list(made.order_by(first, F("due_on").desc(), "-pk")[:PROMISES]),
    )
