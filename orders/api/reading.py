"""Orders with all that the API shows of them, in a fixed number of queries at the most."""

from functools import cache
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
from staff.prepared import ask

# What belongs to an order by a key of its own. Of a new one next to nothing does.
_OWN = (
    "holds",
    "conditions",
    "decisions",
    "approval_requests",
    "shipments",
    "returns",
    "payments",
    "refunds",
)
_ALLOCATIONS, _INVOICES = "allocations", "invoices"
_SCANS = Prefetch("scans", queryset=TrackingEvent.objects.order_by("at", "pk"))


def of_user(user: User) -> OrderQuerySet:
    """The orders that the user may see, as lists show them."""
    orders = Order.objects.for_user(user).with_held()
    return orders.select_related("customer", "owner")


def whole(order: Order, user: User) -> Any:
    """The order with what belongs to it, ready for `OrderSerializer`."""
    has = _present(order.pk)
    holds = list(_holds(order)) if "holds" in has else []
    conditions = conditions_of(user, order) if "conditions" in has else []
    allocations = _allocations(order) if _ALLOCATIONS in has else []
    held = any(hold.released_at is None for hold in holds)
    waits = any(shown.keeps_back for shown in conditions)
    offered = available_actions(user, order, held=held, waits=waits, kept=bool(allocations))
    sees_margin = user.has_perm("orders.view_margin")
    return Whole(
        order,
        lines=list(order.lines.select_related("product")),
        holds=holds,
        conditions=conditions,
        decision=_decision(order, user) if "decisions" in has else None,
        approval=_approval(order) if "approval_requests" in has else None,
        allocations=allocations,
        shipments=_moved(order.shipments.prefetch_related(_SCANS)) if "shipments" in has else [],
        returns=_moved(order.returns) if "returns" in has else [],
        payments=_money(order.payments) if "payments" in has else [],
        refunds=_money(order.refunds) if "refunds" in has else [],
        invoices=_invoices(order) if _INVOICES in has else [],
        actions=[action.code for action in offered if not action.why_not],
        **({} if sees_margin else {"cost": None, "margin_percent": None}),
    )


def _present(order_id: int) -> set[str]:
    """Of what may belong to an order, what there is, so that nothing is asked for in vain."""
    found = ask((_presence(), [order_id])) or ()
    names = (*_OWN, _ALLOCATIONS, _INVOICES)
    return {name for name, there in zip(names, found, strict=True) if there}


@cache
def _presence() -> str:
    asked = []
    for name in _OWN:
        relation: Any = Order._meta.get_field(name)
        table, column = relation.related_model._meta.db_table, relation.field.column
        asked.append(f"EXISTS (SELECT FROM {table} WHERE {column} = o.id)")
    # The tables and columns are the models' own.
    return f"""
        SELECT {", ".join(asked)},
            EXISTS (
                SELECT FROM orders_allocation a JOIN orders_orderline l ON l.id = a.order_line_id
                WHERE l.order_id = o.id
            ),
            EXISTS (SELECT FROM credit_invoice WHERE order_id = o.id)
        FROM (VALUES (%s::bigint)) o (id)
    """  # noqa: S608


def _holds(order: Order) -> Any:
    return order.holds.select_related("placed_by", "released_by").order_by("-pk")


def _decision(order: Order, user: User) -> Any:
    return in_full(order.decisions.select_related("by").latest("pk"), user)


def _approval(order: Order) -> Any:
    return order.approval_requests.order_by("-pk").first()


def _money(moved: Any) -> list[Any]:
    return list(moved.select_related("recorded_by").order_by("at", "pk"))


def _invoices(order: Order) -> list[Invoice]:
    return list(Invoice.objects.filter(order_id=order.pk).order_by("pk"))


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
