from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from credit.models import CreditAccount, Customer
from journal.models import Entry
from orders.enums import Source
from orders.imports.enums import RunState
from orders.models import Order, Product
from tests.factories import credit, imports
from tests.factories.imports import FILES, imported
from tests.factories.moments import NOW
from tests.factories.traces import differing

pytestmark = pytest.mark.django_db

TMALL = (
    "订单编号,总金额,买家实际支付金额,收货地址 ,订单创建时间,订单付款时间 ,退款金额\n"
    "1,178.8,0.0,上海,2020-02-21 00:00:00,,0.0\n"
    "2,21.0,21.0,内蒙古自治区,2020-02-20 23:59:54,2020-02-21 00:00:02,0.0\n"
    "5,64.8,0.0,江苏省,2020-02-20 23:57:04,2020-02-20 23:57:11,64.8\n"
)


def order(number):
    return Order.objects.get(external_id=number)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_write_brings_an_order_through_its_life_at_its_own_times(ada):
    assert imported(FILES, ada).state == RunState.DONE
    first = order("A-1")
    assert (first.state, first.history, first.source) == ("delivered", True, Source.IMPORT)
    assert first.submitted_at == first.created_at == first.approved_at == utc(2026, 1, 5, 10)
    assert first.paid_at == utc(2026, 1, 5, 11)
    assert first.shipped_at == utc(2026, 1, 6, 9)
    assert first.delivered_at == utc(2026, 1, 8, 15)
    assert (first.total, first.paid_amount) == (Decimal("34.50"), Decimal("34.50"))


def test_write_journals_each_step_at_its_time(ada):
    imported(FILES, ada)
    told = Entry.objects.filter(order_id=order("A-1").pk).order_by("at", "id")
    assert [(entry.action, entry.at, entry.by) for entry in told] == [
        ("order.created", utc(2026, 1, 5, 10), ada),
        ("order.submitted", utc(2026, 1, 5, 10), ada),
        ("order.credit_failed", utc(2026, 1, 5, 10), ada),
        ("order.approved", utc(2026, 1, 5, 10), ada),
        ("order.paid", utc(2026, 1, 5, 11), ada),
        ("order.shipped", utc(2026, 1, 6, 9), ada),
        ("order.delivered", utc(2026, 1, 8, 15), ada),
    ]


def test_write_keeps_accounts_equal_to_their_ledger(ada):
    imported(FILES, ada)
    account = CreditAccount.objects.get(customer__code="C1")
    assert (account.paid, account.used) == (Decimal("34.50"), 0)
    assert not CreditAccount.objects.differing_from_ledger().exists()


def test_write_makes_customers_and_products(ada):
    run = imported(FILES, ada, payment_days=14)
    customer = Customer.objects.get(code="C2")
    assert (customer.name, customer.owner, customer.payment_days) == ("北京公司", ada, 14)
    assert customer.ship_to_address == "北京"
    product = Product.objects.get(sku="P1")
    assert [(p.currency, p.price, p.cost) for p in product.prices.all()] == [
        ("CNY", Decimal("10.00"), None)
    ]
    assert run.found == {"customers": 2, "products": 2, "orders": 2, "lines": 2, "payments": 1}


def test_write_takes_freight_as_a_line_of_its_own(ada):
    imported(FILES, ada)
    assert [(line.product.sku, line.net) for line in order("A-1").lines.all()] == [
        ("P1", Decimal("30.00")),
        ("FREIGHT", Decimal("4.50")),
    ]


def test_write_prices_a_product_as_first_sold_where_its_file_is_silent(ada):
    imported(FILES | {"products": "sku,category\nP1,bolts\nP2,nuts\n"}, ada)
    product = Product.objects.get(sku="P2")
    assert product.name == "nuts"
    assert product.prices.get().price == Decimal("2.50")


@pytest.mark.parametrize(
    ("row", "state", "note"),
    [
        ("A-1,C1,2026-01-05,canceled,,,", "cancelled", "cancelled_now"),
        ("A-1,C1,2026-01-05,canceled,,2026-01-06,", "shipped", "cancelled_shipped"),
        ("A-1,C1,2026-01-05,shipped,,,", "approved", "shipped_without_time"),
        ("A-1,C1,2026-01-05,delivered,,2026-01-06,", "shipped", "delivered_without_time"),
        ("A-1,C1,2026-01-05,shipped,,2026-01-04,", "shipped", "shipped_before_ordered"),
    ],
)
def test_write_notes_what_it_does_differently(ada, row, state, note):
    header = FILES["orders"].splitlines()[0]
    files = {"customers": FILES["customers"], "orders": f"{header},total\n{row},20\n"}
    run = imported(files, ada)
    assert order("A-1").state == state
    assert note in [told["code"] for told in run.notes]


def test_write_cancels_now_where_the_file_gives_no_time(ada):
    header = "order id,customer,order date,status,total,cancelled at"
    rows = ["A-1,C1,2026-01-05,canceled,20,", "A-2,C1,2026-01-05,canceled,20,2026-01-09"]
    imported(FILES | {"orders": "\n".join([header, *rows])} | _no_parts(), ada)
    assert order("A-1").closed_at == NOW
    assert order("A-2").closed_at == utc(2026, 1, 9)


def _no_parts():
    return {
        "lines": "order id,sku,unit price\nA-1,P1,1\n",
        "payments": "order id,amount\nA-1,0\n",
    }


def test_write_brings_an_order_without_lines(ada):
    header = FILES["orders"].splitlines()[0]
    row = "A-1,C1,2026-01-05 10:00,unavailable,2026-01-05 11:00,,"
    run = imported({"customers": FILES["customers"], "orders": f"{header}\n{row}\n"}, ada)
    assert (order("A-1").total, order("A-1").paid_at) == (0, utc(2026, 1, 5, 11))
    assert {note["code"] for note in run.notes} == {
        "no_lines",
        "paid_without_amount",
        "cancelled_now",
    }


@pytest.mark.parametrize("paid", ["34.49", "34.51"])
def test_write_counts_an_order_as_paid_when_the_source_does(ada, paid):
    run = imported(FILES | {"payments": f"order id,amount\nA-1,{paid}\n"}, ada)
    assert order("A-1").paid_at == utc(2026, 1, 5, 11)
    assert "paid_differs" in [note["code"] for note in run.notes]
    assert CreditAccount.objects.get(customer__code="C1").used == 0


def test_write_records_payments_at_their_own_times(ada):
    body = "order id,amount,date,method\nA-2,10,2026-01-08,alipay\nA-2,15,2026-01-09,beads\n"
    imported(FILES | {"payments": body}, ada)
    payments = order("A-2").payments.order_by("at")
    assert [(p.amount, p.at, p.method) for p in payments] == [
        (10, utc(2026, 1, 8), "wallet"),
        (15, utc(2026, 1, 9), "other"),
    ]
    assert order("A-2").paid_at == utc(2026, 1, 9)


def test_write_takes_shipments_from_a_file_of_their_own(ada):
    body = "order id,shipped at,delivered at,carrier,waybill\nA-2,2026-01-08,2026-01-09,SF,W1\n"
    imported(FILES | {"shipments": body}, ada)
    assert (order("A-2").state, order("A-2").shipments.get().carrier) == ("delivered", "SF")
    assert order("A-2").delivered_at == utc(2026, 1, 9)


def test_write_brings_orders_without_customers_and_products(ada):
    run = imported(
        {"orders": TMALL}, ada, customer_code="TMALL", customer_name="Tmall consumers",
        time_zone="Asia/Shanghai",
    )  # fmt: skip
    assert run.state == RunState.DONE
    unpaid, paid, refunded = (order(number) for number in ("1", "2", "5"))
    assert (unpaid.total, unpaid.paid_at) == (Decimal("178.80"), None)
    assert paid.ship_to_address == "内蒙古自治区"
    assert paid.paid_at == utc(2020, 2, 20, 16, 0, 2)
    assert refunded.paid_amount == Decimal("64.80")
    assert "64.8" in refunded.note
    assert Customer.objects.get(code="TMALL").name == "Tmall consumers"


def test_write_sends_new_orders_through_the_gate(ada):
    seller = imports.person("administrator", "sales_manager")
    body = "order id,customer,order date\nA-1,C1,2026-01-05\nA-2,C2,2026-01-05\n"
    files = {kind: FILES[kind] for kind in ("customers", "products", "lines")} | {"orders": body}
    run = imported(files, seller, history=False)
    assert run.state == RunState.DONE
    assert (order("A-1").state, order("A-1").submitted_at) == ("credit_failed", NOW)
    assert not order("A-1").history


def test_write_leads_an_order_in_another_currency_through_at_the_rate_of_its_day(ada):
    for day, worth in (((2026, 1, 4), "0.5"), ((2026, 1, 6), "0.9")):
        credit.exchange_rate("CNY", "EUR", worth, date(*day))
    account = credit.account("1000.00", currency="EUR", code="C9")
    run = imported(FILES | {"orders": FILES["orders"].replace("C1", "C9")}, ada)
    assert run.state == RunState.DONE
    first = order("A-1")
    assert (first.currency, first.rate, first.unpaid) == ("CNY", Decimal("0.5"), 0)
    account.refresh_from_db()
    assert account.paid == Decimal("17.25") and not differing()


def test_write_of_new_orders_leaves_nothing_when_one_is_refused():
    seller = imports.person("administrator", "sales_manager", "credit_analyst")
    huge = ",P1,500001,9999999999.99\n"  # two of them are more than an account can hold
    files = {kind: FILES[kind] for kind in ("customers", "products")} | {
        "orders": "order id,customer,order date\nA-1,C1,2026-01-05\nA-2,C1,2026-01-06\n",
        "lines": f"order id,sku,qty,unit price\nA-1{huge}A-2{huge}",
    }
    run = imported(files, seller, history=False, limit_kind="unlimited")
    assert run.state == RunState.REFUSED
    assert [(problem.code, problem.line) for problem in run.read_problems] == [("refused", 3)]
    assert not Order.objects.exists()
