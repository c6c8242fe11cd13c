"""Files and rows that cannot be imported: each is explained with its place, and nothing changes."""

from datetime import date

import pytest

from credit.models import Customer
from journal.models import Entry
from orders.imports.enums import RunState
from orders.imports.lifecycle import CannotImport
from orders.models import Order, Product
from staff.roles import Role
from tests.factories import credit, imports
from tests.factories.imports import FILES, checked

pytestmark = pytest.mark.django_db

HEADER = FILES["orders"].splitlines()[0]
GOOD = "A-1,C1,2026-01-05 10:00,delivered,2026-01-05 11:00,2026-01-06 09:00,2026-01-08 15:00"


def orders(*rows, header=HEADER):
    return {"orders": "\n".join([header, *rows]) + "\n"}


def lines(*rows):
    return {"lines": "\n".join(["order id,sku,qty,unit price", *rows]) + "\n"}


# what replaces the good files, choices, code, file, line, column
TABLE = {
    "empty file": ({"orders": b""}, {}, "empty_file", "orders.csv", 0, ""),
    "header only": (orders(), {}, "no_rows", "orders.csv", 1, ""),
    "excel": ({"orders": b"PK\x03\x04"}, {}, "not_csv", "orders.csv", 0, ""),
    "utf-16": ({"orders": FILES["orders"].encode("utf-16")}, {}, "not_csv", "orders.csv", 0, ""),
    "latin-1": (
        {"customers": "code,name\nC1,Café\nC2,x\n".encode("latin-1")},
        {},
        "bad_encoding",
        "customers.csv",
        2,
        "",
    ),
    "open quote": (orders(GOOD, '"A-2,C2'), {}, "open_quote", "orders.csv", 3, ""),
    "zero byte": (orders(GOOD, "A-2\0,C2"), {}, "nul_byte", "orders.csv", 3, ""),
    "duplicate header": (
        {"lines": "order id,sku,sku,unit price\nA-1,P1,P1,1\n"},
        {"columns": {"lines": {"order": "order id", "product": "sku", "price": "unit price"}}},
        "duplicate_header",
        "lines.csv",
        1,
        "",
    ),
    "missing column": (
        {"lines": "order id,sku\nA-1,P1\n"},
        {},
        "missing_column",
        "lines.csv",
        1,
        "",
    ),
    "gone column": (
        {},
        {"columns": {"payments": {"order": "order id", "amount": "sum"}}},
        "gone_column",
        "payments.csv",
        1,
        "",
    ),
    "column used twice": (
        {},
        {"columns": {"payments": {"order": "order id", "amount": "order id"}}},
        "column_twice",
        "payments.csv",
        1,
        "order id",
    ),
    "too few values": (orders(GOOD, "A-2,C2"), {}, "width", "orders.csv", 3, ""),
    "negative quantity": (
        lines("A-1,P1,-3,10.00", "A-2,P2,1,1"),
        {},
        "not_positive",
        "lines.csv",
        2,
        "qty",
    ),
    "huge price": (lines(f"A-1,P1,1,1{'0' * 30}"), {}, "too_big", "lines.csv", 2, "unit price"),
    "exponent": (lines("A-1,P1,1,1e3"), {}, "bad_number", "lines.csv", 2, "unit price"),
    "decimal comma": (lines('A-1,P1,1,"12,5"'), {}, "comma_number", "lines.csv", 2, "unit price"),
    "ambiguous date": (
        orders("A-1,C1,1/2/2026,,,,"),
        {},
        "date_unchosen",
        "orders.csv",
        2,
        "order date",
    ),
    "wrong date": (
        orders("A-1,C1,13/13/2025,,,,"),
        {"date_form": "m/d/Y"},
        "no_such_date",
        "orders.csv",
        2,
        "order date",
    ),
    "future": (orders("A-1,C1,2026-03-03,,,,"), {}, "future", "orders.csv", 2, "order date"),
    "no date": (orders("A-1,C1,,,,,"), {}, "missing_value", "orders.csv", 2, "order date"),
    "status": (
        orders("A-1,C1,2026-01-01,lost,,,"),
        {},
        "unknown_status",
        "orders.csv",
        2,
        "status",
    ),
    "delivered before shipped": (
        orders("A-1,C1,2026-01-01,,,2026-01-06,2026-01-05"),
        {},
        "before_shipping",
        "orders.csv",
        2,
        "delivered at",
    ),
    "delivered, not shipped": (
        orders("A-1,C1,2026-01-01,,,,2026-01-05"),
        {},
        "delivered_unshipped",
        "orders.csv",
        2,
        "delivered at",
    ),
    "order twice": (orders(GOOD, GOOD), {}, "duplicate", "orders.csv", 3, ""),
    "customer twice": (
        {"customers": "code,name\nC1,x\nC2,y\nC1,z\n"},
        {},
        "duplicate",
        "customers.csv",
        4,
        "",
    ),
    "unknown customer": (
        orders("A-1,C9,2026-01-01,,,,"),
        {},
        "unknown_customer",
        "orders.csv",
        2,
        "customer code",
    ),
    "no customer": (
        orders("A-1,,2026-01-01,,,,"),
        {},
        "no_customer",
        "orders.csv",
        2,
        "customer code",
    ),
    "unknown product": (lines("A-1,P9,1,1"), {}, "unknown_product", "lines.csv", 2, "sku"),
    "unknown order": (lines("A-9,P1,1,1"), {}, "unknown_order", "lines.csv", 2, "order id"),
    "no currency": ({}, {"currency": ""}, "no_currency", "orders.csv", 2, ""),
    "bad currency": (
        {"payments": "order id,amount,currency\nA-1,1,DUCAT\n"},
        {},
        "bad_currency",
        "payments.csv",
        2,
        "currency",
    ),
    "currency of the order": (
        {"payments": "order id,amount,currency\nA-1,1,USD\n"},
        {},
        "order_currency",
        "payments.csv",
        2,
        "currency",
    ),
    "currency of the account": (
        {"customers": "code,name,currency\nC1,x,EUR\nC2,y,CNY\n"},
        {},
        "no_rate",
        "orders.csv",
        2,
        "",
    ),
    "reference twice": (
        {"payments": "order id,amount,reference\nA-1,1,R1\nA-1,2,R1\n"},
        {},
        "second_reference",
        "payments.csv",
        3,
        "reference",
    ),
    "bad code": ({"customers": "code,name\nC 1,x\n"}, {}, "bad_code", "customers.csv", 2, "code"),
    "long name": (
        {"customers": f"code,name\nC1,{'x' * 201}\nC2,y\n"},
        {},
        "too_long",
        "customers.csv",
        2,
        "name",
    ),
    "new but shipped": ({}, {"history": False}, "new_with_events", "orders.csv", 2, "paid at"),
    "shipment twice": (
        {"shipments": "order id,shipped at\nA-2,2026-01-08\nA-2,2026-01-09\n"},
        {},
        "second_shipment",
        "shipments.csv",
        3,
        "order id",
    ),
}


def census():
    tables = (Customer, Product, Order, Entry)
    return [table.objects.count() for table in tables]


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_check_explains_bad_files_and_changes_nothing(ada, case):
    replaced, choices, code, file, line, column = case
    before = census()
    run = checked(FILES | replaced, ada, **choices)
    assert run.state == RunState.REFUSED
    found = [(p.code, p.file, p.line, p.column) for p in run.read_problems]
    assert (code, file, line, column) in found
    assert census() == before
    assert all(p.what and p.advice and "%(" not in str(p) for p in run.read_problems)


def test_check_does_not_blame_others_for_a_bad_row(ada):
    run = checked(FILES | orders("A-1,C1,nonsense,,,,", "A-2,C2,2026-01-01,,,,"), ada)
    assert [problem.code for problem in run.read_problems] == ["bad_date"]


def test_check_counts_all_problems_and_keeps_the_first(ada):
    rows = [f"A-{number},C9,nonsense,,,," for number in range(400)]
    run = checked(FILES | orders(*rows) | lines("A-1,P1,1,1") | _one_payment(), ada)
    assert run.problem_count == 800
    assert len(run.problems) == 300
    assert run.problem_kinds == {"bad_date": 400, "unknown_customer": 400}


def _one_payment():
    return {"payments": "order id,amount\nA-1,1\n"}


def test_check_refuses_lines_without_orders(ada):
    run = checked({"lines": FILES["lines"]}, ada)
    assert [problem.code for problem in run.read_problems] == ["no_orders"]


def test_check_names_the_rate_that_an_order_in_another_currency_misses(ada):
    account = credit.account(currency="EUR")
    rows = orders(f"A-1,{account.customer.code},2026-01-01,,,,", header=HEADER)
    run = checked(rows, ada)
    assert [problem.code for problem in run.read_problems] == ["no_rate"]
    assert "in EUR, and there is no exchange rate as of 2026-01-01" in run.read_problems[0].what


@pytest.mark.parametrize(
    ("pair", "day", "problems"),
    [
        (("CNY", "EUR"), date(2026, 1, 1), []),
        (("EUR", "CNY"), date(2025, 6, 1), []),
        (("CNY", "EUR"), date(2026, 1, 2), ["no_rate"]),
        (("CNY", "USD"), date(2026, 1, 1), ["no_rate"]),
    ],
)
def test_check_takes_a_rate_of_the_orders_day_or_before(ada, pair, day, problems):
    credit.exchange_rate(*pair, "0.125", day)
    account = credit.account(currency="EUR")
    rows = orders(f"A-1,{account.customer.code},2026-01-01,,,,", header=HEADER)
    run = checked(rows, ada)
    assert [problem.code for problem in run.read_problems] == problems


def test_check_refuses_a_customer_without_account(ada):
    customer = credit.customer()
    run = checked(orders(f"A-1,{customer.code},2026-01-01,,,,"), ada)
    assert [problem.code for problem in run.read_problems] == ["no_account"]


def test_check_refuses_a_number_that_another_order_has(ada):
    assert imports.imported(FILES, ada).state == RunState.DONE
    moved = FILES["orders"].replace("2026-01-05 10:00", "2026-01-04 10:00")
    run = checked(FILES | {"orders": moved}, ada)
    assert [problem.code for problem in run.read_problems] == ["taken"]
    assert Order.objects.get(external_id="A-1").number in run.read_problems[0].what


def test_check_refuses_new_orders_without_lines():
    seller = imports.person(Role.SALES_MANAGER, Role.ADMINISTRATOR)
    bare = orders("A-1,C1,2026-01-01,,,,", "A-2,C2,2026-01-01,,,,")
    files = {kind: FILES[kind] for kind in ("customers", "products")} | bare | lines("A-1,P1,1,1")
    run = checked(files, seller, history=False)
    assert [(p.code, p.line) for p in run.read_problems] == [("no_lines", 3)]


@pytest.mark.parametrize("count", [0, 11])
def test_upload_refuses_no_file_and_too_many(ada, count):
    with pytest.raises(CannotImport):
        imports.uploaded({f"orders{number}": "a\n1\n" for number in range(count)}, ada)


def test_upload_refuses_a_file_that_is_too_large(ada, monkeypatch):
    monkeypatch.setattr("orders.imports.lifecycle.files.LARGEST_FILE", 10)
    with pytest.raises(CannotImport, match="larger"):
        imports.uploaded(FILES, ada)
