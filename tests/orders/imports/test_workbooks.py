"""Workbooks and their protection, by what a file holds and not by its name."""

import struct
import zipfile

import pytest
from xlsxwriter import Workbook

from orders.imports import workbook
from orders.imports.problems import BadValue
from orders.imports.reading import BadLine, Sheet
from tests.factories.imports import importer, uploaded

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


def book(path, **tabs):
    with Workbook(str(path)) as made:
        for name, rows in tabs.items():
            page = made.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


def test_rows_are_those_of_the_chosen_sheet(tmp_path):
    path = book(tmp_path / "a.xlsx", First=[["sku"], ["P1"]], Second=[["code"], ["C1"]])
    assert Sheet(path).tabs() == ["First", "Second"]
    assert [row.values for row in Sheet(path, tab="Second").rows()] == [["code"], ["C1"]]
    assert [row.values for row in Sheet(path).rows()] == [["sku"], ["P1"]]


def test_rows_refuse_a_sheet_that_is_not_there(tmp_path):
    with pytest.raises(BadLine) as refused:
        list(Sheet(book(tmp_path / "a.xlsx", First=[["sku"]]), tab="Third").rows())
    assert refused.value.code == "bad_workbook"


def test_formula_is_its_value(tmp_path):
    with Workbook(str(tmp_path / "a.xlsx")) as made:
        page = made.add_worksheet()
        page.write_row(0, 0, ["sku", "price"])
        page.write_string(1, 0, "=1+1")
        page.write_formula(1, 1, "=2+3", None, 5)
    assert [row.values for row in Sheet(tmp_path / "a.xlsx").rows()][1] == ["=1+1", "5"]


def bomb(path, *, honest):
    """A workbook with a part that unpacks to four megabytes; it may say it is small."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/media/x", b"\0" * 4 * 1024**2)
    if not honest:
        body = path.read_bytes()
        path.write_bytes(body.replace(struct.pack("<L", 4 * 1024**2), struct.pack("<L", 10)))
    return path


@pytest.mark.parametrize("honest", [True, False])
def test_bomb_is_refused_whatever_it_says_of_itself(tmp_path, monkeypatch, honest):
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 1024**2)
    with pytest.raises(BadValue) as refused:
        list(workbook.rows(bomb(tmp_path / "a.xlsx", honest=honest)))
    assert refused.value.code == "workbook_too_large"


@pytest.mark.parametrize(
    ("body", "found"),
    [(PNG, "PNG"), (b"%PDF-1.7\n", "PDF"), (b"ID3\x04\x00\x00\x00\x00", "MP3")],
)
def test_rows_name_what_the_file_is(tmp_path, body, found):
    path = tmp_path / "orders.csv"
    path.write_bytes(body)
    with pytest.raises(BadLine) as refused:
        list(Sheet(path).rows())
    assert (refused.value.code, refused.value.figures["found"]) == ("not_csv", found)


@pytest.mark.parametrize("header", ["BM,name", "ID3,name", "GIF,x", "MZ,x", "FWS,x"])
def test_rows_take_a_text_that_begins_like_something_else(tmp_path, header):
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n1,2\n")
    assert [row.values for row in Sheet(path).rows()][1] == ["1", "2"]


@pytest.mark.django_db
def test_upload_offers_the_sheets(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    path = book(tmp_path / "a.xlsx", Products=[["sku", "name"], ["P1", "x"]], Notes=[["a"]])
    run = uploaded({"products": path.read_bytes()}, importer())
    file = run.files.get()
    assert (file.tabs, file.tab, file.kind) == (["Products", "Notes"], "Products", "products")
