"""Reading the first sheet of an XLSX workbook as the rows of texts that a CSV file would give."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from orders.imports.problems import BadValue

# Unpacked, a workbook is many times its size: what fits into memory, and no bomb does.
LARGEST_UNPACKED = 512 * 1024 * 1024


def is_workbook(path: Path) -> bool:
    """Whether the file is an XLSX workbook, whatever its name says."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        return "xl/workbook.xml" in packed.namelist()


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that is not blank.

    Dates come as year-month-day and figures with a decimal point, whatever the cells look like.
    Raises BadValue for a workbook that is damaged, protected or too large.
    """
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
            raise BadValue("too_large", most=LARGEST_UNPACKED // 1024**2)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            values = [text(cell) for cell in cells]
            if any(values):
                yield number, values
    except (CalamineError, IndexError) as error:
        raise BadValue("bad_workbook") from error


def text(cell: Any) -> str:
    """What a cell says, as it would be written into a CSV file."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        # 12.30 is kept as the nearest binary fraction; repr gives back what was typed.
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time.min else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time | timedelta):
        return str(cell)
    return str(cell).strip()
