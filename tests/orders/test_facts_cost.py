"""What a fact reads does not grow with the customer's history."""

import json

import pytest
from django.db import connection

from orders.models import Order
from rules.compiler import compile_condition
from rules.subjects import get
from tests.factories import credit, orders
from tests.factories.history import past_orders
from tests.factories.moments import DAY, HOUR, NOW

pytestmark = pytest.mark.django_db
TODAY = {"amount": "1500.00", "currency": "CNY"}
# Fact, operator and value, and how many rows each time the fact is worked out may take to read.
ASKED = [
    ("times_median", "more_than", "3", 100),
    ("count_1h", "more_than", "3", 1),
    ("count_24h", "more_than", "3", 1_000),
    ("count_7d", "more_than", "3", 1_000),
    ("amount_24h", "more_than", TODAY, 1_000),
    ("first_order", "is", True, 1),
    ("new_ship_to", "is", True, 1),
]
# The verdict asks whether the comparison holds and whether it fails, each for part and whole.
EVALUATIONS = 4


def plan_and_verdict(order, name, operator, value):
    condition = {"fact": f"order.{name}", "op": operator, "value": value}
    outcome = compile_condition(condition, get("order"), NOW).outcome
    rows = Order.objects.filter(pk=order.pk).annotate(outcome=outcome).values_list("outcome")
    (plan,) = json.loads(rows.explain(format="json", analyze=True))
    return plan["Plan"], rows.get()[0]


def rows_read(node):
    """Rows that scans of tables and indexes looked at, those they dropped included."""
    below = sum(rows_read(child) for child in node.get("Plans", ()))
    if "Relation Name" not in node:
        return below
    kinds = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return below + sum(node.get(kind, 0) for kind in kinds) * node["Actual Loops"]


def draft_after(count):
    account = credit.account()
    past_orders(account, count, before=NOW - 2 * HOUR, apart=HOUR / 360)
    return orders.draft(account, "900.00", at=NOW)


@pytest.mark.parametrize("name, operator, value, most", ASKED, ids=[ask[0] for ask in ASKED])
def test_fact_reads_no_more_of_a_long_history(name, operator, value, most):
    long, short = draft_after(5_000), draft_after(10)
    past_orders(credit.account(), 2_000, before=NOW - DAY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_order")
    plan, verdict = plan_and_verdict(long, name, operator, value)
    assert rows_read(plan) <= EVALUATIONS * most + 1
    assert verdict == plan_and_verdict(short, name, operator, value)[1]
