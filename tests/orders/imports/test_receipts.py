"""Receipts of customers from files: what they pay, what is known already, what is refused."""

from datetime import date

import pytest

from credit.models import Receipt
from orders.imports.enums import RunState
from tests.factories import credit
from tests.factories.imports import checked, good_rows, imported
from tests.factories.staff import person
from tests.factories.traces import differing, everything

pytestmark = pytest.mark.django_db
HEAD = "customer code,amount,received on,bank reference,invoice number\n"


@pytest.fixture
def by():
    return person("finance")


@pytest.fixture
def account():
    account = credit.account(code="C1")
    credit.owed(account, "50.00", date(2026, 2, 1), number="R-1")
    credit.owed(account, "70.00", date(2026, 3, 20), number="R-2")
    return account


def received(*rows):
    return {"receipts": HEAD + "".join(f"{row}\n" for row in rows)}


def open_amounts(account):
    return dict(account.invoices.values_list("number", "open_amount"))


def notes(run):
    return {note["code"]: note["examples"] for note in run.notes}


@pytest.mark.parametrize("write", [imported, good_rows])
def test_receipts_pay_the_invoice_that_they_name_or_the_oldest(by, account, write):
    run = write(received("C1,20.00,2026-02-27,B-1,R-2", "C1,60.00,2026-02-28,B-2,"), by)
    assert (run.state, run.written) == (RunState.DONE, {"receipts": 2}), run.read_problems
    assert open_amounts(account) == {"R-1": 0, "R-2": 40}
    days = Receipt.objects.order_by("pk").values_list("received_on", "reference", "recorded_by")
    assert list(days) == [(date(2026, 2, 27), "B-1", by.pk), (date(2026, 2, 28), "B-2", by.pk)]
    assert not differing()


def test_receipt_of_more_than_its_invoice_keeps_the_rest(by, account):
    run = imported(received("C1,60.00,2026-02-27,B-1,R-1", "C1,5.00,2026-02-28,B-2,R-1"), by)
    assert notes(run) == {"over_invoice": ["R-1"]}
    assert open_amounts(account) == {"R-1": 0, "R-2": 70}
    assert list(Receipt.objects.order_by("pk").values_list("unallocated", flat=True)) == [10, 5]


def test_receipts_are_recorded_once_however_often_they_come(by, account):
    rows = received("C1,20.00,2026-02-27,B-1,", *["C1,5.00,2026-02-27,,"] * 2)
    assert imported(rows, by).written == {"receipts": 3}
    again = checked(rows, by)
    assert (again.found, again.skipped) == ({"receipts": 0}, {"receipts": 3})
    assert notes(again) == {"payment_known": ["C1: 5.00"]}
    more = imported(received("C1,5.00,2026-02-27,,"), by, payments_again=True)
    assert (more.written, notes(more)) == ({"receipts": 1}, {"payment_again": ["C1: 5.00"]})


def test_receipts_pay_invoices_of_the_same_import(by, account):
    invoices = "invoice no,customer,invoice date,amount\nR-9,C1,2026-02-01,30.00\n"
    run = imported({"invoices": invoices} | received("C1,30.00,2026-02-27,B-1,R-9"), by)
    assert (run.state, open_amounts(account)["R-9"]) == (RunState.DONE, 0), run.read_problems


def test_receipt_of_an_invoice_among_the_bad_rows_is_left_out(by, account):
    invoices = "invoice no,customer,invoice date,amount\nR-9,C1,2026-02-01,many\n"
    files = {"invoices": invoices} | received("C1,30.00,2026-02-27,B-1,R-9", "C1,1,2026-02-27,,")
    run = good_rows(files, by)
    assert (run.written, run.left_out) == ({"receipts": 1}, {"invoices": 1, "receipts": 1})


def test_receipts_are_told_by_the_name_of_the_customer(by, account):
    name = account.customer.name
    text = f"date,payer,amount,reference\n2026-02-27,{name},50.00,B-1\n"
    run = imported({"receipts": text}, by)
    assert (run.state, open_amounts(account)["R-1"]) == (RunState.DONE, 0), run.read_problems
    assert checked({"receipts": text}, by).skipped == {"receipts": 1}


def test_check_refuses_names_that_are_nobody_or_several(by, account):
    for code in ("C2", "C3"):
        credit.account(code=code, name="Twice Ltd")
    text = "date,payer,amount\n2026-02-27,Nobody,5\n2026-02-27,Twice Ltd,5\n2026-02-27,,5\n"
    run = checked({"receipts": text}, by)
    found = {problem.line: problem.code for problem in run.read_problems}
    assert found == {2: "unknown_payer", 3: "several_payers", 4: "no_payer"}
    assert "2 customers have this name" in str(run.read_problems[-1])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("C9,1,2026-02-27,,", "unknown_customer"),
        ("C1,0,2026-02-27,,", "nothing"),
        ("C1,-1,2026-02-27,,", "negative"),
        ("C1,1,2999-02-27,,", "future"),
        ("C1,1,,,", "missing_value"),
        ("C1,1,2026-02-27,,R-9", "unknown_invoice"),
        ("C1,1,2026-02-27,,OTHER", "unknown_invoice"),
        ("C1,1,2026-02-27,TAKEN,", "receipt_taken"),
        ("C1,1,2026-02-27,B-1,\nC1,2,2026-02-27,B-1,", "second_reference"),
    ],
)
def test_check_refuses(by, account, row, code):
    credit.owed(credit.account(code="C2"), "7.00", number="OTHER")
    imported(received("C1,3,2026-02-20,TAKEN,"), by)
    before = everything()
    run = imported(received(row), by)
    assert (run.state, set(run.problem_kinds)) == (RunState.REFUSED, {code})
    assert all(p.what and p.advice for p in run.read_problems)
    assert everything() == before


def test_check_refuses_another_currency(by, account):
    run = checked(received("C1,1,2026-02-27,,"), by, currency="USD")
    assert set(run.problem_kinds) == {"account_currency"}


def test_receipts_are_recorded_by_finance_only(account):
    rows = received("C1,1,2026-02-27,,")
    assert set(checked(rows, person("warehouse")).problem_kinds) == {"no_right"}
    assert checked(rows, person("finance")).state == RunState.READY
