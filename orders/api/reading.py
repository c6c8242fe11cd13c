"""Orders with all that the API shows of them, in a fixed number of queries at the most."""

from functools import cache
from itertools import accumulate
from typing import Any

from django.db.models import Prefetch

from credit.models import Customer, Invoice
from orders.actions import available_actions
from orders.conditional import conditions_of
from orders.enums import OrderState
from orders.models import Allocation, Decision, Order, OrderLine, Product, TrackingEvent
from orders.querysets import OrderQuerySet
from orders.reasons import in_words
from orders.reasons import line as check_line
from staff.api.whole import Whole
from staff.models import User
from staff.prepared import ask, ask_many
from staff.rows import columns, instance, width

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


def whole(order_id: int, user: User) -> Any:
    """The order with what belongs to it, ready for `OrderSerializer`.

    Raises Order.DoesNotExist. Whether the user may see the order is asked before.
    """
    order, has = _read(order_id)
    holds = list(_holds(order)) if "holds" in has else []
    conditions = conditions_of(user, order) if "conditions" in has else []
    allocations = _allocations(order) if _ALLOCATIONS in has else []
    held = any(hold.released_at is None for hold in holds)
    waits = any(shown.keeps_back for shown in conditions)
    offered = available_actions(user, order, held=held, waits=waits, kept=bool(allocations))
    sees_margin = user.has_perm("orders.view_margin")
    return Whole(
        order,
        held=held and not (order.shipped_at or order.closed_at),
        lines=_lines(order),
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


def _read(order_id: int) -> tuple[Order, set[str]]:
    """The order with those whom it names, and what there is of what may belong to it."""
    row = ask((_order_sql(), [order_id]))
    if row is None:
        raise Order.DoesNotExist
    first, second, third, fourth = accumulate(map(width, (Order, Customer, User, User)))
    order = instance(Order, row[:first])
    order.customer = instance(Customer, row[first:second])
    order.owner = instance(User, row[second:third])
    order.submitted_by = instance(User, row[third:fourth]) if order.submitted_by_id else None
    names = (*_OWN, _ALLOCATIONS, _INVOICES)
    return order, {name for name, there in zip(names, row[fourth:], strict=True) if there}


@cache
def _order_sql() -> str:
    asked = []
    for name in _OWN:
        relation: Any = Order._meta.get_field(name)
        table, column = relation.related_model._meta.db_table, relation.field.column
        asked.append(f"EXISTS (SELECT FROM {table} WHERE {column} = o.id)")
    # The tables and columns are the models' own.
    return f"""
        SELECT {columns(Order, "o")}, {columns(Customer, "c")}, {columns(User, "w")},
            {columns(User, "s")}, {", ".join(asked)},
            EXISTS (
                SELECT FROM orders_allocation a JOIN orders_orderline l ON l.id = a.order_line_id
                WHERE l.order_id = o.id
            ),
            EXISTS (SELECT FROM credit_invoice WHERE order_id = o.id)
        FROM orders_order o
        JOIN credit_customer c ON c.id = o.customer_id
        JOIN staff_user w ON w.id = o.owner_id
        LEFT JOIN staff_user s ON s.id = o.submitted_by_id
        WHERE o.id = %s
    """  # noqa: S608


def _lines(order: Order) -> list[OrderLine]:
    lines = []
    for row in ask_many((_lines_sql(), [order.pk])):
        line = instance(OrderLine, row[: width(OrderLine)])
        line.product = instance(Product, row[width(OrderLine) :])
        lines.append(line)
    return lines


@cache
def _lines_sql() -> str:
    # The columns are the models' own.
    return f"""
        SELECT {columns(OrderLine, "l")}, {columns(Product, "p")}
        FROM orders_orderline l JOIN orders_product p ON p.id = l.product_id
        WHERE l.order_id = %s ORDER BY l.position
    """  # noqa: S608


def _holds(order: Order) -> Any:
    return order.holds.select_related("placed_by", "released_by").order_by("-pk")


def _decision(order: Order, user: User) -> Any:
    row = ask((_decision_sql(), [order.pk])) or ()
    made = instance(Decision, row[: width(Decision)])
    made.by = instance(User, row[width(Decision) :]) if made.by_id else None
    return in_full(made, user)


@cache
def _decision_sql() -> str:
    # The columns are the models' own.
    return f"""
        SELECT {columns(Decision, "d")}, {columns(User, "u")}
        FROM orders_decision d LEFT JOIN staff_user u ON u.id = d.by_id
        WHERE d.order_id = %s ORDER BY d.id DESC LIMIT 1
    """  # noqa: S608


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
    reasons = [check_line(check, user) for check in decision.reasons] if decision and failed else []
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
