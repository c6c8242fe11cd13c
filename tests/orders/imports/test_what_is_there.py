"""Rows about what is there already: limits, counts, payments and shipments of orders."""

from datetime import timedelta
from decimal import Decimal

import pytest

from approvals.models import ApprovalRequest
from credit.models import CreditLimit
from orders.enums import OrderState
from orders.imports.enums import RunState
from orders.models import Order, Payment, Stock, Warehouse
from staff.roles import Role
from tests.factories import credit, orders
from tests.factories.imports import checked, good_rows, imported
from tests.factories.moments import NOW
from tests.factories.staff import person

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


def test_payment_that_is_refused_is_left_out(cashier):
    order, draft = orders.released("90.00"), orders.draft(credit.account("100.00"))
    rows = f"order,amount\n{order.number},40.00\n{draft.number},40.00\nSO-0,1\n"
    run = good_rows({"payments": rows}, cashier)
    assert (run.written, run.left_out) == ({"payments": 1}, {"payments": 2})
    assert sorted(run.problem_kinds) == ["refused", "unknown_order"]


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
