"""Orders with all that the API shows of them, in a fixed number of queries."""

from typing import Any

from django.db.models import Prefetch

from credit.models import Invoice
from orders.actions import available_actions
from orders.conditional import conditions_of
from orders.enums import OrderState
from orders.models import Allocation, Decision, Order, TrackingEvent
from orders.querysets import OrderQuerySet
from orders.reasons import in_words, line
from staff.api.whole import Whole
from staff.models import User

_SCANS = Prefetch("scans", queryset=TrackingEvent.objects.order_by("at", "pk"))


def of_user(user: User) -> OrderQuerySet:
    """The orders that the user may see, as lists show them."""
    orders = Order.objects.for_user(user).with_held()
    return orders.select_related("customer", "owner")


def whole(order: Order, user: User) -> Any:
    """The order with what belongs to it, ready for `OrderSerializer`."""
    holds = list(order.holds.select_related("placed_by", "released_by").order_by("-pk"))
    conditions = conditions_of(user, order)
    held = any(hold.released_at is None for hold in holds)
    waits = any(shown.keeps_back for shown in conditions)
    offered = available_actions(user, order, held=held, waits=waits)
    decision = order.decisions.select_related("by").order_by("-pk").first()
    sees_margin = user.has_perm("orders.view_margin")
    return Whole(
        order,
        lines=list(order.lines.select_related("product")),
        holds=holds,
        conditions=conditions,
        decision=in_full(decision, user) if decision else None,
        approval=order.approval_requests.order_by("-pk").first(),
        allocations=_allocations(order),
        shipments=_moved(order.shipments.prefetch_related(_SCANS)),
        returns=_moved(order.returns),
        payments=list(order.payments.select_related("recorded_by").order_by("at", "pk")),
        refunds=list(order.refunds.select_related("recorded_by").order_by("at", "pk")),
        invoices=list(Invoice.objects.filter(order_id=order.pk).order_by("pk")),
        actions=[action.code for action in offered if not action.why_not],
        **({} if sees_margin else {"cost": None, "margin_percent": None}),
    )


def _allocations(order: Order) -> list[Allocation]:
    kept = Allocation.objects.filter(order_line__order=order)
    kept = kept.select_related("order_line", "warehouse")
    return list(kept.order_by("order_line__position", "warehouse__code"))


def _moved(moved: Any) -> list[Any]:
    lines = moved.select_related("recorded_by", "warehouse").prefetch_related(
        "lines__order_line__product"
    )
    return list(lines.order_by("at", "pk"))


def in_full(decision: Decision, user: User) -> Any:
    """The decision with its checks as the user may read them, ready for `DecisionSerializer`."""
    return Whole(decision, checks=in_words(decision, user))


def verdict(order: Order, decision: Decision | None, user: User) -> dict[str, Any]:
    """What became of an order at the gate, ready for `VerdictSerializer`.

    Of an order that passed there is no reason to read, so that its decision is not needed.
    """
    failed = order.state == OrderState.CREDIT_FAILED
    reasons = [line(check, user) for check in decision.reasons] if decision and failed else []
    names = ("id", "number", "external_id", "version", "state", "currency", "total")
    outcome = {OrderState.DRAFT: None, OrderState.CREDIT_FAILED: "failed"}
    return {
        **{name: getattr(order, name) for name in names},
        "outcome": outcome.get(OrderState(order.state), "passed"),
        "reasons": reasons,
    }


def last_decision(order: Order) -> Decision | None:
    """The decision that stopped an order; None for one that passed."""
    if order.state != OrderState.CREDIT_FAILED:
        return None
    return order.decisions.order_by("-pk").first()
