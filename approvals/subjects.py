"""What a request is about: an order that waits, or a change of a limit.

The one place that tells them apart. Each says whose it is, who may see it, how it is routed, and
what an answer does to it.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from approvals.errors import RequestError
from approvals.limit_figures import exceeds, look_at
from approvals.matrix.governing import Routed, route_limit, route_order
from approvals.models import ApprovalRequest, LimitChange
from credit import lifecycle as credit
from credit import policies as credit_policies
from credit.days import company_day
from orders import lifecycle as orders
from orders import policies as order_policies
from orders.conditions import ConditionInput, checked
from orders.errors import ReasonsChanged
from orders.lifecycle import steps
from orders.models import Decision, Order
from staff.models import User


class Subject(ABC):
    """What a request is about, with the request in hand."""

    def __init__(self, request: ApprovalRequest) -> None:
        self.request = request

    @property
    @abstractmethod
    def own(self) -> set[int | None]:
        """Whose it is: nobody of them answers."""

    @property
    @abstractmethod
    def shown(self) -> int:
        """What tells whether an approver was shown the figures of now."""

    @property
    @abstractmethod
    def facts(self) -> dict[str, str]:
        """What notices about it say; amounts as text."""

    @property
    @abstractmethod
    def effect(self) -> str:
        """What the approval of the last level does, as a sentence."""

    @abstractmethod
    def lock(self) -> None:
        """Lock what stands before the request in the order in which everybody locks."""

    @abstractmethod
    def can_see(self, user: User) -> bool: ...

    @abstractmethod
    def can_decide(self, user: User) -> bool:
        """Whether they decide about such things, and this one is not theirs."""

    @abstractmethod
    def route(self, at: datetime) -> Routed: ...

    @abstractmethod
    def checked(self, conditions: Sequence[ConditionInput]) -> list[ConditionInput]:
        """The conditions of an answer. Raises OrderError or RequestError for what cannot be."""

    @abstractmethod
    def release(
        self, *, by: User, reason: str, at: datetime, conditions: Sequence[ConditionInput]
    ) -> datetime | None:
        """Carry out what the last level approved; until when that is good, where it has an end.

        Raises ReasonsChanged when there is more to it than was shown.
        """

    @abstractmethod
    def refuse(self, *, by: User, reason: str, at: datetime) -> None: ...

    @abstractmethod
    def send_back(self, *, by: User, reason: str, at: datetime) -> None: ...

    @abstractmethod
    def recheck(self, *, by: User, at: datetime) -> bool:
        """Bring the figures up to date; whether they are worse than what was approved so far."""


class OrderSubject(Subject):
    """An order that failed the gate."""

    def __init__(self, request: ApprovalRequest, order: Order) -> None:
        super().__init__(request)
        self.order = order

    @property
    def decision(self) -> Decision:
        """The decision whose reasons are asked about."""
        assert self.request.decision is not None  # noqa: S101 - the database sees to it
        return self.request.decision

    @property
    def own(self) -> set[int | None]:
        request = self.request
        return {request.requested_by_id, request.order_owner_id, self.order.submitted_by_id}

    @property
    def shown(self) -> int:
        return self.decision.pk

    @property
    def facts(self) -> dict[str, str]:
        return {
            "order": self.order.number,
            "customer": self.order.customer.name,
            "amount": str(self.request.amount),
            "currency": self.request.currency,
            "excess": str(self.decision.excess),
            "excess_currency": self.decision.currency,
        }

    @property
    def effect(self) -> str:
        return _("Approving releases the order: it reserves the credit and may ship.")

    def lock(self) -> None:
        steps.lock(self.order.pk)

    def can_see(self, user: User) -> bool:
        return order_policies.can_see(user, self.order)

    def can_decide(self, user: User) -> bool:
        return order_policies.can_decide(user, self.order)

    def route(self, at: datetime) -> Routed:
        return route_order(self.order, self.decision, at)

    def checked(self, conditions: Sequence[ConditionInput]) -> list[ConditionInput]:
        return list(checked(conditions, self.order))

    def release(
        self, *, by: User, reason: str, at: datetime, conditions: Sequence[ConditionInput]
    ) -> datetime | None:
        order = orders.approve(
            order_id=self.order.pk,
            by=by,
            reason=reason,
            at=at,
            seen_decision_id=self.decision.pk,
            conditions=conditions,
        )
        return order.released_until

    def refuse(self, *, by: User, reason: str, at: datetime) -> None:
        orders.reject(order_id=self.order.pk, by=by, reason=reason, at=at)

    def send_back(self, *, by: User, reason: str, at: datetime) -> None:
        orders.send_back(order_id=self.order.pk, by=by, reason=reason, at=at)

    def recheck(self, *, by: User, at: datetime) -> bool:
        before = self.decision
        now = orders.recheck(order_id=self.order.pk, by=by, at=at)
        self.request.decision = now
        self.request.save(update_fields=["decision"])
        return bool(now.reason_codes - before.reason_codes) or now.excess > before.excess


class LimitSubject(Subject):
    """A change of what a customer may owe. Until its last level approves, nothing changes."""

    def __init__(self, request: ApprovalRequest, change: LimitChange) -> None:
        super().__init__(request)
        self.change, self.account = change, change.account

    @property
    def own(self) -> set[int | None]:
        request = self.request
        return {request.requested_by_id, request.order_owner_id, self.account.customer.owner_id}

    @property
    def shown(self) -> int:
        return self.request.round

    @property
    def facts(self) -> dict[str, str]:
        def text(amount: Decimal | None) -> str:
            return "" if amount is None else str(amount)

        return {
            "about": "limit",
            "order": "",
            "customer": self.account.customer.name,
            "amount": text(self.change.resulting),
            "before": text(self.change.before),
            "currency": self.account.currency,
        }

    @property
    def effect(self) -> str:
        return _("Approving grants the limit; orders that wait are checked again by themselves.")

    def lock(self) -> None:
        credit.lock(self.account.pk)

    def can_see(self, user: User) -> bool:
        return credit_policies.can_see(user, self.account)

    def can_decide(self, user: User) -> bool:
        may = user.has_perm("approvals.decide") and self.can_see(user)
        return may and user.pk not in self.own

    def route(self, at: datetime) -> Routed:
        looked = look_at(self.account.pk, self.change.limit(), at)
        return route_limit(looked.account, looked.resulting, at)

    def checked(self, conditions: Sequence[ConditionInput]) -> list[ConditionInput]:
        if conditions:
            raise RequestError(
                _("A limit has no conditions. Return the request, saying what should change.")
            )
        return []

    def release(
        self, *, by: User, reason: str, at: datetime, conditions: Sequence[ConditionInput]
    ) -> datetime | None:
        change, today = self.change, company_day(at)
        # What is approved late begins late, but never after its end: that is refused in words.
        late = min(today, change.valid_until or today)
        limit = replace(change.limit(), valid_from=max(change.valid_from, late))
        if exceeds(look_at(self.account.pk, limit, at).resulting, change.resulting):
            raise ReasonsChanged(
                _("The figures changed meanwhile. Look at the new ones and decide again.")
            )
        approval = credit.Approval(self.request.pk, self.request.requested_by)
        try:
            change.granted = credit.grant_approved_limit(
                account_id=self.account.pk,
                limit=limit,
                reason=change.justification,
                approval=approval,
                by=by,
                at=at,
            )
        except credit.CreditError as error:
            raise RequestError(str(error)) from error
        change.save(update_fields=["granted"])
        return None

    def refuse(self, *, by: User, reason: str, at: datetime) -> None:
        """A change that was not granted leaves nothing behind but its request."""

    def send_back(self, *, by: User, reason: str, at: datetime) -> None:
        """Whoever requested it reads what should change, and requests it anew."""

    def recheck(self, *, by: User, at: datetime) -> bool:
        change = self.change
        looked, approved = look_at(self.account.pk, change.limit(), at), change.resulting
        change.before, change.resulting = looked.before, looked.resulting
        change.save(update_fields=["before", "resulting"])
        return exceeds(change.resulting, approved)


def subject_of(request: ApprovalRequest) -> Subject:
    """What a request is about."""
    if request.limit_change:
        return LimitSubject(request, request.limit_change)
    return about_order(request)


def about_order(request: ApprovalRequest) -> OrderSubject:
    """The order a request is about, where it is about one. Raises ValueError for others."""
    if request.order is None:
        raise ValueError(f"request {request.pk} is about no order")
    return OrderSubject(request, request.order)
