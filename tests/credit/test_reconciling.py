import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection

from credit import lifecycle
from credit.models import CreditAccount, GroupExposure, Invoice, Receipt, ReconciliationRun
from credit.reconciling import compare
from exceptions.models import Ticket
from tests.factories import credit, orders, tickets
from tests.factories.moments import DAY, NOW
from tests.factories.staff import department, person, superuser

pytestmark = pytest.mark.django_db


def tamper(model, pk, **values):
    """Write past the triggers, as only somebody with the database in hand can."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        model.objects.filter(pk=pk).update(**values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def found():
    return [
        (d.what, d.account_id, d.part, str(d.expected), str(d.found)) for d in compare().differences
    ]


def grouped():
    """Two members of a group of two levels, with goods on the way and money owed."""
    top, middle, low = credit.account(), credit.account(), credit.account()
    for account, parent in ((low, middle), (middle, top)):
        lifecycle.join_group(
            account_id=account.pk, parent_id=parent.pk, reason="-", by=superuser(), at=NOW
        )
    orders.submit(orders.draft(low, "90.00"))
    return top, middle, low


def test_compare_finds_nothing_in_what_the_verbs_wrote():
    top, _, low = grouped()
    orders.completed()
    credit.allocated(credit.owed(low, "100.00"), "40.00")
    credit.credited(credit.owed(top, "30.00"), "10.00")
    result = compare()
    assert (result.found, result.differences) == (0, [])
    assert result.accounts == CreditAccount.objects.count() and result.entries > 5


def test_compare_names_the_bucket_of_an_account():
    order = orders.released("90.00")
    tamper(CreditAccount, order.account_id, reserved="80.00")
    assert found() == [("balance", order.account_id, "reserved", "90.00", "80.00")]


def test_compare_names_the_group_and_a_group_that_was_lost():
    top, middle, _low = grouped()
    tamper(GroupExposure, top.group_use.get().pk, used="1.00")
    middle.group_use.all().delete()
    assert found() == [
        ("group", top.pk, "", "90.00", "1.00"),
        ("group", middle.pk, "", "90.00", "0"),
    ]


def test_compare_names_the_invoice_and_what_its_account_owes():
    invoice = credit.owed(credit.account(), "100.00")
    tamper(Invoice, invoice.pk, open_amount="60.00")
    assert found() == [
        ("invoice", invoice.account_id, invoice.number, "100.00", "60.00"),
        ("receivable", invoice.account_id, "", "100.00", "60.00"),
    ]


def test_compare_names_the_receipt():
    receipt = credit.receipt(credit.account(), "10.00", reference="B7")
    tamper(Receipt, receipt.pk, unallocated="4.00")
    assert found() == [("receipt", receipt.account_id, "B7", "10.00", "4.00")]


def test_compare_tells_the_first_and_counts_all(monkeypatch):
    monkeypatch.setattr("credit.reconciling.TOLD", 2)
    for _ in range(3):
        tamper(CreditAccount, orders.released().account_id, reserved="1.00")
    result = compare()
    assert (result.found, len(result.differences)) == (3, 2)


def test_compare_is_one_statement(django_assert_num_queries):
    grouped()
    with django_assert_num_queries(1):
        compare()


def wrong_books():
    order = orders.released("90.00")
    tamper(CreditAccount, order.account_id, reserved="80.00")
    return order


def test_reconcile_keeps_what_it_found():
    order, by = wrong_books(), person("finance")
    run = lifecycle.reconcile(by=by, at=NOW)
    run.refresh_from_db()
    assert (run.found, run.by, run.accounts, run.entries) == (1, by, 1, 1)
    (kept,) = run.differences
    assert kept["customer"].startswith(order.customer.code)
    assert (kept["expected"], kept["found"]) == ("90.00", "80.00")
    assert CreditAccount.objects.get(pk=order.account_id).reserved == Decimal("80.00")


@pytest.mark.parametrize("role", ["sales", "sales_manager", "approver_1", "auditor", "warehouse"])
def test_reconcile_is_refused_without_the_right(role):
    with pytest.raises(PermissionDenied):
        lifecycle.reconcile(by=person(role), at=NOW)
    assert not ReconciliationRun.objects.exists()


def of_books():
    return Ticket.objects.filter(subject="books")


def test_reconcile_opens_one_ticket_and_no_second():
    wrong_books()
    for day in range(3):
        lifecycle.reconcile(by=None, at=NOW + day * DAY)
    ticket = of_books().get()
    assert (ticket.order, ticket.severity, ticket.department.code) == (None, "P1", "finance")
    assert (ticket.title, ticket.cleared_at) == ("Balances differ from the ledger", None)


def test_reconcile_clears_the_ticket_and_takes_it_back():
    order = wrong_books()
    lifecycle.reconcile(by=None, at=NOW)
    tamper(CreditAccount, order.account_id, reserved="90.00")
    lifecycle.reconcile(by=None, at=NOW + DAY)
    assert of_books().get().cleared_at == NOW + DAY
    tamper(CreditAccount, order.account_id, reserved="95.00")
    lifecycle.reconcile(by=None, at=NOW + 2 * DAY)
    assert of_books().get().cleared_at is None


def test_reconcile_opens_another_ticket_after_the_first_is_closed():
    wrong_books()
    lifecycle.reconcile(by=None, at=NOW)
    tickets.close(of_books().get(), by=person("finance", department=department("finance")), at=NOW)
    lifecycle.reconcile(by=None, at=NOW + DAY)
    assert of_books().count() == 2 and of_books().open().count() == 1


def test_reconcile_without_differences_opens_nothing():
    orders.released()
    assert lifecycle.reconcile(by=None, at=NOW).found == 0
    assert not of_books().exists()


def run(*arguments):
    out = StringIO()
    code = 0
    try:
        call_command("reconcile", *arguments, stdout=out)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue()


def test_command_ends_with_0_when_all_is_right():
    orders.released()
    code, text = run()
    assert code == 0 and "0 differences" in text
    assert ReconciliationRun.objects.count() == 1


def test_command_ends_with_1_and_says_what_differs():
    order = wrong_books()
    code, text = run()
    assert code == 1 and order.customer.code in text and "expected 90.00, kept 80.00" in text
    assert of_books().exists()


def test_command_prints_json_and_keeps_nothing_when_told_so():
    wrong_books()
    code, text = run("--json", "--fix-nothing")
    told = json.loads(text)
    assert code == 1 and told["found"] == len(told["differences"]) == 1
    assert not ReconciliationRun.objects.exists() and not of_books().exists()
