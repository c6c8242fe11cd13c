"""What the gate needs of many orders: their locks, policies and facts, in a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from credit import lifecycle as credit
from credit.governing import Governing, of_versions
from credit.models import CreditAccount, Customer
from orders import gate
from orders.errors import OrderError
from orders.gate_rules import ask_rules_many, compares_orders
from orders.lifecycle.steps import REPORT
from orders.models import ImportRun, Order, OrderLine
from staff.rows import columns, instance

# Policies are found once for each customer.
_BEFORE = f"""
    WITH governed AS MATERIALIZED (
        SELECT c.id, g.version_id, g.shadow_id
        FROM (SELECT DISTINCT customer_id AS id FROM orders_order WHERE id = ANY(%(ids)s)) c,
            credit_governing(c.id) g
    )
    SELECT o.id, g.version_id, g.shadow_id, {gate.FIRST}
    FROM orders_order o JOIN governed g ON g.id = o.customer_id
    WHERE o.id = ANY(%(ids)s)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Locked:
    """Orders by id, and all accounts that they touch, groups included, by id."""

    orders: dict[int, Order]
    accounts: dict[int, CreditAccount]


def lock_many(order_ids: Sequence[int]) -> Locked:
    """Lock accounts with their groups by id, then orders by id: as everybody does.

    Orders of one account share its instance. Orders that do not exist are left out. Raises
    OrderError in the rare case that an account is just changing its group.
    """
    owners = Order.objects.filter(pk__in=order_ids).values_list("account_id", flat=True)
    try:
        accounts = credit.lock_all(set(owners))
    except credit.CreditError as busy:
        raise OrderError(*busy.args) from busy
    with connection.cursor() as cursor:
        # The columns are the model's own.
        cursor.execute(
            f"SELECT {columns(Order, 'o')} FROM orders_order o"  # noqa: S608
            " WHERE o.id = ANY(%s) ORDER BY o.id FOR UPDATE",
            [list(order_ids)],
        )
        orders = [instance(Order, row) for row in cursor.fetchall()]
    _attach(orders, accounts)
    return Locked({order.pk: order for order in orders}, accounts)


def _attach(orders: Iterable[Order], accounts: Mapping[int, CreditAccount]) -> None:
    customers = Customer.objects.in_bulk({order.customer_id for order in orders})
    imports = {order.import_run_id for order in orders} - {None}
    runs = ImportRun.objects.defer(*REPORT).in_bulk(imports) if imports else {}
    for order in orders:
        order.customer = customers[order.customer_id]
        order.account = accounts[order.account_id]
        order.account.customer = order.customer
        if order.import_run_id:
            order.import_run = runs[order.import_run_id]


def with_lines(orders: Iterable[Order]) -> set[int]:
    """The ids of those orders that come to nothing and have lines all the same."""
    empty = [order.pk for order in orders if not order.total]
    if not empty:
        return set()
    lines = OrderLine.objects.filter(order__in=empty).order_by()
    return set(lines.values_list("order", flat=True).distinct())


def before(order_ids: Sequence[int]) -> dict[int, gate.Prepared]:
    """The governing policy of each order, and whether it is its customer's first; no rules yet.

    Orders that no policy governs are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, {"ids": list(order_ids)})
        rows = cursor.fetchall()
    return {
        order_id: gate.Prepared(policy=of_versions(version, shadow), first=first)
        for order_id, version, shadow, first in rows
        if version is not None
    }


def looks_at_others(policy: Governing) -> bool:
    """Whether a gate rule in force or in the shadow looks at the customer's other orders."""
    versions = (policy.version_id, policy.shadow_id)
    return any(compares_orders(version) for version in versions if version)


def with_rules(prepared: Mapping[int, gate.Prepared], at: datetime) -> dict[int, gate.Prepared]:
    """Ask the gate rules about all of these orders, one query for each policy."""
    by_version: dict[int, list[int]] = defaultdict(list)
    for order_id, one in prepared.items():
        by_version[one.policy.version_id].append(order_id)
    asked: dict[int, gate.Prepared] = {}
    for order_ids in by_version.values():
        policy = prepared[order_ids[0]].policy
        rules = ask_rules_many(policy.content, order_ids, at)
        in_shadow = ask_rules_many(policy.shadow, order_ids, at) if policy.shadow else {}
        for order_id in order_ids:
            asked[order_id] = replace(
                prepared[order_id],
                rules=rules[order_id],
                shadow_rules=in_shadow.get(order_id, {}),
            )
    return asked
