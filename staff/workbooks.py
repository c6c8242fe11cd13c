"""Lists as XLSX workbooks: real figures and dates, and no text is ever a formula."""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from staff.sheets import Kind, Sheet

# What one worksheet holds, with the headings; more rows go on on another one.
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
# Spreadsheets keep so many digits of a figure; longer ones stay whole as texts.
MOST_DIGITS = 15
_BLOCK = 256 * 1024
_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.NUMBER: "General",
    Kind.DATE: "yyyy-mm-dd",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
    Kind.TEXT: "@",
}
_WIDTHS = {Kind.MONEY: 15, Kind.NUMBER: 10, Kind.DATE: 12, Kind.MOMENT: 20, Kind.TEXT: 22}
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def xlsx_blocks(sheet: Sheet, *, language: str, zone: tzinfo) -> Iterator[bytes]:
    """The bytes of a workbook, headed in `language`, times in `zone`.

    It is made in a temporary file, row by row, when the first block is asked for.
    """
    with TemporaryFile() as file:
        write(sheet, file, language=language, zone=zone)
        file.seek(0)
        while block := file.read(_BLOCK):
            yield block


def write(sheet: Sheet, file: IO[bytes], *, language: str, zone: tzinfo) -> None:
    """Write the workbook into a file, in memory that does not grow with the rows."""
    with Workbook(file, _OPTIONS) as workbook:
        bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = [workbook.add_format({"num_format": _FORMATS[c.kind]}) for c in sheet.columns]
        headings = sheet.headings(language)
        page = _page(workbook, sheet, headings, bold)
        row = 0
        for cells in sheet.cells(language, zone):
            if row + 1 == MOST_ROWS:
                _finish(page, row, sheet)
                page, row = _page(workbook, sheet, headings, bold), 0
            row += 1
            for place, (cell, dress) in enumerate(zip(cells, formats, strict=True)):
                _put(page, row, place, cell, dress)
        _finish(page, row, sheet)


def _page(workbook: Workbook, sheet: Sheet, headings: list[str], bold: Format) -> Worksheet:
    page = workbook.add_worksheet()
    for place, (heading, column) in enumerate(zip(headings, sheet.columns, strict=True)):
        page.set_column(place, place, _WIDTHS[column.kind])
        page.write_string(0, place, heading, bold)
    page.freeze_panes(1, 0)
    return page


def _finish(page: Worksheet, rows: int, sheet: Sheet) -> None:
    page.autofilter(0, 0, rows, len(sheet.columns) - 1)


def _put(page: Worksheet, row: int, place: int, cell: Any, dress: Format) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime | date):
        page.write_datetime(row, place, cell, dress)
    elif isinstance(cell, str):
        page.write_string(row, place, cell[:LONGEST_TEXT])
    elif _digits(cell) > MOST_DIGITS:
        page.write_string(row, place, str(cell))
    else:
        page.write_number(row, place, float(cell), dress)


def _digits(figure: int | float | Decimal) -> int:
    return 0 if isinstance(figure, float) else len(Decimal(figure).as_tuple().digits)
