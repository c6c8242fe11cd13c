"""Receivables from files: what is brought over, what is refused, what workbooks give."""

import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from credit.models import CreditAccount, Customer, Dispute, Invoice, Receipt
from orders.imports.problems import BadValue
from orders.imports.reading import BadLine, Sheet
from orders.imports.workbook import text
from orders.models import ImportRun
from tests.factories import credit
from tests.factories.imports import checked, imported
from tests.factories.staff import person
from tests.factories.traces import differing, everything

pytestmark = pytest.mark.django_db
HEAD = "invoice no,customer,invoice date,due date,amount,settled on,disputed,country\n"
ROWS = (
    "R-1,C1,2026-01-05,2026-02-04,100.00,2026-02-10,yes,CN\n"
    "R-2,C1,2026-02-05,,50.00,,yes,CN\n"
    "R-3,C1,2026-02-06,2026-03-08,25.00,,no,CN\n"
)


@pytest.fixture
def by():
    return person("administrator")


@pytest.fixture
def account():
    return credit.account(code="C1", payment_days=10)


def test_import_brings_open_and_settled_invoices(by, account):
    run = imported({"invoices": HEAD + ROWS}, by)
    assert (run.state, run.found) == ("done", {"invoices": 3})
    found = {i.number: (i.open_amount, i.settled_on, i.due_on) for i in Invoice.objects.all()}
    assert found == {
        "R-1": (0, date(2026, 2, 10), date(2026, 2, 4)),
        "R-2": (50, None, date(2026, 2, 15)),
        "R-3": (25, None, date(2026, 3, 8)),
    }
    account.refresh_from_db()
    assert (account.receivable, account.paid) == (75, 100)
    assert not differing()


def test_import_brings_what_settled_an_invoice_and_its_dispute(by, account):
    imported({"invoices": HEAD + ROWS}, by)
    made = Receipt.objects.get()
    told = (made.amount, made.unallocated, made.received_on, made.source, made.history)
    assert told == (100, 0, date(2026, 2, 10), "import", True)
    disputes = {d.invoice.number: d.outcome for d in Dispute.objects.select_related("invoice")}
    assert disputes == {"R-1": "settled", "R-2": ""}
    assert Invoice.objects.get(number="R-2").disputed_amount == 50


def test_import_twice_brings_nothing_new(by, account):
    imported({"invoices": HEAD + ROWS}, by)
    before = Invoice.objects.count()
    run = imported({"invoices": HEAD + ROWS}, by)
    assert (run.state, run.skipped) == ("done", {"invoices": 3})
    assert Invoice.objects.count() == before


OPEN_PARTS = (
    "invoice no,customer,invoice date,amount,open amount,paid amount,last paid on,settled on\n"
)


def parts(*rows):
    return {"invoices": OPEN_PARTS + "".join(f"{row}\n" for row in rows)}


def test_import_brings_partly_paid_invoices(by, account):
    rows = (
        "P-1,C1,2026-01-05,100.00,30.00,,2026-02-01,",
        "P-2,C1,2026-01-06,50.00,,20.00,,",
        "P-3,C1,2026-01-07,40.00,10.00,30.00,,",
        "P-4,C1,2026-01-08,25.00,0,,2026-02-02,",
        "P-5,C1,2026-01-09,5.00,,,,",
    )
    assert imported(parts(*rows), by).state == "done"
    found = {i.number: (i.amount, i.open_amount, i.settled_on) for i in Invoice.objects.all()}
    assert found == {
        "P-1": (100, 30, None),
        "P-2": (50, 30, None),
        "P-3": (40, 10, None),
        "P-4": (25, 0, date(2026, 2, 2)),
        "P-5": (5, 5, None),
    }
    account.refresh_from_db()
    assert (account.receivable, account.paid, differing()) == (75, 145, [])


def test_import_enters_part_payments_as_receipts_of_their_day(by, account):
    rows = ("P-1,C1,2026-01-05,100.00,30.00,,2026-02-01,", "P-2,C1,2026-01-06,50.00,,20.00,,")
    run = imported(parts(*rows), by)
    made = {r.external_id: (r.amount, r.unallocated, r.received_on) for r in Receipt.objects.all()}
    assert made == {
        "P-1": (70, 0, date(2026, 2, 1)),
        "P-2": (20, 0, run.created_at.date()),
    }


def test_import_disputes_what_is_open_of_a_partly_paid_invoice(by, account):
    text = (
        "invoice no,customer,invoice date,amount,open amount,disputed\nP-1,C1,2026-01-05,9,4,yes\n"
    )
    imported({"invoices": text}, by)
    invoice = Invoice.objects.get()
    assert (invoice.disputed_amount, Dispute.objects.get().amount) == (4, 4)


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ("10.00,10.01,,,", "part_over_amount"),
        ("10.00,,10.01,,", "part_over_amount"),
        ("10.00,4.00,5.99,,", "parts_differ"),
        ("10.00,4.00,,,2026-02-01", "settled_but_open"),
        ("10.00,0,,,", "settled_when"),
        ("10.00,,10.00,,", "settled_when"),
        ("10.00,4.00,,2026-01-01,", "before_issue"),
    ],
)
def test_import_refuses_parts_that_cannot_be(by, account, figures, code):
    before = everything()
    run = imported(parts(f"P-1,C1,2026-01-05,{figures}"), by)
    assert (run.state, set(run.problem_kinds)) == ("refused", {code})
    assert everything() == before


def test_import_of_open_amounts_alone_takes_them_as_the_amount(by, account):
    text = "invoice no,customer,invoice date,open amount\nP-1,C1,2026-01-05,9\n"
    imported({"invoices": text}, by)
    assert Invoice.objects.get().amount == 9


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("R-1,C1,2026-01-05,2026-01-04,100.00,,,", "before_issue"),
        ("R-1,C1,2026-01-05,2026-02-04,100.00,2026-01-04,,", "before_issue"),
        ("R-1,C1,2026-01-05,2026-02-04,0.00,,,", "nothing"),
        ("R-1,C1,2026-01-05,2026-02-04,-5,,,", "negative"),
        ("R-1,C1,2026-01-05,2026-02-04,1,2999-01-01,,", "future"),
        ("R-1,C1,2026-01-05,2026-02-04,1,,perhaps,", "bad_flag"),
        ("R-1,C9,2026-01-05,2026-02-04,1,,,", "unknown_customer"),
        (",C1,2026-01-05,2026-02-04,1,,,", "missing_value"),
        ("TAKEN,C1,2026-01-05,2026-02-04,1,,,", "invoice_taken"),
        ("R-1,C1,2026-01-05,2026-02-04,1,,,\nR-1,C1,2026-01-05,2026-02-04,1,,,", "duplicate"),
    ],
)
def test_import_refuses(by, account, row, code):
    credit.owed(account, "7.00", number="TAKEN")
    before = everything()
    run = imported({"invoices": f"{HEAD}{row}\n"}, by)
    assert (run.state, set(run.problem_kinds)) == ("refused", {code})
    assert everything() == before


def test_import_refuses_another_currency(by, account):
    run = imported({"invoices": HEAD + ROWS}, by, currency="USD")
    assert set(run.problem_kinds) == {"account_currency"}


def test_import_makes_customers_on_request(by):
    files = {"invoices": HEAD + ROWS.replace("C1", "NEW-1")}
    assert checked(files, by).state == "refused"
    run = imported(files, by, new_customers=True, currency="EUR")
    assert run.state == "done"
    found = Customer.objects.get(code="NEW-1")
    assert (found.account.currency, found.country, found.owner) == ("EUR", "CN", by)
    assert CreditAccount.objects.get().receivable == 75


def test_import_is_for_finance_and_administrators(account):
    finance = person("finance")
    assert imported({"invoices": HEAD + ROWS}, finance).state == "done"
    orders = "order id,customer code,order date\nA-1,C1,2026-01-05 10:00\n"
    run = imported({"orders": orders}, finance)
    assert set(run.problem_kinds) == {"no_right"}


def test_import_in_the_browser_is_open_to_finance(client):
    client.force_login(person("finance"))
    assert client.get(reverse("orders:imports")).status_code == 200
    client.force_login(person("sales"))
    assert client.get(reverse("orders:imports")).status_code == 403


def test_command_checks_unless_told_to_commit(by, account, tmp_path, capsys):
    file = tmp_path / "open.csv"
    file.write_text(HEAD + ROWS)
    call_command("import_receivables", file, by=by.username)
    assert "invoices: 3 new" in capsys.readouterr().out
    assert not Invoice.objects.exists()
    call_command("import_receivables", file, by=by.username, commit=True)
    assert Invoice.objects.count() == 3


def test_command_takes_a_mapping(by, account, tmp_path):
    file = tmp_path / "open.csv"
    file.write_text("No.,Who,Day,Sum\nR-1,C1,2026-01-05,12.30\n")
    mapping = ["number=No.", "customer=Who", "issued_on=Day", "amount=Sum"]
    call_command("import_receivables", file, by=by.username, commit=True, mapping=mapping)
    assert Invoice.objects.get().amount == Decimal("12.30")
    assert ImportRun.objects.get().state == "done"


CELL = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'
NUMBER = '<c r="{0}"><v>{1}</v></c>'
PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="Open" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}


def workbook(path, rows):
    """A workbook with one sheet of these rows, texts and numbers."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            (NUMBER if isinstance(value, int | float) else CELL).format(f"{letter}{number}", value)
            for letter, value in zip("ABCDEFGH", row, strict=False)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in (*PARTS.items(), ("xl/worksheets/sheet1.xml", sheet)):
            packed.writestr(name, content)
    return path


def test_workbook_reads_like_a_csv_file(tmp_path):
    rows = [["number", "amount"], ["R-1", 12.3], [], ["R-2", 40]]
    found = list(Sheet(workbook(tmp_path / "open.xlsx", rows)).rows())
    assert [(row.line, row.values) for row in found] == [
        (1, ["number", "amount"]),
        (2, ["R-1", "12.3"]),
        (4, ["R-2", "40"]),
    ]


def test_workbook_is_imported(by, account, tmp_path):
    rows = [
        ["invoice no", "customer", "invoice date", "amount"],
        ["R-1", "C1", "2026-01-05", 1234.56],
        ["R-2", "C1", "2026-01-06", 0.1],
    ]
    file = workbook(tmp_path / "open.xlsx", rows)
    call_command("import_receivables", file, by=by.username, commit=True)
    amounts = list(Invoice.objects.order_by("number").values_list("amount", flat=True))
    assert amounts == [Decimal("1234.56"), Decimal("0.10")]


@pytest.mark.parametrize("rows", [[], [[]]])
def test_workbook_without_rows_is_empty(tmp_path, rows):
    with pytest.raises(BadLine) as refused:
        list(Sheet(workbook(tmp_path / "open.xlsx", rows)).rows())
    assert refused.value.code == "empty_file"


def test_workbook_that_is_damaged_is_refused(tmp_path):
    path = tmp_path / "open.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.xml", "nothing")
    with pytest.raises(BadLine) as refused:
        list(Sheet(path).rows())
    assert refused.value.code == "bad_workbook"


def test_workbook_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("orders.imports.workbook.LARGEST_UNPACKED", 100)
    with pytest.raises(BadValue) as refused:
        list(Sheet(workbook(tmp_path / "open.xlsx", [["number"]])).rows())
    assert refused.value.code == "workbook_too_large"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (0.1, "0.1"),
        (3.0, "3"),
        (1234567.89, "1234567.89"),
        (1e16, "10000000000000000"),
        (True, "yes"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5), "2026-01-05"),  # noqa: DTZ001 - cells have no zone
        (datetime(2026, 1, 5, 9, 30), "2026-01-05 09:30:00"),  # noqa: DTZ001
        ("  R-1 ", "R-1"),
    ],
)
def test_cell_says_what_was_typed(cell, said):
    assert text(cell) == said
