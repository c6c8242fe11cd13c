"""What the database itself refuses, whoever writes and however."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from credit.enums import Bucket
from credit.models import CreditAccount, LedgerEntry
from tests.factories import credit, orders
from tests.factories.traces import balances

pytestmark = pytest.mark.django_db


def refused(sql, *params, match=None):
    with (
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, params)


@pytest.mark.parametrize("bucket", Bucket.values)
def test_balance_cannot_be_changed_without_the_ledger(bucket):
    order = orders.released()
    refused(f"UPDATE credit_creditaccount SET {bucket} = {bucket} + 1", match="through the ledger")
    assert balances(order.account) == {"reserved": "90.00"}


@pytest.mark.parametrize("bucket", Bucket.values)
def test_account_cannot_begin_with_a_balance(bucket):
    customer = credit.customer()
    with pytest.raises(DatabaseError, match="begins empty"), transaction.atomic():
        CreditAccount.objects.create(customer=customer, **{bucket: 1})


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE credit_ledgerentry SET amount = 1",
        "UPDATE credit_ledgerentry SET by_id = NULL",
        "DELETE FROM credit_ledgerentry",
    ],
)
def test_ledger_is_only_appended_to(sql):
    order = orders.released()
    refused(sql, match="Cannot update or delete")
    assert balances(order.account) == {"reserved": "90.00"}


@pytest.mark.parametrize(
    ("from_bucket", "to_bucket", "amount"),
    [
        ("", "reserved", "0"),
        ("", "reserved", "-1"),
        ("reserved", "reserved", "1"),
        ("", "", "1"),
        ("reserved", "", "90.01"),
        ("delivered", "paid", "0.01"),
    ],
)
def test_ledger_refuses_an_entry_that_cannot_be(from_bucket, to_bucket, amount):
    account = orders.released("90.00").account
    refused(
        "INSERT INTO credit_ledgerentry"
        " (account_id, at, movement, from_bucket, to_bucket, amount, order_id, document)"
        " VALUES (%s, now(), 'pay', %s, %s, %s, 1, '')",
        *(account.pk, from_bucket, to_bucket, amount),
    )
    assert balances(account) == {"reserved": "90.00"}


def test_ledger_written_by_raw_sql_moves_the_balances_too():
    account = credit.account()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO credit_ledgerentry"
            " (account_id, at, movement, from_bucket, to_bucket, amount, order_id, document)"
            " VALUES (%s, now(), 'reserve', '', 'reserved', 5, 1, ''),"
            " (%s, now(), 'pay', 'reserved', 'paid', 2, 1, '')",
            [account.pk, account.pk],
        )
    assert balances(account) == {"reserved": "3.00", "paid": "2.00"}


def test_account_with_a_ledger_cannot_be_deleted():
    account = orders.released().account
    with pytest.raises(ProtectedError):
        account.delete()
    assert LedgerEntry.objects.filter(account=account).exists()


def test_differing_from_ledger_finds_what_a_restore_got_wrong():
    right, wrong = orders.released().account, orders.released().account
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute("UPDATE credit_creditaccount SET paid = 1 WHERE id = %s", [wrong.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
    assert list(CreditAccount.objects.differing_from_ledger()) == [wrong]
    assert balances(right) == {"reserved": "90.00"}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE credit_creditlimit SET amount = NULL",
        "UPDATE credit_creditlimit SET amount = -1",
        "UPDATE credit_creditlimit SET kind = 'unlimited'",
        "UPDATE credit_creditlimit SET type = 'temporary'",
        "UPDATE credit_creditlimit SET valid_until = valid_from - 1",
        "UPDATE credit_creditlimit SET ended_at = now()",
        "UPDATE credit_customer SET status = 'blacklisted'",
        "UPDATE credit_policyversion SET content = '{}'",
        "UPDATE credit_policyversion SET number = 9",
        "DELETE FROM credit_policyversion",
        "UPDATE credit_segment SET limit_kind = 'amount', limit_amount = 5",
        "UPDATE credit_segment SET limit_kind = 'inherit'",
        "UPDATE credit_invoice SET open_amount = amount + 1",
        "UPDATE credit_invoice SET open_amount = -1",
        "UPDATE credit_invoice SET due_on = issued_on - 1",
    ],
)
def test_database_refuses_what_makes_no_sense(sql):
    orders.invoice(orders.submit(orders.draft(credit.account("100"))))
    refused(sql)
