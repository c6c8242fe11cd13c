"""The gate over two years of real invoices, against answers computed independently.

They lie beside the checkout and are no part of it; where they are missing the tests say so.
"""

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from credit.lifecycle import PastInvoice, import_invoices
from credit.models import CreditAccount, CreditLimit
from orders.backtest.sweep import judged
from tests.factories import credit
from tests.factories.moments import NOW
from tests.factories.staff import person
from tests.orders.backtest.contents import only

DATA = Path(settings.BASE_DIR).parent / "shared" / "data"
FILE = DATA / "ibm_ar" / "WA_Fn-UseC_-Accounts-Receivable.csv"
TIME = (date(2012, 1, 1), date(2013, 12, 31))
TODAY = date(2014, 6, 30)

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"real data is not in {DATA}")


def day(text):
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a day has no zone


@pytest.fixture(scope="module")
def expected():
    return json.loads((DATA / "expected" / "ibm_ar.json").read_text())


@pytest.fixture(scope="module")
def brought(django_db_setup, django_db_blocker):
    """Everything brought over once for all tests of this file, and taken back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield bring_over()
        transaction.set_rollback(True)


@pytest.fixture
def invoices(brought, db):
    return brought


def bring_over():
    with FILE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    owner, segment = credit.customer().owner, credit.segment()
    accounts = {
        code: credit.account("0.00", code=code, owner=owner, segment=segment)
        for code in sorted({row["customerID"] for row in rows})
    }
    items = [
        PastInvoice(
            account_id=accounts[row["customerID"]].pk,
            number=row["invoiceNumber"],
            amount=Decimal(row["InvoiceAmount"]),
            issued_on=day(row["InvoiceDate"]),
            due_on=day(row["DueDate"]),
            settled_on=day(row["SettledDate"]),
            disputed=row["Disputed"] == "Yes",
        )
        for row in rows
    ]
    return import_invoices(items=items, by=person("finance"), at=NOW)


def held(*contents):
    """The cases that each content holds."""
    found = [[] for _content in contents]
    for each in judged(contents, "orders", *TIME, TODAY):
        for place, judgement in enumerate(each.judgements):
            if judgement.held:
                found[place].append(each)
    return found


@pytest.mark.parametrize("limit", ["200", "300", "500"])
def test_backtest_holds_what_passes_a_limit(invoices, expected, limit):
    CreditLimit.objects.all().delete()
    credit.limits(CreditAccount.objects.all(), limit, valid_from=date(2000, 1, 1))
    (found,) = held(only("limit"))
    counted = [len(found), len({each.case.account.pk for each in found})]
    assert counted == expected["A3_credit_gate"]["held_if_limit"][limit]


def test_backtest_holds_what_is_overdue(invoices, expected):
    any_late, ten_days = held(
        only("overdue", disputed=True), only("overdue", disputed=True, days=10)
    )
    gate = expected["A3_credit_gate"]
    assert len(any_late) == gate["held_if_any_overdue_open_invoice"]
    assert len(ten_days) == gate["held_if_overdue_gt_10_days"]


def test_backtest_knows_what_was_paid_late(invoices, expected):
    late = [
        each.days_late
        for each in judged([only("limit")], "orders", *TIME, TODAY)
        if each.ending == "late"
    ]
    told = expected["A4_late"]
    assert (len(late), sum(late), max(late)) == (
        told["late_gt0"],
        told["sum_days"],
        told["max"],
    )
