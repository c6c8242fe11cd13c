"""Bad rows are left out, told and given back; the others are written, whatever happens."""

import csv
import io
from pathlib import Path

import pytest

from credit.models import Customer
from orders import lifecycle as verbs
from orders.errors import OrderError
from orders.imports import lifecycle
from orders.imports.enums import RunState
from orders.imports.lifecycle import CannotImport
from orders.imports.running import Stopped
from orders.models import Order, Product
from tests.factories.imports import FILES, checked, fresh, good_rows, step, uploaded
from tests.factories.moments import NOW

pytestmark = pytest.mark.django_db

BAD_LINE = FILES | {"lines": FILES["lines"].replace("A-2,P2,10", "A-2,P9,10")}
PRODUCTS = "sku,name,price\n" + "".join(f"S{n},Name {n},1.00\n" for n in range(1200))


def rejected(run, kind):
    file = next(file for file in run.files.all() if file.kind == kind)
    return list(csv.reader(io.StringIO(Path(file.rejected.path).read_text("utf-8-sig"))))


def as_csv(rows):
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue()


def test_check_says_how_many_rows_are_good(ada):
    run = checked(BAD_LINE, ada)
    assert run.state == RunState.REFUSED
    assert run.found == {"customers": 2, "products": 2, "orders": 1, "lines": 1, "payments": 1}
    assert run.left_out == {"orders": 1, "lines": 1}
    assert run.problem_kinds == {"unknown_product": 1}


def test_good_rows_are_written_and_orders_with_bad_parts_left_out_whole(ada):
    run = good_rows(BAD_LINE, ada)
    assert run.state == RunState.DONE
    assert run.written == {"customers": 2, "products": 2, "orders": 1, "lines": 1, "payments": 1}
    assert run.left_out == {"orders": 1, "lines": 1}
    assert [order.external_id for order in Order.objects.all()] == ["A-1"]


def test_bad_rows_come_back_with_what_is_wrong(ada):
    run = checked(BAD_LINE, ada)
    head, row = rejected(run, "lines")
    assert head[-1] == "What is wrong"
    assert row[:4] == ["A-2", "P9", "10", "2.50"]
    assert row[-1].startswith("sku: There is no product with this SKU.")
    assert rejected(run, "orders")[1][0] == "A-2"


def test_corrected_rows_are_imported_and_the_columns_remembered(ada):
    run = good_rows(BAD_LINE, ada)
    files = {kind: rejected(run, kind) for kind in ("orders", "lines")}
    files["lines"][1][1] = "P2"
    again = uploaded({kind: as_csv(rows) for kind, rows in files.items()}, ada)
    assert [file.kind for file in again.files.all()] == ["orders", "lines"]
    done = step(step(again, write=False), write=True)
    assert done.state == RunState.DONE
    assert Order.objects.count() == 2


def test_good_rows_leave_out_what_a_verb_refuses(ada, monkeypatch):
    ship = verbs.ship

    def refuse(*, order_id, **values):
        if Order.objects.get(pk=order_id).external_id == "A-1":
            raise OrderError("not this one")
        return ship(order_id=order_id, **values)

    monkeypatch.setattr(verbs, "ship", refuse)
    run = good_rows(FILES, ada)
    assert run.state == RunState.DONE
    assert [order.external_id for order in Order.objects.all()] == ["A-2"]
    assert (run.written["orders"], run.left_out["orders"]) == (1, 1)
    assert [(p.code, p.line) for p in run.read_problems] == [("refused", 2)]
    assert rejected(run, "orders")[1][-1].startswith("not this one")


def test_good_rows_leave_out_rows_of_another_width(ada):
    run = good_rows({"products": "sku,name\nP1,Bolt\nP2\nP3,Nut\n"}, ada)
    assert (run.written, run.left_out) == ({"products": 2}, {"products": 1})
    assert rejected(run, "products")[1][0] == "P2"


def test_stop_keeps_what_was_written_and_go_on_writes_the_rest(ada):
    run = checked({"products": PRODUCTS}, ada)

    def stop_later(phase, done, total):
        if (phase, done) == ("products", 1000):
            raise Stopped

    lifecycle.start(
        run_id=run.pk, write=True, good_rows=True, by=ada, at=NOW, hand_over=lambda _pk: None
    )
    run = lifecycle.carry_out(run_id=run.pk, at=NOW, progress=stop_later)
    assert (run.state, run.written) == (RunState.STOPPED, {"products": 500})
    assert Product.objects.count() == 500
    run = step(run, write=True, good_rows=True)
    assert (run.state, run.written) == (RunState.DONE, {"products": 1200})
    assert (run.skipped, run.left_out) == ({}, {})


def test_stop_takes_an_import_from_the_queue(ada):
    run = checked(FILES, ada)
    lifecycle.start(run_id=run.pk, write=True, by=ada, at=NOW, hand_over=lambda _pk: None)
    assert lifecycle.stop(run_id=run.pk, by=ada, at=NOW).state == RunState.STOPPED
    lifecycle.carry_out(run_id=run.pk, at=NOW, progress=lambda *told: None)
    assert fresh(run).state == RunState.STOPPED
    assert not Customer.objects.exists()


def test_describe_is_refused_once_rows_are_written(ada):
    run = good_rows(BAD_LINE, ada)
    type(run).objects.update(state=RunState.STOPPED)
    with pytest.raises(CannotImport):
        lifecycle.describe(run_id=run.pk, readings={}, options=run.options, by=ada)
    with pytest.raises(CannotImport):
        step(run, write=False)


def test_start_of_the_good_rows_needs_some(ada):
    run = checked({"products": "sku\nP 1\n"}, ada)
    with pytest.raises(CannotImport):
        step(run, write=True, good_rows=True)


def test_first_rows_are_kept_as_they_are_understood(ada):
    run = checked(FILES | {"lines": 'order id,sku,qty,unit price\nA-1,P1,x,"1,000.50"\n'}, ada)
    file = next(file for file in run.files.all() if file.kind == "lines")
    assert file.first_rows == [
        {"line": 2, "bad": True, "values": {"order": "A-1", "product": "P1", "price": "1000.50"}}
    ]
