"""The state diagram inside the database: raw SQL can take no step that is not drawn."""

from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction

from orders.enums import CLOSED, OrderState
from orders.models import Decision, Order
from orders.state_trigger import transitions_of
from tests.factories import credit, orders
from tests.factories.moments import NOW
from tests.factories.traces import everything

pytestmark = pytest.mark.django_db

# Written out once more, so that a step cannot slip into the diagram unseen.
DIAGRAM = {
    ("draft", "submitted"),
    ("draft", "cancelled"),
    ("submitted", "credit_passed"),
    ("submitted", "credit_failed"),
    ("submitted", "cancelled"),
    ("credit_passed", "approved"),
    ("credit_passed", "cancelled"),
    ("credit_passed", "credit_failed"),
    ("credit_passed", "rejected"),
    ("credit_passed", "draft"),
    ("credit_failed", "approved"),
    ("credit_failed", "rejected"),
    ("credit_failed", "draft"),
    ("credit_failed", "cancelled"),
    ("approved", "submitted"),
    ("approved", "partly_shipped"),
    ("approved", "shipped"),
    ("partly_shipped", "shipped"),
    ("approved", "cancelled"),
    ("shipped", "delivered"),
    ("delivered", "completed"),
}


def move(order, state):
    closed_at = NOW if state in CLOSED else None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET state = %s, closed_at = %s WHERE id = %s",
            [state, closed_at, order.pk],
        )


def refused(sql, match=None):
    before = everything()
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert everything() == before


def test_diagram_of_the_code_is_the_one_agreed():
    assert set(transitions_of(Order, "state")) == DIAGRAM


@pytest.mark.parametrize("step", list(product(OrderState.values, repeat=2)), ids="-".join)
def test_database_allows_the_steps_of_the_diagram_and_no_other(step):
    order, target = orders.in_state(step[0]), step[1]
    if step in DIAGRAM or step[0] == target:
        move(order, target)
        assert Order.objects.get(pk=order.pk).state == target
        return
    with pytest.raises(DatabaseError, match="Invalid transition"):
        move(order, target)
    assert Order.objects.get(pk=order.pk).state == step[0]


def test_database_refuses_a_state_that_does_not_exist():
    with pytest.raises(DatabaseError, match="Invalid transition"):
        move(orders.in_state("draft"), "lost")


@pytest.mark.parametrize("state", [*OrderState.values, "lost"])
def test_database_lets_an_order_begin_as_a_draft_only(state):
    order = orders.draft(credit.account())
    order.pk = None
    order.__dict__["state"] = state
    order.closed_at = NOW if state in CLOSED else None
    if state == "draft":
        order.save(force_insert=True)
        return
    with pytest.raises(DatabaseError, match="begins as draft"), transaction.atomic():
        order.save(force_insert=True)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE orders_decision SET outcome = 'passed'",
        "UPDATE orders_decision SET checks = '[]'",
        "DELETE FROM orders_decision",
    ],
)
def test_decision_is_never_changed_or_deleted(sql):
    orders.failed()
    refused(sql, "Cannot update or delete")
    assert Decision.objects.get().outcome == "failed"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE orders_order SET total = total + 1",
        "UPDATE orders_order SET net = -1, total = tax - 1",
        "UPDATE orders_order SET paid_amount = -1",
        "UPDATE orders_order SET closed_at = now()",
        "UPDATE orders_order SET number = 'SO-1'",
        "UPDATE orders_orderline SET quantity = 0",
        "UPDATE orders_orderline SET discount_percent = 101",
        "UPDATE orders_orderline SET tax_percent = -1",
        "UPDATE orders_payment SET amount = 0",
        "UPDATE orders_hold SET released_at = now()",
        "UPDATE orders_hold SET released_at = now(), released_by_id = placed_by_id",
        "UPDATE orders_productprice SET cost = -1",
        "UPDATE orders_product SET tax_percent = 101",
    ],
)
def test_database_refuses_what_makes_no_sense(sql):
    order = orders.pay(orders.released(), "10.00")
    orders.hold(order)
    refused(sql)


def test_database_refuses_a_bank_reference_twice_on_one_order():
    order = orders.pay(orders.released(), "10.00", reference="B-1")
    orders.pay(order, "10.00", reference="B-2")
    refused("UPDATE orders_payment SET reference = 'B-1'", "payment_reference_once_per_order")


def test_database_refuses_an_order_of_a_source_twice():
    account = credit.account()
    for number in ("X-1", "X-2"):
        order = orders.draft(account, origin=orders.lifecycle.draft.Origin(external_id=number))
    assert order.external_id == "X-2"
    refused("UPDATE orders_order SET external_id = 'X-1'", "order_external_id_once_per_source")


def test_number_of_an_order_of_eight_digits_is_not_cut_off():
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE orders_order_id_seq RESTART 12345678")
    order = orders.draft(credit.account())
    assert (order.number, order.pk) == ("SO-12345678", 12345678)
