"""Files in and out, as people meet them: bad rows are corrected, lists opened in a spreadsheet."""

import csv

import pytest
from django.db import transaction
from python_calamine import CalamineWorkbook

from config import data_folder
from orders.imports.lifecycle import delete_files
from orders.models import ImportRun, Product
from tests.factories import orders
from tests.factories.staff import person
from tests.journeys.worker import worker

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 90_000  # milliseconds: the page asks every two seconds, and a worker has to start first
ROWS = "sku,name,price,currency\nP-1,Bolt,1.50,CNY\nP-2,Nut,x,CNY\nP-3,=1+1,2.00,CNY\n"


@pytest.fixture(autouse=True)
def _uploads_that_the_worker_finds(settings):
    settings.MEDIA_ROOT = data_folder.path() / "media"
    yield
    for run in ImportRun.objects.all():
        with transaction.atomic():
            delete_files(run)


def uploads(desk, path):
    """The file, chosen and checked with the columns as they were recognised."""
    page = desk.page
    desk.go("orders:import_new")
    page.set_input_files("[name=uploads]", path)
    page.get_by_role("button", name="Upload files").click()
    page.get_by_role("button", name="Check files").click()


def taken_home(page, link, folder):
    """The file behind a link, saved."""
    with page.expect_download() as waited:
        link.click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


def corrects(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 2
    assert "This is not a number." in rows[1][-1]
    rows[1][rows[0].index("price")] = "2.50"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def test_bad_rows_are_taken_home_corrected_and_imported(sit_down, live_server, tmp_path):
    desk = sit_down(live_server, person("administrator"))
    path = tmp_path / "products.csv"
    path.write_text(ROWS)
    with worker(tmp_path / "worker.log"):
        uploads(desk, path)
        page = desk.page
        page.get_by_text("This is not a number.").first.wait_for(timeout=SOON)
        assert desk.axe() == []
        bad = taken_home(page, page.get_by_role("link", name="products.csv"), tmp_path)
        page.get_by_role("button", name="Import the 2 good rows").click()
        page.get_by_text("The good rows were imported").wait_for(timeout=SOON)
        corrects(bad)
        uploads(desk, bad)
        page.get_by_role("button", name="Import everything").click(timeout=SOON)
        page.get_by_text("Everything was imported.").wait_for(timeout=SOON)
    assert list(Product.objects.order_by("sku").values_list("sku", "name")) == [
        ("P-1", "Bolt"), ("P-2", "Nut"), ("P-3", "=1+1")]  # fmt: skip
    assert desk.troubles == []


def test_list_is_opened_in_a_spreadsheet_as_it_is_shown(sit_down, live_server, tmp_path):
    for name in ("Bolt", "=1+1"):
        orders.product(name=name)
    desk = sit_down(live_server, person("warehouse"))
    desk.go("orders:products", query="?q=1%2B1")
    page = desk.page
    page.get_by_text("Export", exact=True).click()
    path = taken_home(page, page.get_by_role("link", name="Excel workbook"), tmp_path)
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert "Cost" not in header
    assert [row[header.index("Product")] for row in rows] == ["=1+1"]
    assert desk.troubles == []
