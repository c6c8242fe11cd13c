"""Answers to what happens to orders, inside the same transaction."""

from datetime import datetime

from django.dispatch import receiver

from approvals import lifecycle
from approvals.enums import LapseReason
from approvals.errors import RequestError
from credit.errors import CreditError
from credit.limit_input import LimitInput
from orders.enums import DecisionKind
from orders.models import Decision, Order
from orders.signals import (
    limit_asked_for,
    order_failed_gate,
    order_passed_at_last,
    order_passed_for_approval,
    order_withdrawn,
)
from staff.models import User
from staff.sentences import sentence as _


@receiver([order_failed_gate, order_passed_for_approval])
def open_request(
    *, order: Order, decision: Decision, by: User, at: datetime, **_signal: object
) -> None:
    old = decision.kind == DecisionKind.SHIPPING
    lifecycle.lapse(order=order, reason=LapseReason.EXPIRED if old else LapseReason.AMENDED, at=at)
    lifecycle.open_request(order=order, decision=decision, by=by, at=at)


@receiver(order_withdrawn)
def withdraw_request(
    *, order: Order, by: User, at: datetime, reason: str, **_signal: object
) -> None:
    lifecycle.withdraw(order=order, by=by, reason=reason, at=at)


@receiver(order_passed_at_last)
def drop_request(*, order: Order, by: User | None, at: datetime, **_signal: object) -> None:
    lifecycle.withdraw(order=order, by=by, reason=_("The credit check passes now."), at=at)


@receiver(limit_asked_for)
def request_limit(
    *,
    account_id: int,
    limit: LimitInput,
    reason: str,
    by: User,
    at: datetime,
    **_signal: object,
) -> None:
    try:
        lifecycle.request_limit(
            account_id=account_id, limit=limit, justification=reason, by=by, at=at
        )
    except RequestError as error:
        raise CreditError(*error.args) from error  # whoever asked knows credit, not approvals
