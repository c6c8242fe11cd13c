"""Lists as files: what comes out of them again is what went in, and none of it is a formula."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from staff import workbooks
from staff.sheets import MARK, Column, Kind, Sheet, csv_lines, safe, unsafe
from staff.workbooks import xlsx_blocks

HOW = {"language": "en", "zone": ZoneInfo("Asia/Shanghai")}
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Everything that a database keeps, with more of what spreadsheets stumble over.
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
AWKWARD = st.sampled_from([*"=+-@\"',;\n", "\r\n", "=1+1", "订单，编号", "🧾👩‍👩‍👧", "'=x", "007"])
CELLS = st.one_of(TEXTS, AWKWARD, st.builds(str.__add__, AWKWARD, TEXTS))
COLUMNS = (
    Column("Name", "name"),
    Column("Total", "total", Kind.MONEY),
    Column("Pieces", "pieces", Kind.NUMBER),
    Column("Day", "day", Kind.DATE),
    Column("When", "at", Kind.MOMENT),
    Column("Held", "held"),
)


def row(**values):
    usual = {
        "name": "Bolt",
        "total": Decimal("1234.50"),
        "pieces": 3,
        "day": date(2026, 3, 1),
        "at": datetime(2026, 3, 1, 20, 30, tzinfo=UTC),
        "held": True,
    }
    return SimpleNamespace(**usual | values)


def as_csv(sheet):
    return list(csv.reader(io.StringIO("".join(csv_lines(sheet, **HOW)).removeprefix(MARK))))


def as_bytes(sheet):
    return b"".join(xlsx_blocks(sheet, **HOW))


def as_xlsx(sheet):
    return CalamineWorkbook.from_filelike(io.BytesIO(as_bytes(sheet)))


@given(st.lists(CELLS, min_size=1, max_size=5))
@example(["=cmd|'/c calc'!A1"])
def test_csv_gives_back_every_text_and_no_formula(texts):
    sheet = Sheet("x", [Column("Text", "name")], [row(name=text) for text in texts])
    found = [cells[0] if cells else "" for cells in as_csv(sheet)[1:]]
    assert not any(cell.startswith(FORMULA) for cell in found)
    # What looks like something made safe comes back without its apostrophe, as spreadsheets do it.
    assert [unsafe(cell) for cell in found] == [unsafe(text) for text in texts]


@given(st.lists(CELLS.filter(lambda text: text.isprintable()), min_size=1, max_size=3))
def test_xlsx_gives_back_every_text_and_no_formula(texts):
    sheet = Sheet("x", [Column("Text", "name")], [row(name=f"x{text}") for text in texts])
    assert as_xlsx(sheet).get_sheet_by_index(0).to_python()[1:] == [[f"x{t}"] for t in texts]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "http://example.com", "1e5", "007", "订单🧾"])
def test_xlsx_keeps_texts_as_texts(text):
    made = as_bytes(Sheet("x", [Column("Text", "name")], [row(name=text)]))
    page = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "hyperlink" not in page
    assert CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()[
        1
    ] == [text]


def test_xlsx_has_real_figures_and_days():
    cells = as_xlsx(Sheet("x", COLUMNS, [row()])).get_sheet_by_index(0).to_python()[1]
    moment = datetime(2026, 3, 2, 4, 30)  # noqa: DTZ001 - as Shanghai's clocks say it
    assert cells == ["Bolt", 1234.5, 3.0, date(2026, 3, 1), moment, "yes"]


def test_xlsx_keeps_a_figure_that_is_too_long_whole():
    total = Decimal("1234567890123456.78")
    cells = as_xlsx(Sheet("x", COLUMNS, [row(total=total)])).get_sheet_by_index(0).to_python()[1]
    assert cells[1] == "1234567890123456.78"


def test_xlsx_begins_another_page_where_one_is_full(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    book = as_xlsx(Sheet("x", [Column("Name", "name")], [row(name=str(n)) for n in range(5)]))
    pages = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert pages == [[["Name"], ["0"], ["1"]], [["Name"], ["2"], ["3"]], [["Name"], ["4"]]]


def test_csv_is_the_same_in_every_zone_and_language():
    sheet = Sheet("x", COLUMNS, [row(), row(name=None, total=None, day=None, at=None)])
    assert as_csv(sheet)[1:] == [
        ["Bolt", "1234.50", "3", "2026-03-01", "2026-03-02 04:30:00", "yes"],
        ["", "", "3", "", "", "yes"],
    ]
    assert "是" in "".join(csv_lines(sheet, language="zh-hans", zone=HOW["zone"]))


def test_sheet_reads_no_more_rows_than_it_sends():
    read = []
    rows = (read.append(n) or row() for n in range(10_000))
    lines = csv_lines(Sheet("x", COLUMNS, rows), **HOW)
    assert [next(lines) for _ in range(3)]
    assert len(read) <= 1000


@pytest.mark.parametrize("value", [Decimal("-5.00"), -5, date(2026, 1, 1)])
def test_safe_leaves_figures_alone(value):
    assert safe(value) == str(value)
