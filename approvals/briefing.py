"""What an approver should know before deciding, gathered for one request."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, Sum

from approvals.models import ApprovalRequest
from credit.ageing import Overdue, overdue
from credit.days import company_day
from credit.models import CreditAccount, Invoice
from credit.money import ZERO
from orders.models import Order, Payment
from orders.reasons import CheckLine, in_words
from staff.models import User

# How many earlier requests of the customer are shown.
SIMILAR = 5


@dataclass(frozen=True)
class Briefing:
    """The facts beside the decision. Amounts are in the account's currency."""

    account: CreditAccount
    checks: list[CheckLine]
    excess_percent: Decimal | None
    overdue: Overdue
    open_invoices: int
    open_amount: Decimal
    orders: dict[str, Any]
    payments: dict[str, Any]
    earlier: list[ApprovalRequest]

    @property
    def reasons(self) -> list[CheckLine]:
        return [line for line in self.checks if line.blocks]


def brief(request: ApprovalRequest, at: datetime, user: User) -> Briefing:
    """Gather the facts as of `at` that `user` may read, in a fixed number of queries."""
    order = request.order
    account = CreditAccount.objects.with_limits(company_day(at)).get(pk=order.account_id)
    limit = account.effective_limit.amount
    excess = request.decision.excess
    open_invoices = Invoice.objects.open().filter(account=account)
    invoices = open_invoices.order_by().aggregate(count=Count("pk"), amount=Sum("open_amount"))
    return Briefing(
        account=account,
        checks=in_words(request.decision, user),
        excess_percent=excess * 100 / limit if limit and excess else None,
        overdue=overdue(account.pk, company_day(at)),
        open_invoices=invoices["count"],
        open_amount=invoices["amount"] or ZERO,
        orders=_orders(order),
        payments=_payments(order, at),
        earlier=list(
            ApprovalRequest.objects.filter(order__customer_id=order.customer_id)
            .exclude(pk=request.pk)
            .select_related("order", "decided_by", "decision")
            .order_by("-pk")[:SIMILAR]
        ),
    )


def _orders(order: Order) -> dict[str, Any]:
    """How many other orders the customer has released, and how many of those are paid in full."""
    released = Order.objects.filter(customer_id=order.customer_id, approved_at__isnull=False)
    return released.exclude(pk=order.pk).aggregate(
        released=Count("pk"), paid=Count("pk", filter=Q(paid_at__isnull=False))
    )


def _payments(order: Order, at: datetime) -> dict[str, Any]:
    """What the customer paid in the last 365 days, and when last."""
    year = Payment.objects.filter(
        order__customer_id=order.customer_id, at__gt=at - timedelta(days=365)
    )
    return year.aggregate(amount=Sum("amount"), last=Max("at"))
