"""Every list leaves by the same menu, as it is shown and to those who may see it."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from journal.models import Entry
from staff.roles import Role
from tests.factories import credit, limit_changes, orders
from tests.factories.staff import person, superuser

pytestmark = pytest.mark.django_db

# The list, its file, and a role that may see it.
LISTS = [
    ("orders:list", "orders:export", Role.FINANCE),
    ("orders:holds", "orders:hold_export", Role.FINANCE),
    ("orders:products", "orders:products_export", Role.WAREHOUSE),
    ("orders:flags", "orders:flags_export", Role.WAREHOUSE),
    ("credit:customers", "credit:customers_export", Role.FINANCE),
    ("credit:promises", "credit:promises_export", Role.FINANCE),
    ("credit:expiring", "credit:expiring_export", Role.FINANCE),
    ("credit:scores", "credit:scores_export", Role.FINANCE),
    ("credit:invoices", "credit:invoices_export", Role.FINANCE),
    ("approvals:list", "approvals:export", Role.APPROVER_1),
    ("approvals:calibration", "approvals:calibration_export", Role.APPROVER_1),
    ("exceptions:tickets", "exceptions:export", Role.WAREHOUSE),
    ("exceptions:rules", "exceptions:rules_export", Role.FINANCE),
]


def as_role(role):
    client = Client()
    client.force_login(person(role), "django.contrib.auth.backends.ModelBackend")
    return client


def body(client, name, query=""):
    answer = client.get(reverse(name) + query)
    return answer, b"".join(answer.streaming_content)


def rows_of(client, name, query=""):
    text = body(client, name, query)[1].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(("page", "file", "role"), LISTS, ids=[page for page, *_ in LISTS])
def test_list_offers_its_file_in_both_forms(page, file, role):
    client = as_role(role)
    shown = client.get(reverse(page), {"view": "all"}).content.decode()
    assert f"{reverse(file)}?view=all&amp;as=xlsx" in shown
    text = body(client, file)[1].decode("utf-8-sig")
    answer, workbook = body(client, file, "?as=xlsx")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    head = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()[0]
    assert head == next(csv.reader(io.StringIO(text)))


def test_products_leave_with_costs_for_those_who_may_see_them():
    orders.product(cost="7.00", name="Bolt")
    assert rows_of(as_role(Role.FINANCE), "orders:products_export")[0]["Cost"] == "7.00"
    assert "Cost" not in rows_of(as_role(Role.WAREHOUSE), "orders:products_export")[0]


def test_customers_leave_as_they_are_narrowed():
    account, _other = credit.account("500.00", name="Acme"), credit.account("1.00", name="Other")
    (row,) = rows_of(as_role(Role.FINANCE), "credit:customers_export", "?q=acme")
    assert (row["Customer code"], row["Credit limit"]) == (account.customer.code, "500.00")


def test_customers_of_others_do_not_leave():
    credit.account("500.00")
    assert rows_of(as_role(Role.SALES), "credit:customers_export") == []


def test_approvals_leave_with_orders_and_changes_of_limits():
    order, change = orders.failed("90.00"), limit_changes.requested(credit.account("100.00"))
    found = rows_of(as_role(Role.APPROVER_1), "approvals:export", "?view=open")
    assert {row["Customer code"] for row in found} == {
        order.customer.code,
        change.limit_change.account.customer.code,
    }
    assert {row["Amount"] for row in found} >= {"90.00"}


def test_flags_leave_as_they_are_narrowed():
    orders.flag(orders.product(name="Bolt"), evidence="cracks")
    client = as_role(Role.WAREHOUSE)
    assert [row["Evidence"] for row in rows_of(client, "orders:flags_export")] == ["cracks"]
    assert rows_of(client, "orders:flags_export", "?view=lifted") == []


def test_journal_leaves_for_auditors_as_it_is_narrowed():
    order = orders.released("90.00")
    client = as_role(Role.AUDITOR)
    name = "admin:journal_entry_export"
    assert len(rows_of(client, name)) == Entry.objects.count()
    found = rows_of(client, name, f"?q={order.pk}&as=csv")
    assert str(order.pk) in {row["Order"] for row in found}


def test_journal_does_not_leave_for_others():
    client = Client()
    client.force_login(superuser(), "django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("admin:journal_entry_export")).status_code == 200
    assert as_role(Role.SALES).get(reverse("admin:journal_entry_export")).status_code != 200
