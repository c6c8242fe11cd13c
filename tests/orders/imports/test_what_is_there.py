"""Rows about what is there already: limits, counts, payments and shipments of orders."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from approvals.models import ApprovalRequest
from credit.models import CreditLimit
from orders.enums import EventKind, EventState, OrderState
from orders.imports import lifecycle, writing
from orders.imports.enums import RunState
from orders.imports.running import Stopped
from orders.models import FulfilmentEvent, Order, Payment, Stock, Warehouse
from staff.roles import Role
from tests.factories import credit, goods, orders
from tests.factories.imports import checked, good_rows, imported, step
from tests.factories.moments import NOW
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db

LIMITS = "customer code,type of limit,credit limit,valid until,reason\n"
STOCK = "sku,warehouse code,on hand,counted at\n"


@pytest.fixture
def analyst():
    return person(Role.CREDIT_ANALYST)


@pytest.fixture
def keeper():
    return person(Role.WAREHOUSE)


@pytest.fixture
def cashier():
    return person(Role.FINANCE)


def limits(*rows):
    return {"limits": LIMITS + "".join(f"{row}\n" for row in rows)}


def test_limit_that_lowers_is_granted(analyst):
    account = credit.account("500.00")
    run = imported(limits(f"{account.customer.code},base,300.00,,smaller"), analyst)
    assert (run.state, run.written) == (RunState.DONE, {"limits": 1})
    limit = CreditLimit.objects.filter(account=account).latest("pk")
    assert (limit.amount, limit.granted_by, limit.reason) == (Decimal(300), analyst, "smaller")


def test_limit_that_raises_becomes_a_request(analyst):
    account = credit.account("500.00")
    run = imported(limits(f"{account.customer.code},base,900.00,,grown"), analyst)
    assert run.state == RunState.DONE
    assert not CreditLimit.objects.filter(account=account, amount=900).exists()
    asked = ApprovalRequest.objects.get(limit_change__account=account)
    assert (asked.limit_change.amount, asked.limit_change.requested_by) == (Decimal(900), analyst)
    assert [note["code"] for note in run.notes] == ["limit_requested"]


def test_limit_that_raises_is_refused_to_who_may_not_request_it(analyst):
    account = credit.account("500.00")
    analyst.groups.get().permissions.filter(codename="request_limit_change").delete()
    run = good_rows(limits(f"{account.customer.code},base,900.00,,grown"), fresh_person(analyst))
    assert (run.written, run.left_out) == ({}, {"limits": 1})
    assert "may not request" in run.read_problems[0].what
    assert not ApprovalRequest.objects.exists()


def fresh_person(user):
    return type(user).objects.get(pk=user.pk)


def test_second_raise_of_one_customer_is_left_out_and_says_why(analyst):
    code = credit.account("500.00").customer.code
    rows = limits(f"{code},base,900.00,,grown", f"{code},temporary,100.00,2026-12-31,season")
    run = good_rows(rows, analyst)
    assert (run.written, run.left_out) == ({"limits": 1}, {"limits": 1})
    assert "waits for approval already" in run.read_problems[0].what


def test_limits_that_stand_already_are_skipped(analyst):
    account = credit.account("500.00")
    run = imported(limits(f"{account.customer.code},base,500.00,,same"), analyst)
    assert (run.found["limits"], run.skipped) == (0, {"limits": 1})


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("C-9,base,1.00,,x", "unknown_customer"),
        ("{code},base,,,x", "limit_needs"),
        ("{code},temporary,1.00,,x", "limit_needs"),
        ("{code},secured,1.00,2026-12-31,x", "limit_needs"),
        ("{code},forever,1.00,,x", "bad_word"),
    ],
)
def test_limits_are_checked(analyst, row, code):
    account = credit.account("500.00")
    run = checked(limits(row.format(code=account.customer.code)), analyst)
    assert code in run.problem_kinds


def test_limits_need_a_right(keeper):
    run = checked(limits(f"{credit.account('500.00').customer.code},base,1.00,,x"), keeper)
    assert "no_right" in run.problem_kinds


def test_stock_is_taken_over_and_counted_again_later(keeper):
    product, warehouse = orders.product(), Warehouse.objects.create(code="W1", name_en="One")
    row = f"{product.sku},W1,12.5,2026-02-01 08:00\n"
    assert imported({"stock": STOCK + row}, keeper).written == {"stock": 1}
    stock = Stock.objects.get(product=product, warehouse=warehouse)
    assert stock.on_hand == Decimal("12.5")
    assert imported({"stock": STOCK + row}, keeper).skipped == {"stock": 1}
    imported({"stock": f"{STOCK}{product.sku},W1,0,2026-02-02\n"}, keeper)
    stock.refresh_from_db()
    assert stock.on_hand == 0


def test_stock_names_what_is_not_known(keeper):
    run = checked({"stock": f"{STOCK}{orders.product().sku},W9,1,\nP-9,W9,-1,\n"}, keeper)
    assert run.problem_kinds == {"negative": 1, "unknown_warehouse": 1}


def test_payments_of_existing_orders_are_recorded_once(cashier):
    order = orders.released("90.00")
    rows = f"order,amount,paid at,reference\n{order.number},90.00,{NOW:%Y-%m-%d},R-7\n"
    run = imported({"payments": rows}, cashier)
    assert (run.state, run.written) == (RunState.DONE, {"payments": 1})
    assert Order.objects.get(pk=order.pk).paid_at
    assert imported({"payments": rows}, cashier).skipped == {"payments": 1}
    assert Payment.objects.count() == 1


PAID = "order,amount,paid at\n"


def paid(order, *rows):
    """A file of payments of one order without bank references, each as "amount,when"."""
    return {"payments": PAID + "".join(f"{order.number},{row}\n" for row in rows)}


def notes(run):
    return {note["code"]: (note["count"], note["examples"]) for note in run.notes}


@pytest.mark.parametrize("write", [imported, good_rows])
def test_payments_without_a_reference_are_recorded_once_however_often_they_come(cashier, write):
    order = orders.released("90.00")
    rows = paid(order, "20.00,2026-03-01", "20.00,2026-03-01", "50.00,2026-03-01")
    assert write(rows, cashier).written == {"payments": 3}
    again = checked(rows, cashier)
    assert (again.found, again.skipped) == ({"payments": 0}, {"payments": 3})
    count, examples = notes(again)["payment_known"]
    assert count == 3 and f"{order.number}: 50.00" in examples
    write(paid(order, "20.00,2026-03-01"), cashier)
    assert list(order.payments.values_list("amount", flat=True)) == [20, 20, 50]


def test_one_more_payment_of_the_same_amount_and_day_is_new(cashier):
    order = orders.released("90.00")
    imported(paid(order, "20.00,2026-03-01"), cashier)
    run = imported(paid(order, *["20.00,2026-03-01"] * 3), cashier)
    assert (run.written, run.skipped) == ({"payments": 2}, {"payments": 1})
    assert notes(run) == {"payment_known": (1, [f"{order.number}: 20.00"])}


@pytest.mark.parametrize(
    ("row", "known"),
    [
        ("20.00,2026-03-01", True),
        ("20.00,2026-03-01 15:00", True),
        ("20.00,", True),
        ("20.01,2026-03-01", False),
        ("20.00,2026-02-28", False),
    ],
)
def test_payment_entered_by_hand_is_known_by_its_day(cashier, row, known):
    order = orders.released("90.00")
    orders.pay(order, "20.00", happened_at=NOW - timedelta(days=1), at=NOW)
    assert checked(paid(order, row), cashier).skipped == ({"payments": 1} if known else {})


def test_payment_of_the_same_moment_is_known_before_one_of_the_same_day(cashier):
    order = orders.released("90.00")
    imported(paid(order, "20.00,2026-03-01 11:00"), cashier)
    imported(paid(order, "20.00,2026-03-01 10:00", "20.00,2026-03-01 11:00"), cashier)
    hours = [f"{payment.at:%H:%M}" for payment in order.payments.order_by("at")]
    assert hours == ["10:00", "11:00"]


def test_payment_with_a_reference_says_nothing_of_one_without(cashier):
    order = orders.released("90.00")
    orders.pay(order, "20.00", reference="R-1", happened_at=NOW - timedelta(days=1), at=NOW)
    assert imported(paid(order, "20.00,2026-03-01"), cashier).written == {"payments": 1}


def test_payments_that_look_recorded_are_recorded_again_where_a_person_says_so(cashier):
    order = orders.released("90.00")
    rows = paid(order, "20.00,2026-03-01")
    imported(rows, cashier)
    run = imported(rows, cashier, payments_again=True)
    assert (run.written, run.skipped) == ({"payments": 1}, {})
    assert notes(run) == {"payment_again": (1, [f"{order.number}: 20.00"])}
    assert order.payments.count() == 2


def at_the_second(phase, done, _total):
    if (phase, done) == ("payments", 2):
        raise Stopped


@pytest.mark.parametrize("second", ["20.00", "30.00"])
def test_import_that_goes_on_tells_only_of_payments_from_before_it(cashier, monkeypatch, second):
    monkeypatch.setattr(writing, "CHUNK", 1)
    order = orders.released("90.00")
    orders.pay(order, "5.00", happened_at=NOW - timedelta(days=1), at=NOW)
    rows = [f"{amount},2026-03-01" for amount in ("5.00", "20.00", second)]
    run = checked(paid(order, *rows), cashier)
    lifecycle.start(
        run_id=run.pk, write=True, good_rows=True, by=cashier, at=NOW, hand_over=lambda _pk: None
    )
    run = lifecycle.carry_out(run_id=run.pk, at=NOW, progress=at_the_second)
    assert (run.state, run.written) == (RunState.STOPPED, {"payments": 1})
    run = step(run, write=True, good_rows=True)
    assert (run.written, run.skipped) == ({"payments": 2}, {"payments": 1})
    assert notes(run)["payment_known"][0] == 1
    assert list(order.payments.order_by("amount").values_list("amount", flat=True)) == [
        5, 20, Decimal(second)]  # fmt: skip


def test_payment_that_is_refused_is_left_out(cashier):
    order, draft = orders.released("90.00"), orders.draft(credit.account("100.00"))
    rows = f"order,amount\n{order.number},40.00\n{draft.number},40.00\nSO-0,1\n"
    run = good_rows({"payments": rows}, cashier)
    assert (run.written, run.left_out) == ({"payments": 1}, {"payments": 2})
    assert sorted(run.problem_kinds) == ["refused", "unknown_order"]


@pytest.mark.parametrize("write", [good_rows, imported])
def test_payment_lets_events_that_waited_for_it_take_their_turn(
    cashier, write, django_capture_on_commit_callbacks
):
    order = orders.conditional(orders.failed("90.00"), orders.prepay("20"))
    back = {"lines": [{"position": 1, "quantity": "2"}], "reason": "damaged"}
    waiting = [
        goods.tell(order, EventKind.RETURNED, payload=back, by=superuser()).event,
        goods.tell(order, EventKind.SHIPPED).event,
    ]
    with django_capture_on_commit_callbacks(execute=True):
        run = write(paid(order, "20.00,2026-03-01"), cashier)
    assert (run.state, run.written) == (RunState.DONE, {"payments": 1}), run.read_problems
    states = [FulfilmentEvent.objects.get(pk=event.pk).state for event in waiting]
    assert states == [EventState.REFUSED, EventState.APPLIED]


@pytest.mark.parametrize("write", [good_rows, imported])
def test_refused_row_says_why_in_the_language_of_its_reader(cashier, write):
    draft = orders.draft(credit.account("100.00"))
    run = write({"payments": f"order,amount\n{draft.number},40.00\n"}, cashier)
    refusal = next(problem for problem in run.read_problems if problem.code == "refused")
    with override("en"):
        assert refusal.what == f"Order {draft.number} is draft and takes no payments."
    with override("zh-hans"):
        assert draft.number in refusal.what and "takes no payments" not in refusal.what


def test_file_of_bad_rows_says_why_in_the_language_of_who_imports(cashier):
    cashier.language = "zh-hans"
    cashier.save()
    draft = orders.draft(credit.account("100.00"))
    run = good_rows({"payments": f"order,amount\n{draft.number},40.00\n"}, cashier)
    with run.files.get().rejected.open() as file:
        assert b"takes no payments" not in file.read()


def test_shipments_of_existing_orders_go_out_and_arrive(keeper):
    order, sent = orders.released("90.00"), orders.shipped("90.00")
    day, later = NOW - timedelta(days=1), NOW
    rows = "".join(
        f"{each.number},{day:%Y-%m-%d %H:%M},{later:%Y-%m-%d %H:%M},DHL\n" for each in (order, sent)
    )
    run = imported({"shipments": f"order,shipped at,delivered at,carrier\n{rows}"}, keeper)
    assert run.written == {"shipments": 2}, run.read_problems
    states = Order.objects.filter(pk__in=[order.pk, sent.pk]).values_list("state", flat=True)
    assert set(states) == {OrderState.DELIVERED}


def test_orders_of_others_are_unknown_to_who_may_not_see_them(cashier):
    order = orders.released("90.00")
    cashier.groups.get().permissions.filter(codename="view_all_customers").delete()
    rows = f"order,amount\n{order.number},40.00\n"
    run = checked({"payments": rows}, fresh_person(cashier))
    assert run.problem_kinds == {"unknown_order": 1}
