"""Shipments of orders that are there, told line by line."""

import pytest

from orders.enums import OrderState
from orders.imports import lifecycle, writing
from orders.imports.enums import RunState
from orders.imports.running import Stopped
from orders.models import Order
from staff.roles import Role
from tests.factories import orders
from tests.factories.imports import FILES, checked, good_rows, imported, importer, step
from tests.factories.moments import NOW
from tests.factories.staff import person

pytestmark = pytest.mark.django_db

HEAD = "order,sku,quantity,shipped at,tracking number,delivered at\n"
FIRST, SECOND = "2026-03-01 10:00,T-1,", "2026-03-01 12:00,T-2,"


@pytest.fixture
def keeper():
    return person(Role.WAREHOUSE)


def two_lines(**values):
    """A released order of ten pieces of each of two products."""
    return orders.in_pieces("5.00", "3.00", **values)


def shipments(order, *rows):
    """A file of shipments; a row: place of the line, pieces, shipped at, number, delivered at."""
    skus = list(order.lines.order_by("position").values_list("product__sku", flat=True))
    told = [(skus[int(row[0]) - 1], row[2:]) for row in rows]
    return {"shipments": HEAD + "".join(f"{order.number},{sku},{rest}\n" for sku, rest in told)}


def sent(order):
    """(tracking number, pieces of each line) of every shipment."""
    return [
        (
            one.tracking_number,
            [int(n) for n in one.lines.order_by("order_line").values_list("quantity", flat=True)],
        )
        for one in order.shipments.order_by("at")
    ]


@pytest.mark.parametrize("write", [imported, good_rows])
def test_rows_of_one_shipment_leave_together(keeper, write):
    order = two_lines()
    rows = shipments(order, f"1,4,{FIRST}", f"2,10,{FIRST}", f"1,6,{SECOND}")
    run = write(rows, keeper)
    assert (run.state, run.written) == (RunState.DONE, {"shipments": 3}), run.read_problems
    assert sent(order) == [("T-1", [4, 10]), ("T-2", [6])]
    assert Order.objects.get(pk=order.pk).state == OrderState.SHIPPED


def test_shipment_that_comes_again_is_skipped(keeper):
    order = two_lines()
    imported(shipments(order, f"1,4,{FIRST}", f"2,2,{FIRST}"), keeper)
    run = imported(shipments(order, f"1,4,{FIRST}", f"2,2,{FIRST}", f"2,8,{SECOND}"), keeper)
    assert (run.written, run.skipped) == ({"shipments": 1}, {"shipments": 2})
    assert sent(order) == [("T-1", [4, 2]), ("T-2", [8])]


def test_rest_follows_what_was_told_by_lines(keeper):
    order = two_lines()
    imported(shipments(order, f"1,4,{FIRST}"), keeper)
    rest = {"shipments": f"order,shipped at\n{order.number},2026-03-01 12:00\n"}
    assert imported(rest, keeper).written == {"shipments": 1}
    assert sent(order) == [("T-1", [4]), ("", [6, 10])]


@pytest.mark.parametrize("bad", [f"2,x,{FIRST}", f"2,,{FIRST}", f"2,0,{FIRST}"])
def test_bad_line_leaves_its_whole_shipment_out(keeper, bad):
    order = two_lines()
    run = good_rows(shipments(order, f"1,4,{FIRST}", bad, f"1,6,{SECOND}"), keeper)
    assert (run.written, run.left_out) == ({"shipments": 1}, {"shipments": 2})
    assert sent(order) == [("T-2", [6])]


def test_refused_shipment_is_left_out_whole_and_no_other(keeper):
    order = two_lines()
    run = good_rows(shipments(order, f"1,4,{FIRST}", f"2,9,{SECOND}", f"1,7,{SECOND}"), keeper)
    assert (run.written, run.left_out) == ({"shipments": 1}, {"shipments": 2})
    assert run.problem_kinds["refused"] == 1
    assert sent(order) == [("T-1", [4])]


def test_line_that_the_order_does_not_have_is_refused(keeper):
    order, other = two_lines(), orders.product()
    rows = {"shipments": f"{HEAD}{order.number},{other.sku},1,{FIRST}\n"}
    run = good_rows(rows, keeper)
    assert other.sku in run.read_problems[0].what and not order.shipments.exists()


def test_delivery_waits_for_all_of_the_order(keeper):
    order = two_lines()
    arrived = "2026-03-02 08:00"
    run = imported(shipments(order, f"1,10,{FIRST}{arrived}"), keeper)
    assert [note["code"] for note in run.notes] == ["delivery_of_part"]
    assert Order.objects.get(pk=order.pk).state == OrderState.PARTLY_SHIPPED
    imported(shipments(order, f"2,4,{SECOND}", f"2,6,{SECOND}{arrived}"), keeper)
    assert Order.objects.get(pk=order.pk).state == OrderState.DELIVERED


def test_lines_of_shipments_need_orders_that_are_there():
    rows = FILES | {"shipments": f"{HEAD}A-2,P2,10,{FIRST}\n"}
    assert checked(rows, importer()).problem_kinds == {"shipment_lines": 1}


def at_the_second(phase, done, _total):
    if (phase, done) == ("shipments", 2):
        raise Stopped


def test_import_that_goes_on_ships_nothing_twice(keeper, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 1)
    order = two_lines()
    run = checked(shipments(order, f"1,4,{FIRST}", f"1,6,{SECOND}", f"2,10,{FIRST}"), keeper)
    lifecycle.start(
        run_id=run.pk, write=True, good_rows=True, by=keeper, at=NOW, hand_over=lambda _pk: None
    )
    run = lifecycle.carry_out(run_id=run.pk, at=NOW, progress=at_the_second)
    assert (run.state, run.written) == (RunState.STOPPED, {"shipments": 2})
    assert step(run, write=True, good_rows=True).written == {"shipments": 3}
    assert sent(order) == [("T-1", [4, 10]), ("T-2", [6])]
